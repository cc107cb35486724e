import pytest

from sandbox.slack.delivery.post import Manner
from sandbox.slack.workspace import ADMIN


@pytest.fixture
def heard(app, by_http):
    """Return what the app's listeners heard by HTTP."""
    seen = []

    @app.command("/aircall-hubspot")
    def command(ack, body):
        seen.append(body["text"])
        ack()

    @app.event("app_home_opened")
    def opened(request):
        seen.append(request.headers.get("x-slack-retry-num", [None])[0])

    return seen


def test_signed_command_is_heard(slack, heard):
    acted = slack.command(ADMIN, "status")
    assert acted.acked
    assert acted.status == 200
    assert heard == ["status"]


@pytest.mark.parametrize(
    "manner", [Manner("forged"), Manner("missing"), Manner(age=301), Manner(age=-310)]
)
def test_what_is_not_signed_now_is_refused(slack, heard, manner):
    payload = slack.command_payload(ADMIN, "status")
    acted = slack.deliver("slash_commands", payload, manner)
    assert (acted.acked, acted.status) == (False, 401)
    assert heard == []


def test_what_was_signed_a_while_ago_is_heard(slack, heard):
    payload = slack.command_payload(ADMIN, "status")
    assert slack.deliver("slash_commands", payload, Manner(age=290)).acked


def test_replay_is_the_very_same_request(slack, heard):
    acted = slack.command(ADMIN, "status")
    assert slack.again(acted).acked
    assert heard == ["status", "status"]


def test_event_is_repeated_with_its_number(slack, heard):
    inner = {"type": "app_home_opened", "user": ADMIN, "channel": "D0ADMIN", "tab": "home"}
    slack.event(inner, Manner(retry=(1, "http_timeout")))
    slack.until(lambda: heard)
    assert heard == ["1"]


def test_unhandled_act_is_a_status(slack, by_http):
    acted = slack.command(ADMIN)
    assert not acted.acked
    assert acted.trouble == "status 404"


def test_app_that_is_not_there(slack):
    slack.listen_at("http://127.0.0.1:9/slack/events")
    assert slack.command(ADMIN).trouble == "no_connection"


def test_app_that_does_not_answer_in_time(slack, served):
    slack.switches.ack_limit = 0.05
    served.aircall.world.ready_delay = 0.5
    slack.listen_at(f"{served.aircall.url}/slow?x=1")
    assert slack.command(ADMIN).trouble == "timeout"
