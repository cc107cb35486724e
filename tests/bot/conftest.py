"""Fixtures of the bot's tests: one team, one connection, everything emptied per test."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

import bot.asking.desk
import bot.modals.opening
import worker.jobs
from sandbox.server import Sandbox
from store.welcome import Welcome, Welcomes
from tests.bot.team import APP_TOKEN, BOT_TOKEN, Team, file_with


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slack(**values): `[slack]` of settings.toml in this test")


@pytest.fixture(scope="session")
def stand_ins() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def line(stand_ins) -> Iterator[SocketModeHandler]:
    """One connection for all tests: to open one takes a moment, to close it three seconds."""
    client = WebClient(BOT_TOKEN, base_url=f"{stand_ins.slack.url}/api/", proxy=None)
    nobody = App(client=client, signing_secret="-", token_verification_enabled=False)
    handler = SocketModeHandler(nobody, APP_TOKEN, auto_reconnect_enabled=False)
    yield handler
    handler.disconnect()


@pytest.fixture(autouse=True)
def without_proxies(monkeypatch):
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def team(  # noqa: PLR0917 - fixtures are asked for by name
    request, redis_client, redis_server, stand_ins, tmp_path, monkeypatch
) -> Iterator[Team]:
    """A team before a bot in Socket Mode; the integration is enabled for all numbers.

    The first start is over: a test of it lets it begin by `redis_client.delete(keys.WELCOME)`.
    """
    with patch.object(stand_ins.slack.world.sockets, "hang_up"):
        stand_ins.reset()
    mark = request.node.get_closest_marker("slack")
    team = Team(redis_server.url, tmp_path, stand_ins, file_with(**(mark.kwargs if mark else {})))
    team.product.start()
    Welcomes(redis_client).write(Welcome(over=True))
    jobs_use(team, monkeypatch)
    lead_to(request.getfixturevalue("line"), team)
    yield team
    team.end()
    bot.asking.desk.desk.cache_clear()
    worker.jobs.workshop.cache_clear()
    assert not team.slack.surprises
    assert not team.product.hubspot.surprises
    assert not team.product.aircall.surprises


@pytest.fixture
def other(team, line, redis_server, tmp_path, stand_ins):
    """A second bot process: `answering(other)` lets it take what people do from then on."""
    beside = Team(redis_server.url, tmp_path, stand_ins, team.file)
    yield beside
    beside.end()


@pytest.fixture
def answering(line):
    """Let one of several bot processes take what people do."""

    def answer(team: Team) -> Team:
        line.app = team.app
        return team

    return answer


@pytest.fixture
def stored(team):
    """The settings in force."""
    return lambda: team.product.shop.revisions.current().settings


@pytest.fixture
def number(team):
    """The number of the revision in force."""
    return lambda: team.product.shop.revisions.current().number


def lead_to(handler: SocketModeHandler, team: Team) -> None:
    """Let the connection lead to this team's bot; opened anew where a test had it closed."""
    handler.app = team.app
    if not team.slack.connections():
        handler.client.connect_to_new_endpoint(force=True)
        team.slack.wait_for_app()


def jobs_use(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let jobs, which look up what they need by themselves, find this team's."""
    bot.asking.desk.desk.cache_clear()
    worker.jobs.workshop.cache_clear()
    monkeypatch.setattr(bot.asking.desk, "load_environment", lambda: team.environment)
    monkeypatch.setattr(bot.asking.desk, "load_file", lambda _: team.file)
    monkeypatch.setattr(bot.asking.desk, "build_workshop", lambda *_: team.product.shop)
    monkeypatch.setattr(bot.asking.desk, "build_desk", lambda *_: team.desk)
    monkeypatch.setattr(worker.jobs, "load_environment", lambda: team.environment)
    monkeypatch.setattr(worker.jobs, "load_file", lambda _: team.file)
    monkeypatch.setattr(worker.jobs, "open_workshop", lambda *_: team.product.shop)


@pytest.fixture
def silent_vendors(monkeypatch) -> Iterator[threading.Event]:
    """Vendors that answer no form that opens before `silent_vendors.set()`."""
    answered, real = threading.Event(), bot.modals.opening.refresh

    def refresh(*args):
        assert answered.wait(15)
        return real(*args)

    monkeypatch.setattr(bot.modals.opening, "refresh", refresh)
    yield answered
    answered.set()
