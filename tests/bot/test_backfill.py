"""`backfill` in Slack: which time, the preview, start, stop, report, and what can be wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.asking.acts import Act
from bot.asking.asked import Asked
from bot.asking.people import Person
from bot.asking.standing import Rank, Standing
from bot.backfill.asking import refusal
from bot.backfill.preview import target_of
from bot.backfill.span import Span
from bot.backfill.telling import show
from bot.operations.telling import tell
from bot.words import words_in
from rules.settings import Settings
from store import keys
from store.backfills import Backfills, Previews
from store.connection import now_ms
from store.operation_messages import OperationMessages
from store.operations import Operations
from store.tombstone import DELETED
from sync.backfill import going
from sync.backfill.tending import tend
from tests.bot.team import ADMIN, CALLS, GERMAN, GUEST, MEMBER, OWNER
from tests.sync.backfill.past import DAY, START, a_known_world, dated, many, past_call
from tests.worker.product import ADMIN as SOMEBODY

SPAN = " ".join(
    f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}" for at in (START, START + 30_000)
)
"""30,000 seconds from START on."""


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(going, "PATIENCE", 0.0)


def day(after):
    """So many days after START, as a date picker sends it."""
    return f"{datetime.fromtimestamp(START + after * DAY, UTC):%Y-%m-%d}"


def preview_of(team, user=ADMIN, typed=SPAN):
    """Ask for a preview and count it; what the person was written directly."""
    team.command(user, f"backfill {typed}")
    team.background()
    return team.direct(user)[-1]


def through(team, rounds=30):
    for _ in range(rounds):
        team.background()
        operation = Operations(team.redis).current("backfill")
        if not operation.active:
            team.background()
            return operation
        team.product.recover()
        going.go_on()
    raise AssertionError(f"it does not end: {operation}")


def test_a_preview_says_what_would_be_logged_and_what_would_not(team):
    a_known_world(team.product)
    said = preview_of(team)
    assert "Preview of a backfill" in said
    assert "7 of 16 calls would be logged." not in said
    assert "8 of 16 calls would be logged." in said
    for row in (
        "Missed incoming call without voicemail: 3",
        "Answered incoming call: 2",
        "Answered outgoing call: 1",
        "Unanswered outgoing call: 1",
        "Missed incoming call with voicemail: 1",
        "8 calls",
        "4 tickets",
        "contacts for up to 2 unknown phones (those that HubSpot knows get none)",
        "3 are ignored: number not connected",
        "1 is ignored: outside business hours",
        "1 was logged already",
        "1 was logged by another integration, such as Aircall’s own app",
        "1 is on its way to HubSpot already",
        "1 has not ended yet",
        "messages cannot be read again from Aircall",
    ):
        assert row in said
    assert "[Log 8 calls]" in said
    assert "[Cancel]" in said


def test_what_was_asked_for_is_shown_back_as_slack_dates(team):
    team.command(ADMIN, f"backfill {SPAN}")
    assert "I count the calls" in team.shown(ADMIN)
    team.background()
    blocks = str(team.slack.direct_messages(ADMIN)[-1].blocks)
    assert f"<!date^{START}^" in blocks
    assert f"<!date^{START + 30_000}^" in blocks


def test_it_is_told_in_one_message_that_is_updated(team):
    many(team.product, 10)
    preview_of(team)
    assert len(team.direct(ADMIN)) == 1


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


def test_nobody_but_admins_may(team):
    for user in (MEMBER, GUEST):
        team.command(user, f"backfill {SPAN}")
        assert "backfill" not in "".join(team.direct(user)).casefold()
        assert Previews(team.redis).open() == ()


def test_who_lost_the_right_meanwhile_starts_nothing(team):
    many(team.product, 1)
    preview_of(team)
    team.slack.set_roles(ADMIN)
    team.forget_people()
    team.click(ADMIN, "backfill.start")
    assert Operations(team.redis).current("backfill") is None


def test_an_expired_preview_starts_nothing_and_can_be_counted_again(team):
    many(team.product, 3)
    preview_of(team)
    id_ = target_of(_value(team, "backfill.start")).id
    team.redis.delete(keys.backfill_preview(id_), keys.backfill_phones(id_))
    team.click(ADMIN, "backfill.start")
    assert "This preview has expired: it can be started once, within an hour." in team.shown(ADMIN)
    assert Operations(team.redis).current("backfill") is None
    team.click(ADMIN, "Count again")
    team.background()
    assert "3 of 3 calls would be logged." in team.direct(ADMIN)[-1]


def test_settings_that_changed_meanwhile_make_it_count_anew(team):
    many(team.product, 3)
    preview_of(team)
    team.set(create_contacts=False)
    team.click(ADMIN, "backfill.start")
    assert "The settings were changed since this was counted" in "".join(team.direct(ADMIN))
    assert Operations(team.redis).current("backfill") is None
    team.click(ADMIN, "Count again")
    team.background()
    team.click(ADMIN, "backfill.start")
    assert through(team).counts["logged"] == 3


def test_cancelled_it_logs_nothing(team):
    many(team.product, 3)
    preview_of(team)
    value = _value(team, "backfill.start")
    team.click(ADMIN, "Cancel")
    assert "Cancelled: nothing was logged by it." in team.shown(ADMIN)
    assert Previews(team.redis).of(target_of(value).id) is None
    assert list(team.redis.scan_iter("ah:backfill*")) == []


def test_cancelled_while_it_is_counted_it_stays_cancelled(team):
    many(team.product, 3)
    team.command(ADMIN, f"backfill {SPAN}")
    show(team.desk, Previews(team.redis).open()[0])
    assert "Counting the calls …" in team.direct(ADMIN)[-1]
    team.click(ADMIN, "Cancel")
    team.background()
    assert "Cancelled" in team.direct(ADMIN)[-1]
    assert list(team.redis.scan_iter("ah:backfill*")) == []


def test_while_disabled_it_may_be_counted_and_not_started(team):
    many(team.product, 3)
    team.set(enabled=False)
    said = preview_of(team)
    assert "3 of 3 calls would be logged." in said
    assert "The integration is disabled: enable it before you start." in said
    team.click(ADMIN, "backfill.start")
    assert "The integration is disabled: enable it" in team.shown(ADMIN)
    assert "[Enable]" in team.shown(ADMIN)
    assert Operations(team.redis).current("backfill") is None
    # Enabled, it starts as it was counted: that it was disabled never counted.
    team.click(ADMIN, "Enable")
    team.click(ADMIN, "backfill.start")
    assert through(team).counts["logged"] == 3


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


def test_a_deleted_integration_logs_no_past(team):
    current = team.product.shop.revisions.current()
    team.product.shop.revisions.save(
        Settings(), SOMEBODY, current.number, DELETED, even_unchanged=True
    )
    team.command(ADMIN, f"backfill {SPAN}")
    assert "The integration was deleted" in team.shown(ADMIN)
    assert Previews(team.redis).open() == ()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("next week", "“next” is no date or time that I can read."),
        ("11/01/2026", "“11/01/2026” is no date"),
        ("<!channel> today", "<!channel>” is no date"),
        ("2026-02-30", "There is no such day as “2026-02-30”."),
        ("yesterday 25:00", "“25:00” is no time of day"),
        ("today yesterday", "lies after the end"),
        ("2131-01-01", "lies in the future"),
        ("yesterday 2131-01-01", "leave it out for all until now"),
        ("2020-01-01 today", "Aircall tells of the last six months only"),
        ("yesterday today 2026-11-01", "“2026-11-01” is too much."),
        ("to", "Say from when to when."),
    ],
)
def test_what_is_wrong_with_a_time_is_named_with_an_example(team, typed, said):
    team.command(ADMIN, f"backfill {typed}")
    shown = team.shown(ADMIN)
    assert said in shown
    assert "backfill 2026-11-01 2026-11-03" in shown
    assert Previews(team.redis).open() == ()


def test_the_earliest_possible_day_is_named(team):
    team.command(ADMIN, "backfill 2020-01-01")
    assert "the earliest possible day is" in team.shown(ADMIN)
    assert "<!date^" in str(team.slack.ephemerals(ADMIN)[-1].blocks)


def test_a_time_that_is_forgotten_here_is_refused_where_it_could_double(team):
    shop = team.desk.shop
    retention = shop.file.retention.model_copy(update={"ids": 10})
    file = shop.file.model_copy(update={"retention": retention})
    act, who = Act("command", ADMIN), Standing(Rank.ADMIN, "listed")
    desk = replace(team.desk, shop=replace(shop, file=file))
    asked = Asked(desk, act, Person(ADMIN), who, words_in("en"))
    span = Span(START, START + 100)
    assert refusal(asked, span) is None
    shop.directory.write("unique", {"calls": False})
    refused = refusal(asked, span)
    assert "could be logged twice" in refused.text
    now = now_ms(team.redis) // 1000
    assert refusal(asked, Span(now - 5 * DAY, now)) is None


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


def test_in_german_and_in_ones_own_time_zone(team):
    team.desk.grants.give(GERMAN, by=OWNER, seconds=None)
    dated(team.product, START - DAY, numbers=(1001,))
    many(team.product, 2)
    there = datetime.fromtimestamp(START, ZoneInfo("Europe/Berlin"))
    first, last = f"{there:%d.%m.%Y %H:%M}", f"{there + timedelta(minutes=1):%d.%m.%Y %H:%M}"
    said = preview_of(team, GERMAN, f"{first} {last} Uhr")
    assert "[2 Anrufe nachtragen]" in said
    preview = Previews(team.redis).of(target_of(_value(team, "backfill.start", GERMAN)).id)
    assert (preview.start, preview.end) == (START, START + 60)
    assert preview.counts["log"] == 2


# the form


def test_without_a_time_a_form_asks_for_it(team):
    many(team.product, 3)
    team.command(ADMIN, "backfill")
    team.choose(ADMIN, "start", day(0))
    team.choose(ADMIN, "end", day(1))
    team.submit(ADMIN)
    assert "I count the calls" in team.shown(ADMIN)
    team.background()
    assert "3 of 3 calls would be logged." in team.direct(ADMIN)[-1]


def test_the_form_takes_times_of_day_in_the_persons_zone(team):
    team.desk.grants.give(GERMAN, by=OWNER, seconds=None)
    team.command(GERMAN, "backfill")
    there = datetime.fromtimestamp(START, ZoneInfo("Europe/Berlin"))
    for name, value in {
        "start": f"{there:%Y-%m-%d}",
        "start_time": f"{there:%H:%M}",
        "end": f"{there:%Y-%m-%d}",
        "end_time": f"{there + timedelta(minutes=1):%H:%M}",
    }.items():
        team.choose(GERMAN, name, value)
    team.submit(GERMAN)
    (id_,) = Previews(team.redis).open()
    preview = Previews(team.redis).of(id_)
    assert (preview.start, preview.end) == (START, START + 60)


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"start": day(1), "end": day(0)}, "start", "lies after the end"),
        ({"start": "2020-01-01"}, "start", "the earliest possible day is"),
        ({"start": "2131-01-01"}, "start", "lies in the future"),
        ({"start": day(0), "end": "2131-01-01"}, "end", "lies in the future"),
    ],
)
def test_the_form_says_what_is_wrong_below_its_field(team, typed, field, said):
    team.command(ADMIN, "backfill")
    for name, value in typed.items():
        team.choose(ADMIN, name, value)
    errors = team.submit(ADMIN).errors
    assert list(errors) == [field]
    assert said in errors[field]
    assert Previews(team.redis).open() == ()


def test_the_form_says_what_keeps_it(team):
    many(team.product, 450, every=10)
    preview_of(team)
    team.click(ADMIN, "backfill.start")
    team.command(ADMIN, "backfill")
    team.choose(ADMIN, "start", day(0))
    team.submit(ADMIN)
    assert "A backfill is running already" in team.shown(ADMIN)
    assert "[Stop]" in team.shown(ADMIN)


@pytest.mark.parametrize(
    "value", ["", "1", "a b c", "a 1 2 3", "é 1 2", f"a {'9' * 12} 1", "a -1 2", f"{'a' * 41} 1 2"]
)
def test_a_value_that_was_made_up_means_nothing(value):
    assert target_of(value) is None


@pytest.mark.parametrize("action", ["backfill.start", "backfill.cancel", "backfill.again"])
def test_a_made_up_button_is_answered(team, action):
    many(team.product, 1)
    preview_of(team)
    _forge(team, action, "made up")
    assert "from a former version" in team.shown(ADMIN)


def _forge(team, action, value):
    """Click a button of the preview that somebody made."""
    message = team.slack.direct_messages(ADMIN)[-1]
    row = next(each for each in message.blocks if each["type"] == "actions")
    forged = {name: text for name, text in row["elements"][0].items() if name != "confirm"}
    row["elements"] = [{**forged, "action_id": action, "value": value}]
    team.click(ADMIN, action, where=message)


def test_counting_again_a_time_that_became_too_old_is_refused(team):
    many(team.product, 1)
    preview_of(team)
    _forge(team, "backfill.again", "again 1000 2000")
    assert "Aircall tells of the last six months only" in team.direct(ADMIN)[-1]


def _value(team, action, user=ADMIN):
    """The value of a button in the last direct message."""
    blocks = team.slack.direct_messages(user)[-1].blocks
    elements = (each for block in blocks for each in block.get("elements", []))
    return next(each["value"] for each in elements if each.get("action_id") == action)


def test_many_open_previews_are_enough(team):
    for _ in range(5):
        Previews(team.redis).begin(OWNER, "", START, START + 1, 1)
    team.command(ADMIN, f"backfill {SPAN}")
    assert "Several previews are being counted already" in team.shown(ADMIN)


def test_a_time_without_calls_is_said(team):
    past_call(team.product, 1, 40_000)
    said = preview_of(team)
    assert "Aircall has no calls of this time." in said
    assert "[Log" not in said
