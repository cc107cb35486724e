"""Slack's answers and silences, as errors named for what happens next."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from structlog.testing import capture_logs

from clients.errors import Rejected, Unavailable
from clients.slack import Slack, seconds_to_wait
from sandbox.faults import Fault
from sandbox.server import Server
from sandbox.slack.workspace import ADMIN, BOT_TOKEN, CALLS, RANDOM
from sandbox.slack.world import SlackWorld


@pytest.fixture(scope="module")
def server() -> Iterator[Server[SlackWorld]]:
    server = Server(SlackWorld())
    server.world.stand_at(server.url)
    yield server
    server.close()
    server.world.close()


@pytest.fixture
def world(server) -> SlackWorld:
    server.world.reset()
    return server.world


@pytest.fixture
def slack(server, world) -> Slack:
    return Slack(f"{server.url}/api/", BOT_TOKEN)


def test_it_reads_and_writes(slack, world):
    assert slack.ask("users.info", user=ADMIN)["user"]["id"] == ADMIN
    slack.tell("chat.postMessage", channel=CALLS, text="Hello.")
    assert [each.text for each in world.messages(CALLS)] == ["Hello."]


def test_who_we_are_and_what_we_may(slack):
    who, granted = slack.scopes()
    assert who["team_id"]
    assert "chat:write" in granted


def test_a_refusal_carries_slacks_own_code(slack):
    with pytest.raises(Rejected) as refused:
        slack.tell("chat.postMessage", channel=RANDOM, text="Hello.")
    assert refused.value.category == "not_in_channel"


def test_a_missing_permission_is_named(slack, world):
    world.take_scopes("users:read")
    with pytest.raises(Rejected) as refused:
        slack.ask("users.info", user=ADMIN)
    assert refused.value.category == "missing_scope"
    assert refused.value.scopes == ("users:read",)


@pytest.mark.parametrize("state", ["token_revoked", "account_inactive"])
def test_a_token_that_is_refused_is_a_matter_of_credentials(slack, world, state):
    world.revoke(state)
    with pytest.raises(Unavailable) as away:
        slack.ask("auth.test")
    assert away.value.reason == "credentials"
    assert BOT_TOKEN not in str(away.value)


def test_a_limit_says_how_long_to_wait(slack, world):
    world.limits(minute={"users.info": 1})
    slack.ask("users.info", user=ADMIN)
    with pytest.raises(Unavailable) as away:
        slack.ask("users.info", user=ADMIN)
    assert away.value.reason == "rate limit"
    assert away.value.wait > 0


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("7", 7.0), ("99999999999999", 600.0), ("\u00b2", 30.0), ("soon", 30.0), ("-1", 30.0)],
)
def test_how_long_to_wait_is_read_within_reason(said, seconds):
    assert seconds_to_wait({"Retry-After": said}) == seconds
    assert seconds_to_wait({}) == 30.0


@pytest.mark.parametrize("kind", ["500", "502", "503", "reset", "cut", "empty_200"])
def test_a_slack_in_trouble_is_tried_again_later(slack, world, kind):
    world.faults.add(Fault(kind, times=5))
    with pytest.raises(Unavailable) as away:
        slack.tell("chat.postMessage", channel=CALLS, text="Hello.")
    assert away.value.reason == "down"


def test_nothing_is_sent_twice_by_itself(slack, world):
    world.faults.add(Fault("reset_after"))
    with pytest.raises(Unavailable) as away:
        slack.tell("chat.postMessage", channel=CALLS, text="Hello.")
    assert away.value.maybe_written
    assert len(world.messages(CALLS)) == 1


def test_a_slack_that_is_not_there_is_down():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        slack = Slack(f"http://127.0.0.1:{taken.getsockname()[1]}/api/", BOT_TOKEN)
        with pytest.raises(Unavailable) as away:
            slack.ask("auth.test")
    assert away.value.reason == "down"


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.slack.com.evil.example/actions/1",
        "http://169.254.169.254/latest/meta-data",
        "https://hooks.slack.com@evil.example/",
        "file:///etc/passwd",
        "",
    ],
)
def test_only_slacks_own_addresses_are_answered_at(url):
    slack = Slack("https://slack.com/api/", BOT_TOKEN)
    with pytest.raises(Rejected, match="not Slack's"):
        slack.respond(url, {"text": "Hello."})


def test_no_answer_is_carried_on_to_another_host(world, server):
    """A response address that redirects must not lead us, with what we say, elsewhere."""
    asked: list[str] = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{other.server_port}/stolen")
            self.end_headers()

        do_GET = do_POST  # noqa: N815 - http.server's own names

        def log_message(self, *_: object) -> None:
            """Be quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as first:
        other = first
        threading.Thread(target=first.serve_forever, daemon=True).start()
        slack = Slack(f"http://127.0.0.1:{first.server_port}/api/", BOT_TOKEN)
        with pytest.raises((Rejected, Unavailable)):
            slack.respond(f"http://127.0.0.1:{first.server_port}/actions/1", {"text": "Hello."})
        first.shutdown()
    assert asked == ["/actions/1"]


def test_no_token_and_no_response_address_stands_in_the_log(slack, world, server):
    world.faults.add(Fault("500", times=9))
    with capture_logs() as logs:
        for act in (
            lambda: slack.ask("auth.test"),
            lambda: slack.respond(f"{server.url}/response/secret-4711", {"text": "Hello."}),
        ):
            with pytest.raises((Unavailable, Rejected)):
                act()
    assert BOT_TOKEN not in str(logs)
    assert "4711" not in str(logs)
