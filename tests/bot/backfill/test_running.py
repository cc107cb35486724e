"""A backfill that was begun: progress, stop, report, and what holds it up."""

from __future__ import annotations

from dataclasses import replace

from bot.operations.telling import tell
from store import keys
from store.backfills import Backfills
from store.operation_messages import OperationMessages
from store.operations import Operations
from sync.backfill.tending import tend
from tests.bot.backfill.asked import SPAN, preview_of, through
from tests.bot.team import ADMIN, CALLS, OWNER
from tests.sync.backfill.past import START, a_known_world, many


def test_started_it_logs_exactly_those_and_reports(team):
    a_known_world(team.product)
    preview_of(team)
    team.click(ADMIN, "backfill.start")
    assert "Logging 8 calls has begun." in "".join(team.direct(ADMIN))
    ended = through(team)
    assert (ended.state, ended.counts["logged"]) == ("done", 8)
    calls = [c for c in team.product.all("calls") if c["properties"].get("aircall_id")]
    assert len(calls) == 10
    report = team.channel(CALLS)
    for row in (
        "Backfill of past calls is done.",
        "16 of 16 calls",
        "8 logged · 4 ignored · 4 left out",
        "3 are ignored: number not connected",
        "1 was logged by another integration",
        "Started by @adam",
        "It took",
    ):
        assert row in report
    assert "[Stop]" not in report


def test_a_second_time_there_is_nothing_to_log(team):
    many(team.product, 5)
    preview_of(team)
    team.click(ADMIN, "backfill.start")
    through(team)
    said = preview_of(team)
    assert "Nothing would be logged of 5 calls." in said
    assert "5 were logged already" in said
    assert "[Log" not in said


def test_a_click_that_slack_delivers_twice_starts_one(team):
    many(team.product, 2)
    preview_of(team)
    team.again(team.click(ADMIN, "backfill.start"))
    assert len(team.redis.lrange(keys.BACKFILLS, 0, -1)) == 1


def test_who_had_it_logged_is_kept(team):
    many(team.product, 1)
    preview_of(team)
    team.click(ADMIN, "backfill.start")
    through(team)
    arrived = team.product.record("call-1").call.backfilled.at
    backfill = Backfills(team.redis).at(arrived)
    assert (backfill.by, backfill.start, backfill.end) == (ADMIN, START, START + 30_000)
    team.command(ADMIN, "explain 1")
    assert "It was brought by a backfill that @adam started" in team.shown(ADMIN)


def test_failures_are_led_to_from_the_report(team):
    many(team.product, 3)
    preview_of(team)
    team.product.hubspot.fault(
        "partial", path="*/calls/batch/create", which="first", permanent=True
    )
    team.click(ADMIN, "backfill.start")
    through(team)
    report = team.channel(CALLS)
    assert "2 logged · 1 failed" in report
    assert "[See failures]" in report
    team.click(ADMIN, "See failures")
    assert "Failures" in team.shown(ADMIN)


def test_stop_ends_it_and_says_what_follows(team):
    many(team.product, 450, every=10)
    preview_of(team)
    team.click(ADMIN, "backfill.start")
    team.background()
    team.click(OWNER, "Stop")
    team.background()
    operation = Operations(team.redis).current("backfill")
    assert (operation.state, operation.stopped_by) == ("stopped", OWNER)
    report = team.channel(CALLS)
    assert "Backfill of past calls was stopped." in report
    assert "200 were taken in before and follow by themselves" in report


def test_a_second_admin_sees_the_one_that_runs_with_stop(team):
    many(team.product, 450, every=10)
    preview_of(team)
    preview_of(team, OWNER)
    team.click(ADMIN, "backfill.start")
    team.background()
    for act in (
        lambda: team.command(OWNER, f"backfill {SPAN}"),
        lambda: team.click(OWNER, "backfill.start"),
    ):
        act()
        shown = team.shown(OWNER)
        assert "A backfill is running already; there is one at a time." in shown
        assert "Started by @adam" in shown
        assert "[Stop]" in shown
    team.click(OWNER, "Stop")
    assert Operations(team.redis).current("backfill").state == "stopping"


def test_disabled_meanwhile_it_says_that_it_waits(team):
    many(team.product, 3)
    preview_of(team)
    team.click(ADMIN, "backfill.start")
    team.set(enabled=False)
    team.background()
    kept = OperationMessages(team.redis)
    told = kept.of("backfill")
    kept.keep("backfill", replace(told, at=told.at - 60_000))
    tell("backfill")
    assert "It waits, and goes on by itself: The integration is disabled" in team.channel(CALLS)


def test_aircall_unavailable_is_said_and_it_goes_on_by_itself(team):
    many(team.product, 3)
    team.product.aircall.fault("503", times=None)
    said = preview_of(team)
    assert "It waits, and goes on by itself: Aircall is in trouble: it answered 503." in said
    team.product.aircall.faults.clear()
    team.product.pass_time(120)
    tend(team.redis)
    team.background()
    assert "3 of 3 calls would be logged." in team.direct(ADMIN)[-1]


def test_a_slack_that_takes_no_message_is_asked_again(team):
    many(team.product, 3)
    team.slack.fault("429", retry_after=30, path="/api/chat.postMessage", times=None)
    team.command(ADMIN, f"backfill {SPAN}")
    team.background()
    assert team.direct(ADMIN) == []
    for key in team.redis.scan_iter(keys.backfill_telling("*")):
        team.redis.delete(key)
    team.slack.faults.clear()
    tend(team.redis)
    team.background()
    assert "3 of 3 calls would be logged." in team.direct(ADMIN)[-1]
