"""The bot as real processes: both modes, several at once, Slack away, told to stop."""

import json
import signal
import socket
from http.client import HTTPConnection

import pytest

from bot.server import GRACE
from bot.transport.presence import ALERT
from run import supervisor
from run.parent import SUPERVISED
from sandbox.slack.delivery.post import Manner
from tests.bot.team import ADMIN, CALLS, OWNER
from tests.patience import PATIENCE, until
from tests.run.starting import Starter


class Bots:
    """Starts bot processes that speak with the team's Slack."""

    def __init__(self, team, folder):
        self.team, self.slack = team, team.slack
        self.start = Starter(folder)
        (folder / "settings.toml").write_text(f'[slack]\nchannel = "{CALLS}"\n', encoding="utf-8")
        # The team's own bot hangs up: what comes now is for the processes.
        self.slack.hang_up()

    def __call__(self, **variables):
        chosen = {**self.team.variables, "SLACK_SIGNING_SECRET": "", **variables}
        return self.start("bot", **chosen)

    def by_http(self, **variables):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        secret = self.team.variables["SLACK_SIGNING_SECRET"]
        tokens = {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": secret}
        run = self(**tokens, BOT_PORT=str(port), **variables)
        until(lambda: get(port, "/healthz")[0] == 200)
        self.slack.listen_at(f"http://127.0.0.1:{port}/slack/events")
        return run, port

    def told(self, user=ADMIN):
        """What this person was told last, once something was said."""
        return self.slack.until(lambda: self.team.shown(user))


def get(port, path, body=None, headers=None):
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("POST" if body is not None else "GET", path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except OSError:
        return 0, ""
    finally:
        connection.close()


def stop(run):
    run.process.send_signal(signal.SIGTERM)
    return run.code()


@pytest.fixture
def bots(team, tmp_path):
    folder = tmp_path / "bots"
    folder.mkdir()
    bots = Bots(team, folder)
    yield bots
    for run in bots.start.runs:
        if run.process.poll() is None:
            run.process.kill()
            run.process.wait()
    team.slack.come_back()


def test_a_bot_gives_itself_less_time_to_end_than_its_supervisor_gives_it():
    assert GRACE < supervisor._STOP_SECONDS


def test_socket_mode_answers_and_ends_with_0(bots):
    run = bots()
    bots.slack.wait_for_app()
    assert bots.slack.command(ADMIN, "help").acked
    assert "What you can do" in bots.told()
    assert stop(run) == 0
    assert "Traceback" not in run.text()


def test_of_several_processes_one_acts_on_what_is_delivered_again_and_again(bots):
    runs = [bots(), bots(), bots()]
    bots.slack.wait_for_app(3)
    acted = bots.slack.command(ADMIN, "help")
    for _ in range(12):
        assert bots.slack.again(acted).acked
    assert "What you can do" in bots.told()
    assert [stop(run) for run in runs] == [0, 0, 0]
    assert len(bots.slack.ephemerals(ADMIN)) == 1
    assert sum("delivered twice" in run.text() for run in runs) > 1, "more than one was asked"


def test_a_form_submitted_twice_to_different_processes_is_saved_once(bots):
    runs = [bots(), bots()]
    bots.slack.wait_for_app(2)
    bots.slack.command(ADMIN, "general")
    bots.slack.until(lambda: "Save" in bots.team.shown(ADMIN))
    bots.slack.type(ADMIN, "Name", "Phones")
    acted = bots.slack.submit(ADMIN)
    for _ in range(8):
        bots.slack.again(acted)
    revision = bots.team.product.shop.revisions.current()
    assert (revision.number, revision.settings.name) == (2, "Phones")
    assert [stop(run) for run in runs] == [0, 0]


def test_a_slack_that_is_down_at_the_start_is_tried_again_and_said(bots):
    bots.slack.go_down()
    run = bots()
    # Whoever asks first who we are may say only that Slack does not tell.
    until(lambda: "Slack is in trouble" in bots.team.product.alerts().get(ALERT, ""))
    assert run.process.poll() is None
    bots.slack.come_back()
    bots.slack.wait_for_app()
    # The bot token is looked at again after half a minute; the connection needs it no more.
    assert bots.slack.command(ADMIN, "help").acked
    assert stop(run) == 0
    assert "Traceback" not in run.text()


def test_a_refused_app_token_is_an_alert_and_no_end(bots):
    run = bots(SLACK_APP_TOKEN="xapp-wrong")
    until(lambda: ALERT in bots.team.product.alerts())
    assert "Slack refuses our app token (invalid_auth)" in bots.team.product.alerts()[ALERT]
    until(lambda: "Slack refuses our app token" in run.text())
    assert stop(run) == 0
    assert "xapp-wrong" not in run.text()


def test_a_refused_bot_token_is_an_alert_until_it_counts_again(bots):
    bots.slack.revoke()
    run = bots()
    until(lambda: ALERT in bots.team.product.alerts())
    assert "Slack refuses our bot token" in bots.team.product.alerts()[ALERT]
    assert stop(run) == 0
    bots.slack.revoke("")
    run = bots()
    until(lambda: ALERT not in bots.team.product.alerts())
    assert stop(run) == 0


def test_a_lost_connection_is_made_anew(bots):
    run = bots()
    bots.slack.wait_for_app()
    bots.slack.hang_up()
    bots.slack.wait_for_app()
    assert bots.slack.command(ADMIN, "help").acked
    bots.slack.disconnect("refresh_requested")
    bots.slack.wait_for_app()
    assert stop(run) == 0


def test_what_hangs_on_a_vendor_does_not_keep_it_from_ending(bots):
    run = bots()
    bots.slack.wait_for_app()
    bots.team.redis.delete("ah:directory")
    hubspot = bots.team.product.hubspot
    hubspot.ready_delay = 30.0
    try:
        bots.slack.command(ADMIN, "general")
        bots.slack.until(lambda: bots.slack.modal(ADMIN))
        assert stop(run) == 0
    finally:
        hubspot.ready_delay = 0.0


def test_http_mode_answers_signed_requests_only(bots):
    run, port = bots.by_http(SLACK_CLIENT_ID="1.2", SLACK_CLIENT_SECRET="abcdefgh")
    acted = bots.slack.command(ADMIN, "help")
    assert acted.acked
    assert "What you can do" in bots.told()
    for manner in (Manner(signature="forged"), Manner(signature="missing"), Manner(age=600)):
        refused = bots.slack.deliver("slash_commands", acted.payload, manner)
        assert refused.status == 401, manner
    assert get(port, "/slack/events", b"payload=%7B", {})[0] == 400
    assert get(port, "/slack/events", b"[]", {"content-type": "application/json"})[0] in (400, 401)
    assert get(port, "/slack/events", b"x" * ((1 << 20) + 1))[0] == 413
    assert get(port, "/slack/events", b"x" * (1 << 20))[0] == 401
    assert get(port, "/slack/install")[0] == 404
    assert get(port, "/readyz") == (200, "ready")
    assert stop(run) == 0
    assert "Traceback" not in run.text()


def test_http_mode_acts_once_too_and_answers_forms(bots):
    runs = [bots.by_http()[0], bots.by_http()[0]]
    bots.slack.command(OWNER, "general")
    bots.slack.until(lambda: "Save" in bots.team.shown(OWNER))
    bots.slack.type(OWNER, "Name", "Phones")
    acted = bots.slack.submit(OWNER)
    assert acted.answer["response_action"] == "update"
    bots.slack.again(acted)
    assert bots.team.product.shop.revisions.current().number == 2
    assert [stop(run) for run in runs] == [0, 0]


def test_http_mode_says_when_its_store_is_away(bots):
    run, port = bots.by_http(REDIS_URL="redis://127.0.0.1:1", **{SUPERVISED: "1"})
    status, why = get(port, "/readyz")
    assert status == 503
    assert "Redis is away" in why
    assert stop(run) == 0


def test_a_port_that_is_taken_ends_the_start_with_a_sentence(bots):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        run = bots(SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET="s" * 16, BOT_PORT=port)
        assert run.code() == 2
    assert "The bot cannot listen on 127.0.0.1 port" in run.text()
    assert "Traceback" not in run.text()


def test_no_token_and_no_person_stands_in_the_log(bots):
    run = bots(LOG_LEVEL="debug")
    bots.slack.wait_for_app()
    bots.slack.command(ADMIN, "help")
    bots.told()
    assert stop(run) == 0
    for secret in ("sandbox-bot-token", "sandbox-app-token"):
        assert secret not in run.text()
    assert json.dumps("adam@example.com") not in run.text()
