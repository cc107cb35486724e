"""The preview of `backfill`: what it says, who may begin it, and what makes it worthless."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.backfill.preview import target_of
from bot.backfill.telling import show
from rules.settings import Settings
from store import keys
from store.backfills import Previews
from store.operations import Operations
from store.tombstone import DELETED
from tests.bot.backfill.asked import SPAN, forge, preview_of, through, value_of
from tests.bot.team import ADMIN, GERMAN, GUEST, MEMBER, OWNER
from tests.sync.backfill.past import DAY, START, a_known_world, dated, many, past_call
from tests.worker.product import ADMIN as SOMEBODY


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
    id_ = target_of(value_of(team, "backfill.start")).id
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
    value = value_of(team, "backfill.start")
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


def test_a_deleted_integration_logs_no_past(team):
    current = team.product.shop.revisions.current()
    team.product.shop.revisions.save(
        Settings(), SOMEBODY, current.number, DELETED, even_unchanged=True
    )
    team.command(ADMIN, f"backfill {SPAN}")
    assert "The integration was deleted" in team.shown(ADMIN)
    assert Previews(team.redis).open() == ()


def test_in_german_and_in_ones_own_time_zone(team):
    team.desk.grants.give(GERMAN, by=OWNER, seconds=None)
    dated(team.product, START - DAY, numbers=(1001,))
    many(team.product, 2)
    there = datetime.fromtimestamp(START, ZoneInfo("Europe/Berlin"))
    first, last = f"{there:%d.%m.%Y %H:%M}", f"{there + timedelta(minutes=1):%d.%m.%Y %H:%M}"
    said = preview_of(team, GERMAN, f"{first} {last} Uhr")
    assert "[2 Anrufe nachtragen]" in said
    preview = Previews(team.redis).of(target_of(value_of(team, "backfill.start", GERMAN)).id)
    assert (preview.start, preview.end) == (START, START + 60)
    assert preview.counts["log"] == 2


@pytest.mark.parametrize(
    "value", ["", "1", "a b c", "a 1 2 3", "é 1 2", f"a {'9' * 12} 1", "a -1 2", f"{'a' * 41} 1 2"]
)
def test_a_value_that_was_made_up_means_nothing(value):
    assert target_of(value) is None


@pytest.mark.parametrize("action", ["backfill.start", "backfill.cancel", "backfill.again"])
def test_a_made_up_button_is_answered(team, action):
    many(team.product, 1)
    preview_of(team)
    forge(team, action, "made up")
    assert "from a former version" in team.shown(ADMIN)


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
