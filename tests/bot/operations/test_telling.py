"""One message tells of a long work: posted once, updated in place, ended with the report."""

import threading
from dataclasses import replace

import pytest

from bot.asking.acts import Act
from bot.asking.asked import Asked
from bot.asking.people import Person
from bot.asking.standing import Rank, Standing
from bot.operations import telling
from bot.operations.telling import begin_telling, show, tell
from bot.words import words_in
from store import keys
from store.operation_messages import OperationMessages
from store.operations import Operations
from tests.bot.team import ADMIN, CALLS, GERMAN, GUEST, MEMBER, OWNER
from worker.nudge import BACKGROUND, queue

TOLD = keys.operation_message("contacts")


@pytest.fixture
def copying(team):
    """A copy of 1,000 contacts that was begun, 100 of them done."""
    operations = Operations(team.redis)
    begun = operations.start("contacts", ADMIN, "adam", {}, 1000)
    return operations.progress(begun, {}, {"done": 100, "created": 7, "skipped": 2})


def asking(team, user=ADMIN, **act):
    act = Act("command", user, channel=CALLS, **act)
    return Asked(team.desk, act, Person(user), Standing(Rank.ADMIN, "listed"), words_in("en"))


def later(team, ms=60_000):
    """Let so much time pass since the message was last written."""
    kept = OperationMessages(team.redis)
    told = kept.of("contacts")
    earlier = tuple((at - ms, done) for at, done in told.samples)
    moved = replace(told, at=told.at - ms, posted=told.posted - ms, samples=earlier)
    kept.keep("contacts", moved)


def test_it_is_posted_in_the_channel_with_bar_counts_and_who_began(team, copying):
    tell("contacts")
    said = team.channel(CALLS)
    assert "Copy of all contacts to Aircall" in said
    assert "██░░░░░░░░░░░░░░░░░░ 10 %: 100 of 1,000 contacts" in said
    assert "7 created · 2 left out" in said
    assert "Started by @adam" in said
    assert "Time to go: not known yet." in said
    assert "[Stop]" in said


def test_it_is_updated_in_place_with_the_rate_and_time_to_go(team, copying):
    tell("contacts")
    later(team, 30_000)
    Operations(team.redis).progress(copying, {}, {"done": 150})
    tell("contacts")
    assert len(team.messages(CALLS)) == 1
    said = team.channel(CALLS)
    assert "15 %: 150 of 1,000 contacts" in said
    assert "100 in the last minute" in said
    assert "Time to go: about 9 minutes." in said or "Time to go: about 8 minutes." in said


def test_it_is_updated_at_most_every_few_seconds(team, copying):
    tell("contacts")
    asked = team.slack.count("POST", "/api/chat.update")
    for done in range(110, 120):
        Operations(team.redis).progress(copying, {}, {"done": done})
        tell("contacts")
    assert team.slack.count("POST", "/api/chat.update") == asked
    later(team, telling.EVERY)
    tell("contacts")
    assert "119 of 1,000" in team.channel(CALLS)


def test_what_it_waits_for_is_said_instead_of_a_time_to_go(team, copying):
    tell("contacts")
    later(team)
    Operations(team.redis).progress(copying, {}, {"done": 150}, trouble="Aircall does not answer.")
    tell("contacts")
    said = team.channel(CALLS)
    assert "It waits, and goes on by itself: Aircall does not answer." in said
    assert "in the last minute" not in said
    assert "Time to go" not in said


def test_that_nothing_moves_is_said(team, copying, monkeypatch):
    real = telling.now_ms
    monkeypatch.setattr(telling, "now_ms", lambda connection: real(connection) + 300_000)
    tell("contacts")
    assert "Nothing has moved for 5 minutes; time to go: unknown." in team.channel(CALLS)


def test_a_total_that_nobody_knows_has_no_bar(team):
    begun = Operations(team.redis).start("removal", ADMIN, "adam", {})
    Operations(team.redis).progress(begun, {}, {"done": 5})
    tell("removal")
    assert "5 contacts" in team.channel(CALLS)
    assert "%" not in team.channel(CALLS)


def test_it_ends_with_the_report_at_once(team, copying):
    tell("contacts")
    Operations(team.redis).end(copying, "done")
    tell("contacts")
    said = team.channel(CALLS)
    assert "Copy of all contacts to Aircall is done." in said
    assert "Started by @adam" in said
    assert "It took " in said
    assert "[Stop]" not in said
    asked = team.slack.count("POST", "/api/chat.update")
    later(team)
    tell("contacts")
    assert team.slack.count("POST", "/api/chat.update") == asked


def test_why_it_failed_is_said(team, copying):
    Operations(team.redis).end(copying, "failed", "Aircall refuses all contacts.")
    tell("contacts")
    assert "Copy of all contacts to Aircall failed." in team.channel(CALLS)
    assert "Aircall refuses all contacts." in team.channel(CALLS)


def test_who_stopped_it_is_said(team, copying):
    tell("contacts")
    team.click(OWNER, "Stop")
    assert Operations(team.redis).current("contacts").state == "stopping"
    tell("contacts")
    assert "It stops after its present step." in team.channel(CALLS)
    assert "[Stop]" not in team.channel(CALLS)
    Operations(team.redis).end(copying, "stopped")
    tell("contacts")
    assert "Copy of all contacts to Aircall was stopped." in team.channel(CALLS)
    assert "Stopped by @olivia" in team.channel(CALLS)


def test_who_may_not_stop_it_does_not(team, copying):
    tell("contacts")
    for user in (MEMBER, GUEST):
        team.click(user, "Stop", where=team.slack.messages(CALLS)[-1])
        assert Operations(team.redis).current("contacts").state == "running"


def test_a_button_of_former_work_stops_no_other(team, copying):
    tell("contacts")
    message = team.slack.messages(CALLS)[-1]
    operations = Operations(team.redis)
    operations.end(copying, "done")
    operations.start("contacts", OWNER, "olivia", {})
    team.click(ADMIN, "Stop", where=message)
    assert operations.current("contacts").state == "running"
    assert "It is over already." in team.shown(ADMIN)


def test_a_message_that_was_deleted_is_posted_again_while_it_is_active(team, copying):
    tell("contacts")
    remove(team)
    later(team, telling.POST_EVERY + 1000)
    Operations(team.redis).progress(copying, {}, {"done": 200})
    tell("contacts")
    assert len(team.messages(CALLS)) == 1
    assert "200 of 1,000" in team.channel(CALLS)


def test_whoever_deletes_it_again_and_again_is_answered_once_a_minute(team, copying):
    tell("contacts")
    remove(team)
    for done in (200, 300, 400):
        later(team, telling.EVERY)
        Operations(team.redis).progress(copying, {}, {"done": done})
        tell("contacts")
    assert team.messages(CALLS) == []


def test_the_report_comes_though_the_message_was_deleted(team, copying):
    tell("contacts")
    remove(team)
    Operations(team.redis).end(copying, "done")
    tell("contacts")
    assert "is done." in team.channel(CALLS)


@pytest.mark.slack(channel="")
def test_without_a_channel_who_began_it_is_told_in_their_language(team):
    operations = Operations(team.redis)
    begun = operations.start("contacts", GERMAN, "greta", {}, 1000)
    tell("contacts")
    assert len(team.direct(GERMAN)) == 1
    assert "1.000" in team.direct(GERMAN)[0]
    operations.end(begun, "done")
    tell("contacts")
    assert len(team.direct(GERMAN)) == 1


def test_a_slack_that_is_down_is_told_when_it_is_back(team, copying):
    team.slack.fault("429", retry_after=30, path="/api/chat.postMessage")
    tell("contacts")
    tell("contacts")
    assert team.messages(CALLS) == []
    assert 25 < team.redis.ttl(keys.operation_telling("contacts")) <= 30
    team.redis.delete(keys.operation_telling("contacts"))
    tell("contacts")
    assert len(team.messages(CALLS)) == 1


def test_many_processes_post_one_message(team, copying):
    threads = [threading.Thread(target=show, args=(team.desk, "contacts")) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(team.messages(CALLS)) == 1


def test_a_report_is_not_lost_though_another_was_begun_before_it_could_be_told(team, copying):
    tell("contacts")
    operations = Operations(team.redis)
    operations.end(copying, "done")
    operations.start("contacts", OWNER, "olivia", {})
    tell("contacts")
    before, after = team.messages(CALLS)
    assert "Copy of all contacts to Aircall is done." in before
    assert "7 created · 2 left out" in before
    assert "[Stop]" in after
    tell("contacts")
    assert len(team.messages(CALLS)) == 2
    assert operations.untold("contacts") == ()


def test_all_that_ended_while_slack_was_down_is_told_in_its_order(team, copying):
    tell("contacts")
    team.slack.go_down()
    operations = Operations(team.redis)
    operations.end(copying, "done")
    for user in (OWNER, MEMBER):
        operations.end(operations.start("contacts", user, "", {}), "stopped")
        tell("contacts")
    operations.start("contacts", GERMAN, "greta", {})
    team.slack.come_back()
    team.redis.delete(keys.operation_telling("contacts"))
    tell("contacts")
    said = team.messages(CALLS)
    assert len(said) == 4
    assert "is done." in said[0]
    assert all("was stopped." in each for each in said[1:3])
    assert "[Stop]" in said[3]


def test_whoever_dies_after_a_former_report_was_told_makes_nothing_come_again(
    team, copying, monkeypatch
):
    def die(*_):
        raise SystemExit

    tell("contacts")
    operations = Operations(team.redis)
    operations.end(copying, "done")
    operations.start("contacts", OWNER, "olivia", {})
    with monkeypatch.context() as patched:
        patched.setattr(Operations, "told", die)
        with pytest.raises(SystemExit):
            tell("contacts")
    team.redis.delete(keys.operation_telling("contacts"))
    tell("contacts")
    assert ["is done." in each for each in team.messages(CALLS)] == [True, False]


def test_whoever_is_too_slow_leaves_the_rest_to_the_process_that_took_over(
    team, copying, monkeypatch
):
    def told_late(operations, former):
        told(operations, former)
        team.redis.set(keys.operation_telling("contacts"), "another process")

    tell("contacts")
    operations, told = Operations(team.redis), Operations.told
    operations.end(copying, "done")
    operations.start("contacts", OWNER, "olivia", {})
    with monkeypatch.context() as patched:
        patched.setattr(Operations, "told", told_late)
        tell("contacts")
    assert ["is done." in each for each in team.messages(CALLS)] == [True]
    assert team.redis.get(keys.operation_telling("contacts")) == b"another process"


def test_an_end_that_nobody_can_read_is_no_reason_to_try_for_ever(team):
    operations = Operations(team.redis)
    begun = operations.start("contacts", "U0NOBODY", "", {})
    operations.end(begun, "done")
    team.slack.kick(CALLS)
    tell("contacts")
    assert OperationMessages(team.redis).of("contacts").over


def test_whoever_begins_it_is_told_where_to_look(team, copying):
    begin_telling(asking(team), copying)
    team.settle()
    assert len(team.messages(CALLS)) == 1
    assert "It has begun. #" in team.direct(ADMIN)[-1]


@pytest.mark.slack(channel="")
def test_whoever_begins_it_without_a_channel_has_the_message_itself(team):
    begun = Operations(team.redis).start("contacts", ADMIN, "adam", {})
    begin_telling(asking(team), begun)
    team.settle()
    assert len(team.direct(ADMIN)) == 1
    assert "Copy of all contacts" in team.direct(ADMIN)[0]


def test_the_work_is_called_for_when_it_begins(team, copying):
    begin_telling(asking(team), copying)
    team.settle()
    waiting = [job.func_name for job in queue(team.redis, BACKGROUND).jobs]
    assert "sync.contacts.copy.go_on" in waiting


def test_a_kind_that_nobody_knows_tells_nothing(team):
    tell("nonsense")
    assert team.messages(CALLS) == []


def remove(team):
    """Delete the message, as a person may."""
    team.slack.house.board.drop(team.slack.messages(CALLS)[-1])
