import json
from urllib.parse import urlencode

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from sandbox.slack.workspace import ADMIN, CALLS

APP = "xapp-sandbox-app-token"
BOT = "xoxb-sandbox-bot-token"


def test_auth_test_says_whose_token_it_is_and_its_scopes(client):
    answer = client.auth_test()
    assert answer["user_id"] == "U0BOT"
    assert answer["team_id"] == "T0SANDBOX"
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")


@pytest.mark.parametrize(
    ("token", "error"),
    [("", "not_authed"), ("xoxb-other", "invalid_auth"), (APP, "not_allowed_token_type")],
)
def test_a_token_is_needed_and_must_be_right(call, still, token, error):
    assert call("auth.test", _token=token)["error"] == error
    assert still.surprises == []


def test_sockets_are_opened_with_the_app_token_in_the_header(call, still):
    assert call("apps.connections.open", _token=BOT)["error"] == "not_allowed_token_type"
    form = urlencode({"token": APP}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = still.handle("POST", "/api/apps.connections.open", {}, headers, form)
    assert answer.json()["error"] == "not_authed"
    still.switches.app_scopes = frozenset()
    answer = call("apps.connections.open", _token=APP)
    assert answer["error"] == "missing_scope"
    assert answer["needed"] == "connections:write"


@pytest.mark.parametrize("state", ["token_revoked", "account_inactive", "invalid_auth"])
def test_a_revoked_token_opens_nothing(call, still, state):
    still.revoke(state)
    assert call("auth.test")["error"] == state
    assert call("apps.connections.open", _token=APP)["error"] == state


@pytest.mark.parametrize(
    ("method", "scope", "given"),
    [
        ("chat.postMessage", "chat:write", {"channel": CALLS, "text": "x"}),
        ("users.info", "users:read", {"user": ADMIN}),
        ("users.lookupByEmail", "users:read.email", {"email": "adam@example.com"}),
        ("conversations.open", "im:write", {"users": ADMIN}),
        ("conversations.info", "channels:read", {"channel": CALLS}),
    ],
)
def test_each_method_needs_its_scope(call, still, method, scope, given):
    assert call(method, **given)["ok"]
    still.take_scopes(scope)
    answer = call(method, **given)
    assert answer["error"] == "missing_scope"
    assert answer["needed"] == scope
    assert answer["provided"] == ",".join(sorted(still.switches.scopes))
    still.grant(scope)
    assert call(method, **given)["ok"]


def test_views_need_no_scope(call, still, modal):
    still.grant()
    assert call("views.open", trigger_id=still.trigger(ADMIN), view=modal)["ok"]


def test_unknown_method_is_refused_and_a_surprise(call, still):
    assert call("chat.shout", text="x")["error"] == "unknown_method"
    assert still.surprises == ["POST /api/chat.shout: there is no method chat.shout"]


def test_unknown_argument_is_refused_and_a_surprise(call, still):
    answer = call("chat.postMessage", channel=CALLS, text="x", colour="red")
    assert answer["error"] == "invalid_arguments"
    assert "colour" in answer["response_metadata"]["messages"][0]
    assert len(still.surprises) == 1
    assert still.messages(CALLS) == []


def test_missing_argument_is_named(call):
    answer = call("chat.postMessage", text="x")
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == ["[ERROR] missing required field: channel"]


@pytest.mark.parametrize(
    "given", [{"text": 5}, {"text": "x", "blocks": "no json"}, {"text": "x", "mrkdwn": 1}]
)
def test_argument_of_a_wrong_type_is_refused(call, given):
    assert call("chat.postMessage", channel=CALLS, **given)["error"] == "invalid_arguments"


def test_a_form_is_as_good_as_json(still):
    blocks = json.dumps([{"type": "section", "text": {"type": "plain_text", "text": "Hello"}}])
    given = {"token": BOT, "channel": CALLS, "text": "x", "blocks": blocks, "unfurl_links": "false"}
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    body = urlencode(given).encode()
    assert still.handle("POST", "/api/chat.postMessage", {}, headers, body).json()["ok"]
    message = still.messages(CALLS)[0]
    assert message.blocks[0]["text"]["text"] == "Hello"
    assert message.options == {"unfurl_links": False}


def test_half_a_sign_is_a_surprise(call, still):
    answer = call("chat.postMessage", channel=CALLS, text="\ud83d")
    assert answer["error"] == "invalid_arguments"
    assert "Unicode" in still.surprises[0]


def test_get_is_fine_and_other_verbs_are_not(still):
    headers = {"Authorization": f"Bearer {BOT}"}
    assert still.handle("GET", "/api/users.info", {"user": ADMIN}, headers).json()["ok"]
    assert not still.handle("PUT", "/api/users.info", {"user": ADMIN}, headers).json()["ok"]
    assert still.handle("GET", "/elsewhere", {}, headers).json()["error"] == "unknown_method"
    assert len(still.surprises) == 2


def test_a_form_can_break_types_too(still):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    form = urlencode({"token": BOT, "limit": "many"}).encode()
    answer = still.handle("POST", "/api/conversations.list", {}, headers, form).json()
    assert answer["error"] == "invalid_arguments"
    form = urlencode({"token": BOT, "limit": "1"}).encode()
    assert still.handle("POST", "/api/conversations.list", {}, headers, form).json()["ok"]


def test_body_of_an_unknown_kind_is_a_surprise(still):
    headers = {"Content-Type": "text/plain", "Authorization": f"Bearer {BOT}"}
    answer = still.handle("POST", "/api/auth.test", {}, headers, b"x").json()
    assert answer["error"] == "invalid_arguments"
    assert still.surprises


def test_calls_are_kept_with_arguments_and_never_with_a_token(client, slack):
    client.chat_postMessage(channel=CALLS, text="Hello")
    call = slack.calls("chat.postMessage")[0]
    assert call.ok
    assert call.arguments == {"channel": CALLS, "text": "Hello"}
    assert BOT not in str(slack.calls())
    assert BOT not in str(slack.log())


def test_rate_limit_on_demand_is_obeyed_by_the_sdk(client, slack):
    slack.fault("429", path="*/chat.postMessage", retry_after=0)
    with pytest.raises(SlackApiError) as raised:
        client.chat_postMessage(channel=CALLS, text="x")
    assert raised.value.response["error"] == "ratelimited"
    assert raised.value.response.headers["Retry-After"] == "0"
    slack.fault("429", path="*/chat.postMessage", retry_after=0)
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
    assert client.chat_postMessage(channel=CALLS, text="x")["ok"]
    assert len(slack.messages(CALLS)) == 1


def test_tiers_count_per_method_and_minute(call, still, hands):
    still.limits(tiers=True)
    answers = [call("conversations.list") for _ in range(21)]
    assert [one["ok"] for one in answers] == [True] * 20 + [False]
    assert answers[-1]["error"] == "ratelimited"
    assert still.state()["tooMany"] == 1
    assert call("users.info", user=ADMIN)["ok"]
    hands.turn(60)
    assert call("conversations.list")["ok"]


def test_a_channel_takes_one_message_a_second(call, still, hands):
    still.limits(tiers=True)
    assert call("chat.postMessage", channel=CALLS, text="x")["ok"]
    assert call("chat.postMessage", channel=CALLS, text="x")["error"] == "ratelimited"
    assert call("chat.postMessage", channel=ADMIN, text="x")["ok"]
    hands.turn(1)
    assert call("chat.postMessage", channel=CALLS, text="x")["ok"]


def test_a_method_can_have_a_limit_of_its_own(call, still):
    still.limits(minute={"users.info": 1})
    assert call("users.info", user=ADMIN)["ok"]
    assert call("users.info", user=ADMIN)["error"] == "ratelimited"


@pytest.mark.parametrize(("kind", "status"), [("500", 500), ("502", 502), ("503", 503)])
def test_slack_can_be_out_of_order(still, kind, status):
    still.go_down(kind)
    assert still.handle("POST", "/api/auth.test").status == status
    still.come_back()
    assert still.handle("POST", "/api/auth.test").status == 200


def test_an_answer_can_be_lost_after_the_message_was_posted(client, slack):
    slack.fault("reset_after", path="*/chat.postMessage", times=2)
    with pytest.raises(Exception, match=r"reset|closed"):
        client.chat_postMessage(channel=CALLS, text="x")
    assert slack.messages(CALLS)
