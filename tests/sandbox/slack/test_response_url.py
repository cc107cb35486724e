import json

import pytest
from slack_sdk.webhook import WebhookClient

from sandbox.slack.workspace import ADMIN, CALLS, MEMBER


@pytest.fixture
def respond(still):
    """Return respond(acted, **given), which posts to the response_url; status and text."""

    def post(acted, **given):
        path = "/response/" + acted.response_url.rpartition("/")[2]
        answer = still.handle("POST", path, {}, {}, json.dumps(given).encode())
        return answer.status, answer.body.decode()

    return post


@pytest.fixture
def asked(still, script):
    return still.command(ADMIN, "status")


def click(still, call, where=CALLS, user=ADMIN):
    """Post a button, click it, and return the message and the act."""
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    block = {"type": "actions", "elements": [button]}
    call("chat.postMessage", channel=where, text="before", blocks=[block])
    message = still.messages(where)[-1]
    return message, still.click(user, message, "go")


def test_answer_is_for_the_asker_alone(still, asked, respond):
    assert respond(asked, text="Later") == (200, "ok")
    assert [one.text for one in still.ephemerals(ADMIN)] == ["Later"]
    assert still.messages(CALLS) == []


def test_answer_can_be_for_the_channel(still, asked, respond):
    assert respond(asked, text="For all", response_type="in_channel") == (200, "ok")
    assert [one.text for one in still.messages(CALLS)] == ["For all"]


def test_five_answers_and_no_more(still, asked, respond):
    for _ in range(5):
        assert respond(asked, text="x") == (200, "ok")
    assert respond(asked, text="x") == (404, "used_url")
    assert len(still.ephemerals(ADMIN)) == 5


def test_half_an_hour_and_no_longer(hands, asked, respond):
    hands.turn(1800)
    assert respond(asked, text="x") == (200, "ok")
    hands.turn(1)
    assert respond(asked, text="x") == (404, "expired_url")


def test_original_is_replaced_and_deleted(still, call, script, respond):
    message, acted = click(still, call)
    assert respond(acted, text="after", replace_original=True) == (200, "ok")
    assert (message.text, message.blocks, message.edits) == ("after", [], 1)
    assert respond(acted, delete_original=True) == (200, "ok")
    assert still.messages(CALLS) == []
    assert respond(acted, text="once more", replace_original=True) == (200, "ok")
    assert [one.text for one in still.ephemerals(ADMIN)] == ["once more"]


def test_ephemeral_original_is_replaced(still, asked, respond, script):
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    respond(asked, text="x", blocks=[{"type": "actions", "elements": [button]}])
    acted = still.click(ADMIN, still.ephemerals(ADMIN)[0], "go")
    respond(acted, text="done", replace_original=True)
    assert [one.text for one in still.ephemerals(ADMIN)] == ["done"]


def test_answer_to_a_click_is_new_unless_it_replaces(still, call, script, respond):
    message, acted = click(still, call, user=MEMBER)
    respond(acted, text="only you")
    assert message.text == "before"
    assert [one.text for one in still.ephemerals(MEMBER)] == ["only you"]


@pytest.mark.parametrize(
    ("given", "error"),
    [({"text": "x", "blocks": [{"type": "poem"}]}, "invalid_blocks"), ({}, "no_text")],
)
def test_bad_answer_is_refused_and_a_surprise(still, asked, respond, given, error):
    assert respond(asked, **given) == (400, error)
    assert still.surprises
    assert still.ephemerals(ADMIN) == []


@pytest.mark.parametrize("given", [{"text": "x", "colour": 1}, {"text": "x", "response_type": "x"}])
def test_unknown_field_is_a_surprise(still, asked, respond, given):
    respond(asked, **given)
    assert still.surprises


def test_unknown_url_is_a_surprise(still):
    still.handle("POST", "/response/NOWHERE", {}, {}, b"{}")
    assert "no response_url" in still.surprises[0]


def test_webhook_client_of_the_sdk_answers(slack):
    slack.listen_with(lambda body, headers: (200, b""))
    acted = slack.command(ADMIN)
    answer = WebhookClient(acted.response_url).send(text="Later")
    assert (answer.status_code, answer.body) == (200, "ok")
    assert [one.text for one in slack.ephemerals(ADMIN)] == ["Later"]
