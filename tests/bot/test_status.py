"""The status in Slack: for everybody, by their right, of their day, and shown anew in its place."""

import pytest
from redis.exceptions import ConnectionError as RedisAway

from rules.hours import UNKNOWN
from sandbox.traffic import call_events
from store import keys
from store.connection import now_ms
from tests.bot.team import ADMIN, CALLS, GERMAN, GUEST, MEMBER, OWNER
from tests.worker.product import KNOWN, START, call


@pytest.mark.parametrize("word", ["", "status", "STATUS"])
def test_the_bare_command_is_the_status(team, word):
    team.command(MEMBER, word)
    assert "Enabled since today" in team.shown(MEMBER)


@pytest.mark.parametrize("user", [MEMBER, GUEST])
def test_who_may_change_nothing_sees_the_same_without_buttons_that_change(team, user):
    team.command(user, "status")
    shown = team.shown(user)
    assert "Connected numbers: all, new ones too" in shown
    assert shown.endswith("[Refresh]")


def test_nobody_else_sees_the_answer(team):
    team.command(MEMBER, "status")
    assert team.messages(CALLS) == []
    assert team.last_private(ADMIN) is None


def test_a_days_work_is_counted(team):
    product = team.product
    product.log(call(id_=1))
    product.set(enabled=False)
    product.log(call(id_=2))
    team.command(ADMIN)
    shown = team.shown(ADMIN)
    assert "Disabled since today" in shown
    assert "Today: 1 logged, 1 ignored, 0 failed (ignored: 1 disabled)" in shown
    assert "Last event from Aircall: today" in shown
    assert "[Enable] [Settings] [⋯ Refresh | " in shown


def test_unknown_hours_are_counted_where_only_hours_count(team):
    team.product.set(business_hours_only=True)
    team.product.log(call(id_=1))
    assert team.product.decision("call-1").choices["hours"].startswith(UNKNOWN)
    team.command(ADMIN)
    assert "Of 1 logged today nothing told whether it came within" in team.shown(ADMIN)


def test_yesterdays_work_of_one_reader_is_still_todays_for_another(team):
    """One counted so long ago that somebody's midnight lies between: by each one's own clock."""
    team.slack.person(MEMBER).tz = "Pacific/Kiritimati"
    team.slack.person(OWNER).tz = "Pacific/Pago_Pago"  # 25 hours behind
    for hours in range(1, 25):
        now = now_ms(team.redis)
        team.redis.hincrby(keys.quarter((now - hours * 3_600_000) // 900_000), "logged|x", 1)
    counts = []
    for user in (MEMBER, OWNER):
        team.command(user)
        counts.append(_logged(team.shown(user)))
    # Their days began 25 hours apart, so at most 24 of the hours lie in either.
    assert counts[0] != counts[1]
    assert 0 <= min(counts) < max(counts) <= 24


def _logged(shown: str) -> int:
    return int(shown.partition("Today: ")[2].partition(" logged")[0])


def test_what_waits_for_a_vendor_is_told_with_its_reason(team):
    product = team.product
    product.shop.limits.pause("hubspot", 3600, "down")
    product.deliver(call(id_=1))
    product.drain()
    team.command(ADMIN)
    shown = team.shown(ADMIN)
    assert "Waiting: 1, the oldest for " in shown
    assert "(1 for HubSpot)" in shown
    assert "HubSpot: not asked since today" in shown
    assert "it does not answer" in shown


def test_a_call_in_progress_does_not_wait(team):
    team.product.log(call_events(1, "inbound_answered", start=START, phone=KNOWN)[:2])
    team.command(ADMIN)
    assert "Waiting: none" in team.shown(ADMIN)


def test_refresh_shows_it_anew_in_the_same_place(team):
    team.command(MEMBER)
    before = len(team.slack.ephemerals(MEMBER))
    team.product.set(enabled=False)
    team.click(MEMBER, "Refresh")
    assert "Disabled since" in team.shown(MEMBER)
    assert len(team.slack.ephemerals(MEMBER)) == before


def test_the_menu_runs_the_sub_command_for_who_may(team):
    team.command(ADMIN)
    team.click(ADMIN, "status.more#menu", "history")
    assert "evision" in team.shown(ADMIN)


def test_the_menu_of_somebody_who_is_no_admin_any_more_changes_nothing(team):
    team.command(ADMIN)
    team.slack.set_roles(ADMIN)
    team.forget_people()
    team.click(ADMIN, "status.more#menu", "history")
    assert "Only admins of this integration may do this." in team.shown(ADMIN)


def test_settings_are_one_click_away(team):
    team.command(ADMIN)
    team.click(ADMIN, "Settings")
    assert team.slack.modal(ADMIN) is not None


def test_an_alert_is_shown_with_the_form_that_mends_it(team):
    about = {"pipeline": "0", "stage": "9", "kinds": "inbound_missed"}
    team.product.shop.alerts.raise_("stage missing 0/9", "Ticket stage 9 is missing.", about)
    team.command(ADMIN)
    assert (
        ":warning: The stage “9” of the ticket pipeline “0” is missing in HubSpot. No tickets are "
        "opened any more for: Missed incoming call without voicemail."
    ) in team.shown(ADMIN)
    team.click(ADMIN, "Choose a new stage")
    assert team.slack.modal(ADMIN) is not None


def test_a_store_that_is_away_is_said_in_words(team, monkeypatch):
    def away(*_: object) -> None:
        raise RedisAway

    monkeypatch.setattr("bot.commands.status.gather", away)
    team.command(ADMIN)
    assert "Our store (Redis) does not answer" in team.shown(ADMIN)


def test_a_german_reads_no_english_dates(team):
    team.command(GERMAN)
    assert team.shown(GERMAN)
