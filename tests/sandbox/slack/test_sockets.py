import contextlib
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from slack_bolt import App
from slack_sdk.errors import SlackApiError
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from sandbox.slack.delivery.post import Manner
from sandbox.slack.workspace import ADMIN
from tests.patience import PATIENCE
from tests.sandbox.slack.speaking import new_app

APP = "xapp-sandbox-app-token"


@pytest.fixture
def socket(client):
    """Return socket(), which opens one more raw WebSocket and returns it."""
    with contextlib.ExitStack() as stack:

        def open_one():
            url = client.apps_connections_open(app_token=APP)["url"]
            return stack.enter_context(connect(url, proxy=None))

        yield open_one


def receive(socket):
    return json.loads(socket.recv(timeout=PATIENCE))


def test_socket_says_hello(socket):
    hello = receive(socket())
    assert hello["type"] == "hello"
    assert hello["num_connections"] == 1
    assert hello["connection_info"] == {"app_id": "A0SANDBOX"}


def test_ticket_opens_one_socket(client, slack):
    url = client.apps_connections_open(app_token=APP)["url"]
    assert url.startswith("ws://127.0.0.1:")
    with connect(url, proxy=None) as one:
        receive(one)
        for other in (url, url.replace("ticket=", "ticket=x")):
            with pytest.raises(InvalidStatus), connect(other, proxy=None):
                pass


def test_envelope_is_acknowledged_with_a_payload(socket, slack):
    one = socket()
    receive(one)
    slack.wait_for_app()
    with ThreadPoolExecutor(1) as threads:
        acting = threads.submit(slack.command, ADMIN, "status")
        envelope = receive(one)
        assert envelope["type"] == "slash_commands"
        assert envelope["accepts_response_payload"]
        assert envelope["payload"]["text"] == "status"
        ack = {"envelope_id": envelope["envelope_id"], "payload": {"text": "All is well"}}
        one.send(json.dumps(ack))
        acted = acting.result(PATIENCE)
    assert acted.acked
    assert acted.answer == {"text": "All is well"}
    assert [one.text for one in slack.ephemerals(ADMIN)] == ["All is well"]


def test_nobody_connected_means_the_act_fails_at_once(slack):
    acted = slack.command(ADMIN)
    assert not acted.acked
    assert acted.trouble == "no_connection"


def test_silent_app_is_given_up_after_the_limit(socket, slack):
    receive(socket())
    slack.wait_for_app()
    slack.switches.ack_limit = 0.05
    acted = slack.command(ADMIN)
    assert not acted.acked
    assert acted.trouble == "timeout"
    assert acted.took >= 0.05


def test_socket_that_closes_before_its_ack_loses_the_act(socket, slack):
    one = socket()
    receive(one)
    slack.wait_for_app()
    with ThreadPoolExecutor(1) as threads:
        acting = threads.submit(slack.command, ADMIN)
        receive(one)
        one.close()
        acted = acting.result(PATIENCE)
    assert acted.trouble == "connection_lost"


@pytest.mark.parametrize(
    "words", ["no json", "[]", "{}", '{"envelope_id": "unknown"}', '{"envelope_id": 1, "x": 2}']
)
def test_socket_that_brings_nonsense_is_a_surprise(socket, slack, words):
    one = socket()
    receive(one)
    one.send(words)
    assert "no ack of ours" in slack.until(lambda: slack.surprises)[0]


def test_stray_payloads_and_stray_acks_are_surprises(socket, slack):
    one = socket()
    receive(one)
    slack.wait_for_app()
    with ThreadPoolExecutor(1) as threads:
        acting = threads.submit(slack.open_home, ADMIN)
        ack = {"envelope_id": receive(one)["envelope_id"], "payload": {"text": "x"}}
        one.send(json.dumps(ack))
        assert acting.result(PATIENCE).acked
    one.send(json.dumps(ack))
    slack.until(lambda: len(slack.surprises) >= 2)
    assert "accepts no payload" in slack.surprises[0]
    assert "more often than it was sent" in slack.surprises[1]


def test_each_envelope_goes_to_one_of_several_sockets(slack, client, by_socket):
    heard = {0: 0, 1: 0, 2: 0}

    def counting(number):
        app = new_app(client)

        @app.command("/aircall-hubspot")
        def command(ack):
            heard[number] += 1
            ack()

        return app

    by_socket(*(counting(number) for number in heard))
    assert slack.connections() == 3
    assert all(slack.command(ADMIN).acked for _ in range(30))
    assert sum(heard.values()) == 30
    assert min(heard.values()) > 0


def test_eleventh_socket_is_one_too_many(socket, slack):
    for _ in range(10):
        assert receive(socket())["type"] == "hello"
    slack.wait_for_app(10)
    assert receive(socket()) == {
        "type": "disconnect",
        "reason": "too_many_websockets",
        "debug_info": {"host": "applink-sandbox"},
    }
    assert slack.connections() == 10


def test_warned_app_comes_anew_and_misses_nothing(slack, app, by_socket):
    app.command("/aircall-hubspot")(lambda ack: ack())
    by_socket()
    before = len(slack.calls("apps.connections.open"))
    slack.disconnect("refresh_requested")
    slack.until(lambda: len(slack.calls("apps.connections.open")) > before)
    slack.wait_for_app()
    assert slack.command(ADMIN).acked


def test_app_comes_back_after_slack_was_down(slack, app, by_socket):
    app.command("/aircall-hubspot")(lambda ack: ack())
    by_socket()
    slack.go_down()
    assert slack.connections() == 0
    assert slack.command(ADMIN).trouble == "no_connection"
    slack.come_back()
    slack.wait_for_app(within=PATIENCE)
    assert slack.command(ADMIN).acked


def test_same_envelope_can_come_again(slack, app, by_socket):
    seen = []

    @app.command("/aircall-hubspot")
    def command(ack, body):
        seen.append(body["trigger_id"])
        ack()

    by_socket()
    acted = slack.command(ADMIN)
    again = slack.again(acted)
    assert again.acked
    assert again.envelope_id == acted.envelope_id
    assert seen == [acted.trigger_id] * 2
    assert slack.surprises == []


def test_unhandled_act_is_never_acknowledged(slack, app, by_socket):
    by_socket()
    slack.switches.ack_limit = 0.2
    assert slack.command(ADMIN).trouble == "timeout"


def test_retried_event_says_so(slack, app, by_socket):
    seen = []

    @app.event("app_home_opened")
    def opened(request):
        seen.append(request.headers["x-slack-retry-num"])

    by_socket()
    inner = {"type": "app_home_opened", "user": ADMIN, "channel": "D0ADMIN", "tab": "home"}
    assert slack.event(inner).acked
    assert slack.event(inner, Manner(retry=(2, "timeout"))).acked
    slack.until(lambda: len(seen) == 2)
    assert seen == [["0"], ["2"]]


def test_reset_hangs_up(slack, socket):
    receive(socket())
    slack.wait_for_app()
    slack.reset()
    assert slack.connections() == 0


def test_reset_may_keep_bots_connected(slack, served, app, by_socket):
    app.command("/aircall-hubspot")(lambda ack: ack())
    by_socket()
    assert slack.command(ADMIN).acked
    served.reset(keep_sockets=True)
    assert slack.connections() == 1
    assert slack.deliveries == []
    assert slack.command(ADMIN).acked
    assert slack.surprises == []


def test_late_ack_of_a_forgotten_envelope_is_no_surprise(slack, socket):
    one = socket()
    receive(one)
    slack.wait_for_app()
    slack.switches.ack_limit = 0.01
    slack.command(ADMIN)
    envelope = receive(one)
    slack.reset(keep_sockets=True)
    one.send(json.dumps({"envelope_id": envelope["envelope_id"]}))
    one.send("nonsense")
    assert "nonsense" in slack.until(lambda: slack.surprises)[0]
    assert len(slack.surprises) == 1


def test_bots_in_other_processes_are_reached(served, slack):
    script = Path(__file__).with_name("a_bot.py")
    words = [sys.executable, str(script), f"{served.slack.url}/api/"]
    bots = [subprocess.Popen([*words, str(at)], stdin=subprocess.PIPE) for at in range(2)]
    try:
        slack.wait_for_app(2, within=PATIENCE)
        for _ in range(12):
            assert slack.command(ADMIN).acked
        answers = {one.text for one in slack.ephemerals(ADMIN)}
        assert answers == {"bot 0", "bot 1"}
    finally:
        for bot in bots:
            bot.kill()
            bot.communicate()
    slack.until(lambda: slack.connections() == 0)


def test_wrong_app_token_is_refused(client):
    with pytest.raises(SlackApiError) as raised:
        client.apps_connections_open(app_token="xapp-wrong")
    assert raised.value.response["error"] == "invalid_auth"


def test_bolts_own_app_may_verify_its_token(client):
    assert App(client=client, signing_secret="x").client.auth_test()["ok"]
