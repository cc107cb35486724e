"""Whatever goes wrong is answered in words, where the person looks, and changes nothing."""

import os
import shutil
import signal
import tempfile
from copy import deepcopy
from pathlib import Path

import pytest

from bot.asking.errors import SLACK_CODES, STORE_GONE, UNEXPECTED, sentence
from bot.asking.unknown import FORMER, FORMER_LIST
from bot.words import words_in
from clients.errors import Rejected
from run.redis_server import start, wait_until_ready
from store.connection import socket_url
from tests.bot.conftest import jobs_use, lead_to
from tests.bot.team import ADMIN, CALLS, MEMBER, Team, file_with

EN = words_in("en")

SLACKS = 3.0
"""Seconds that Slack itself waits for an acknowledgement; other tests bear a busy machine."""


@pytest.fixture
def frozen(team, line, tmp_path, monkeypatch):
    """A team whose store can be frozen: `frozen.stop()`; what is asked of it is never answered."""
    memory = Path("/dev/shm")
    data_dir = Path(tempfile.mkdtemp(prefix="ah-", dir=memory if memory.is_dir() else None))
    process = start(data_dir)
    try:
        wait_until_ready(socket_url(data_dir), process)
        other = Team(socket_url(data_dir), tmp_path, team.product.sandbox, file_with())
        other.product.start()
        jobs_use(other, monkeypatch)
        lead_to(line, other)
        other.stop = lambda: os.kill(process.pid, signal.SIGSTOP)
        yield other
        other.end()
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(data_dir)


def act(team, kind, user=ADMIN, **more):
    """Deliver something of one's own making, as from a message; returns what came of it."""
    payload = {
        "type": kind,
        "team": {"id": "T0SANDBOX"},
        "user": {"id": user, "team_id": "T0SANDBOX"},
        "trigger_id": team.slack.trigger(user),
        "response_url": team.slack.house.response_url(user, CALLS),
        **more,
    }
    acted = team.slack.deliver("interactive", payload)
    team.settle()
    return acted


def test_a_store_that_does_not_answer_is_said_within_three_seconds(frozen):
    frozen.command(ADMIN, "help")
    frozen.stop()
    frozen.slack.switches.ack_limit = 1.0  # a third of what Slack allows
    assert frozen.command(ADMIN, "status").acked
    assert frozen.shown(ADMIN) == STORE_GONE


def test_a_form_keeps_what_was_typed_while_the_store_does_not_answer(frozen):
    frozen.command(ADMIN, "general")
    frozen.type(ADMIN, "Name", "Phones")
    frozen.stop()
    frozen.slack.switches.ack_limit = SLACKS
    acted = frozen.submit(ADMIN)
    assert acted.acked
    assert list(acted.errors.values()) == [STORE_GONE]
    assert "(Phones)" in frozen.shown(ADMIN)


def test_a_form_is_answered_in_time_while_slack_does_not_say_who_somebody_is(team):
    team.command(ADMIN, "general")
    team.type(ADMIN, "Name", "Phones")
    team.forget_people()
    team.slack.ready_delay = 5.0
    team.slack.switches.ack_limit = SLACKS
    acted = team.submit(ADMIN)
    team.slack.ready_delay = 0.0
    assert acted.acked
    assert "Slack could not be asked who you are" in str(acted.errors)
    assert team.product.shop.revisions.current().number == 1


@pytest.mark.slack(admins=[ADMIN])
def test_a_listed_admin_saves_in_time_while_slack_does_not_say_who_they_are(team):
    team.command(ADMIN, "general")
    team.type(ADMIN, "Name", "Phones")
    team.forget_people()
    team.slack.ready_delay = 5.0
    team.slack.switches.ack_limit = SLACKS
    acted = team.submit(ADMIN)
    team.slack.ready_delay = 0.0
    assert acted.acked
    assert team.product.shop.revisions.current().settings.name == "Phones"


def test_a_trigger_that_ran_out_is_said(team):
    team.slack.switches.trigger_life = 0.0
    team.command(ADMIN, "history")
    assert team.shown(ADMIN) == SLACK_CODES["expired_trigger_id"]


def test_a_slack_that_asks_to_wait_is_said(team):
    team.slack.fault("429", retry_after=9, path="/api/views.open")
    team.command(ADMIN, "history")
    assert team.shown(ADMIN) == "Slack asks us to wait. Please try again."


def test_a_slack_in_trouble_is_said(team):
    team.slack.fault("500", path="/api/views.open")
    team.command(ADMIN, "history")
    assert team.shown(ADMIN).startswith("Slack is in trouble")


def test_a_view_that_changed_in_the_meantime_is_said(team):
    team.command(ADMIN, "history")
    view = team.slack.modal(ADMIN)
    payload = view.shown() | {"hash": "1.former"}
    action = {"type": "button", "action_id": "history.page", "value": "1", "action_ts": "1"}
    act(
        team,
        "block_actions",
        view=payload,
        actions=[{**action, "block_id": "b"}],
        trigger_id=team.slack.house.trigger(ADMIN, view.id),
    )
    assert SLACK_CODES["hash_conflict"] in team.shown(ADMIN)


def test_a_view_that_was_closed_in_the_meantime_is_said(team):
    team.command(ADMIN, "history")
    payload = team.slack.modal(ADMIN).shown()
    trigger = team.slack.house.trigger(ADMIN, payload["id"])
    team.close(ADMIN)
    action = {"type": "button", "action_id": "history.page", "value": "1", "action_ts": "1"}
    actions = [{**action, "block_id": "b"}]
    act(team, "block_actions", view=payload, actions=actions, trigger_id=trigger, response_url="")
    assert team.direct(ADMIN) == [SLACK_CODES["not_found"]]
    # Nothing can be laid on top of a form that is closed: that is tried first.
    assert team.slack.surprises == ["views.push: the trigger_id is of no open modal"]
    team.slack.surprises.clear()


def test_a_permission_that_slack_did_not_grant_is_named():
    error = Rejected(
        "slack", "missing_scope", status=200, category="missing_scope", scopes=("chat:write",)
    )
    assert sentence(error, EN) == (
        "Slack has not granted us a permission that this needs: chat:write."
    )


@pytest.mark.parametrize("action", ["former.action", "", "undo.", "value", "x" * 255, "<!here>"])
def test_an_unknown_button_is_answered_in_words(team, action):
    element = {"type": "button", "action_id": action, "block_id": "b", "action_ts": "1"}
    act(team, "block_actions", actions=[element])
    assert team.shown(ADMIN) == FORMER


def test_an_unknown_form_is_answered_in_words(team):
    view = {"id": "V1", "type": "modal", "callback_id": "settings.former", "state": {"values": {}}}
    acted = act(team, "view_submission", view=view)
    shown = acted.answer["view"]["blocks"][0]["text"]["text"]
    assert (acted.answer["response_action"], shown) == ("update", FORMER)


def test_an_unknown_list_is_answered_in_words(team):
    acted = act(team, "block_suggestion", action_id="value", block_id="former.list", value="")
    assert [each["text"]["text"] for each in acted.answer["options"]] == [FORMER_LIST]


@pytest.mark.parametrize(
    "payload",
    [
        {"actions": []},
        {"actions": [None]},
        {"actions": [{"action_id": 7, "value": {"x": 1}}]},
        {"actions": [{"action_id": "undo", "selected_option": "x"}], "view": "V"},
        {"actions": [{"action_id": "history.page", "block_id": None}], "container": []},
        {"actions": [{"action_id": "edit.general"}], "trigger_id": None},
        {"user": {}, "actions": [{"action_id": "undo", "value": "1"}]},
        {"user": None, "actions": [{"action_id": "undo", "value": "1"}]},
    ],
)
def test_a_payload_out_of_shape_changes_nothing_and_breaks_nothing(team, payload):
    patience = team.slack.switches.ack_limit
    team.slack.switches.ack_limit = 0.5  # what Bolt itself cannot read is not acknowledged
    act(team, "block_actions", **payload)
    team.slack.switches.ack_limit = patience
    assert team.product.shop.revisions.current().number == 1
    team.command(ADMIN, "help")
    assert "What you can do" in team.shown(ADMIN)


def test_a_form_of_a_former_version_changes_nothing(team):
    team.command(ADMIN, "general")
    shown = team.slack.modal(ADMIN).shown()
    for metadata in ("", "{}", "[]", "not json", '{"based_on": 900}', '{"based_on": "x"}'):
        view = deepcopy(shown) | {"private_metadata": metadata}
        acted = act(team, "view_submission", view=view)
        assert acted.answer, metadata
        assert "Traceback" not in str(acted.answer)
    assert team.product.shop.revisions.current().number == 1


def test_the_unexpected_has_a_reference_that_stands_in_the_log(team, monkeypatch, capsys):
    def broken(*_, **__):
        raise ZeroDivisionError("xoxb-secret")

    monkeypatch.setattr("bot.commands.help.message", broken)
    team.command(ADMIN, "help")
    shown = team.shown(ADMIN)
    reference = shown.partition("the reference ")[2].partition(";")[0]
    assert shown == EN(UNEXPECTED, reference=reference)
    assert len(reference) == 8
    logged = capsys.readouterr()
    assert reference in logged.out + logged.err


def test_a_person_who_cannot_be_told_is_no_end_of_the_process(team):
    team.slack.fault("500", times=None)
    team.slack.command(MEMBER, "help")
    team.settle()
    team.slack.come_back()
    team.forget_people()
    team.redis.delete("ah:slack:team")
    team.command(MEMBER, "help")
    assert "What you can do" in team.shown(MEMBER)


def test_another_slash_command_of_the_app_is_answered_too(team):
    team.slack.switches.commands |= {"/phones"}
    team.command(ADMIN, "/phones help")
    assert "What you can do" in team.shown(ADMIN)


def test_events_and_shortcuts_that_nobody_asked_for_are_taken_in(team):
    assert team.slack.event({"type": "tokens_revoked", "tokens": {"bot": ["U0BOT"]}}).acked
    assert act(team, "shortcut", callback_id="former").acked
    assert act(team, "view_closed", view={"id": "V1", "type": "modal"}).acked


def test_the_environments_oauth_names_do_not_change_what_bolt_does(team, monkeypatch):
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "s" * 16)
    app = Team(str(team.product.shop.url), team.product.shop.data_dir, team.product.sandbox).app
    assert app.oauth_flow is None


def test_an_answer_whose_address_ran_out_comes_as_a_direct_message(team):
    team.slack.switches.response_url_life = -1.0
    team.command(ADMIN, "help")
    assert "What you can do" in team.direct(ADMIN)[-1]
    assert not team.slack.ephemerals(ADMIN)


def test_an_answer_to_an_address_that_is_not_slacks_comes_as_a_direct_message(team):
    act(team, "block_actions", actions=[{"action_id": "x"}], response_url="http://127.0.0.1:1/x")
    assert team.direct(ADMIN) == [FORMER]


def test_a_search_in_a_form_of_a_former_version_is_answered_in_words(team):
    team.command(ADMIN, "general")
    for metadata in ("", "{}", '{"based_on":1e999,"fresh":0,"at":"","over":""}'):
        view = team.slack.modal(ADMIN).shown() | {"private_metadata": metadata}
        path = "fallback_owner"
        acted = act(team, "block_suggestion", action_id="value", block_id=path, value="", view=view)
        assert [each["text"]["text"] for each in acted.answer["options"]] == [FORMER_LIST]


def test_a_page_of_no_list_is_answered_in_words(team):
    act(team, "block_actions", actions=[{"action_id": "history.page", "value": "1"}])
    assert team.shown(ADMIN) == FORMER
