import contextlib

import pytest
import requests
from slack_sdk.errors import SlackApiError

from sandbox.slack.workspace import ADMIN, CALLS


@pytest.fixture
def door(served):
    """Return door("command", user=...) to the listening world; GET with no arguments."""

    def ask(path, query=None, /, **given):
        url = f"{served.slack.url}/_sandbox/{path}"
        if query is not None:
            return requests.get(url, params=query, timeout=10)
        return requests.post(url, json=given, timeout=10)

    return ask


@pytest.fixture
def joined(app, by_socket, modal):
    @app.command("/aircall-hubspot")
    def command(ack, body, client):
        ack("On it")
        with contextlib.suppress(SlackApiError):
            client.views_open(trigger_id=body["trigger_id"], view=modal)

    @app.view("settings.general")
    def submission(ack):
        ack(response_action="errors", errors={"name": "Taken."})

    by_socket()


def test_person_acts_and_looks_through_the_side_door(slack, door, joined):
    acted = door("command", user=ADMIN, text="general").json()
    assert acted["acked"]
    assert acted["payload"]["text"] == "general"
    slack.until(lambda: slack.modal(ADMIN))
    assert door("type", user=ADMIN, what="name", text="x").json()["kind"] == "nothing"
    assert door("submit", user=ADMIN).json()["errors"] == {"name": "Taken."}
    screen = door("screen", {"user": ADMIN}).json()
    assert screen["messages"][0]["shown"] == "On it"
    assert screen["stack"][0]["errors"] == {"name": "Taken."}
    assert screen["stack"][0]["shown"].startswith("# General\nName: (x)")
    assert screen["home"] is None
    assert door("close", user=ADMIN).json() == {"acted": []}
    assert slack.modal(ADMIN) is None


def test_state_holds_everything(slack, door, client):
    client.chat_postMessage(channel=CALLS, text="Hello")
    state = door("state", {}).json()
    assert [one["text"] for one in state["messages"]] == ["Hello"]
    assert {one["id"] for one in state["people"]} >= {ADMIN, "U0STRANGER", "U0GONE"}
    assert state["connections"] == 0
    assert state["surprises"] == []
    assert state["requests"] == 1
    calls = door("calls", {"method": "chat.postMessage"}).json()["calls"]
    assert calls[0]["arguments"]["text"] == "Hello"


def test_payloads_are_sent_and_sent_again(slack, door, joined):
    first = door("command", user=ADMIN).json()
    again = door("again", envelope_id=first["envelope_id"]).json()
    assert again["acked"]
    payload = first["payload"] | {"text": "raw"}
    sent = door("deliver", kind="slash_commands", payload=payload).json()
    assert sent["acked"]
    slack.switches.ack_limit = 0.2
    inner = {"type": "app_uninstalled"}
    retry = {"retry": [1, "http_timeout"]}
    assert door("event", inner=inner, manner=retry).status_code == 200
    assert len(door("deliveries", {}).json()["deliveries"]) == 4


def test_switches_are_turned(slack, door):
    assert door("set", scopes=["chat:write"], ack_limit=0.1, ready_delay=0).status_code == 204
    assert slack.switches.scopes == frozenset({"chat:write"})
    assert slack.switches.ack_limit == 0.1
    assert door("roles", user=ADMIN, roles=[]).status_code == 204
    assert slack.person(ADMIN).roles == frozenset()
    assert door("kick", channel=CALLS).status_code == 204
    assert "U0BOT" not in slack.channel(CALLS).members
    assert door("invite", channel=CALLS).status_code == 204
    assert door("revoke").status_code == 204
    assert slack.switches.token_state == "token_revoked"
    assert door("limits", tiers=True).status_code == 204
    assert slack.rates.tiers
    assert door("go_down").status_code == 204
    assert slack.sockets.refusing
    assert door("come_back").status_code == 204
    assert door("listen_at", url="http://127.0.0.1:9/x").status_code == 204
    assert door("command", user=ADMIN).json()["trouble"] == "no_connection"
    assert door("reset").status_code == 204
    assert slack.switches.token_state == ""
    assert slack.switches.request_url == ""


@pytest.mark.parametrize(
    ("what", "given"),
    [
        ("nothing", {}),
        ("command", {}),
        ("command", {"user": "U0NOBODY"}),
        ("click", {"user": ADMIN, "where": "modal", "what": "x"}),
        ("again", {"envelope_id": "x"}),
        ("set", {"nobody": 1}),
        ("set", {"home_enabled": 1}),
        ("roles", {"user": ADMIN, "roles": ["is_king"]}),
        ("kick", {"channel": "C0NOWHERE"}),
        ("deliver", {"kind": "interactive"}),
        ("deliver", {"kind": "pigeon", "payload": {}}),
    ],
)
def test_nonsense_is_refused_with_a_sentence(slack, door, what, given):
    answer = door(what, **given)
    assert answer.status_code == 400
    assert answer.json()["message"]
    assert slack.surprises == []


def test_there_is_nothing_else_to_see(door):
    assert door("weather", {}).status_code == 400
    assert door("screen", {}).status_code == 400
