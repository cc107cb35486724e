"""Worlds with a clock that tests turn, asked in-process."""

import json
from base64 import b64encode
from pathlib import Path

import pytest

from sandbox.aircall.world import AircallWorld
from sandbox.hubspot import definitions
from sandbox.hubspot.world import HubSpotWorld
from sandbox.server import Sandbox

NOW = 1_790_000_000.0


class Hands:
    """A clock that stands still until somebody turns it; seconds."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now

    def turn(self, seconds):
        self.now += seconds


class Asker:
    """Asks a world in-process with its credentials: ask("GET", "/path", body, limit="1")."""

    def __init__(self, world, authorization):
        self.world = world
        self.headers = {"Authorization": authorization, "Content-Type": "application/json"}

    def __call__(self, method, path, body=None, **query):
        raw = b"" if body is None else json.dumps(body).encode()
        return self.world.handle(method, path, query, self.headers, raw)


@pytest.fixture
def hands():
    return Hands()


@pytest.fixture
def hubspot(hands):
    return HubSpotWorld(hands)


@pytest.fixture
def aircall(hands):
    return AircallWorld(hands)


@pytest.fixture
def ask(hubspot):
    return Asker(hubspot, "Bearer sandbox-hubspot-token")


@pytest.fixture
def ask_aircall(aircall):
    pair = b64encode(b"sandbox-id:sandbox-token").decode()
    return Asker(aircall, f"Basic {pair}")


@pytest.fixture(scope="session")
def listening():
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def served(listening):
    listening.reset()
    return listening


@pytest.fixture
def make_unique(hubspot):
    """Return a function that adds a unique text property to a type."""

    def make(kind, name):
        definitions.make_unique(hubspot.portal, kind, name)

    return make


@pytest.fixture
def samples():
    """Return the folder of the payload samples."""
    return Path(__file__).parents[1] / "samples" / "aircall_webhooks"
