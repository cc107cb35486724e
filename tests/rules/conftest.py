"""Samples and small builders for the rules' tests."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rules.events import Event, parse
from rules.folding import fold

SAMPLES = Path(__file__).parents[1] / "samples" / "aircall_webhooks"


def _load(name):
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def _event(name, arrived=1_790_000_300_000, source="webhook", **changed):
    delivery = _load(name)
    delivery["data"] |= changed
    envelope = {"arrived": arrived, "revision": 3, "source": source, "event": delivery}
    event = parse(envelope)
    assert isinstance(event, Event), event
    return event


@pytest.fixture(scope="session")
def sample():
    """The delivery of a sample file, by its name without `.json`."""
    return _load


@pytest.fixture(scope="session")
def event():
    """A sample, parsed; keywords change fields of its data."""
    return _event


@pytest.fixture(scope="session")
def interaction():
    """A sample, parsed and folded; keywords change fields of its data."""
    return lambda name, **changed: fold(None, [_event(name, **changed)])
