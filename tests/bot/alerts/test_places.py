"""Where alerts stand: in the channel, in another one, with the admins, and back."""

import pytest

from store import keys
from tests.bot.alerts.lines import POST, UPDATE, clock, gone
from tests.bot.passing import DAY, HOUR, open_in, pass_time, resolved_in
from tests.bot.team import ADMIN, CALLS, GERMAN, LEADS, MEMBER, OLD, OWNER, RANDOM


def test_one_that_somebody_deleted_is_posted_again_while_it_is_open(team, alerts):
    gone(alerts, 7)
    team.background()
    board = team.slack.house.board
    board.drop(board.messages[-1])
    gone(alerts, 7, "Paris")
    team.background()
    (text,) = team.messages(CALLS)
    assert "Paris" in text
    board.drop(board.messages[-1])
    alerts.resolve("line 7")
    team.background()
    assert team.messages(CALLS) == []
    assert not team.redis.exists(keys.ALERT_POSTS)


@pytest.mark.slack(channel=OLD, admins=[MEMBER, GERMAN])
def test_an_archived_channel_is_replaced_by_the_admins_and_shows_in_the_status(team, alerts):
    gone(alerts, 7)
    team.background()
    assert len(team.direct(MEMBER)) == len(team.direct(GERMAN)) == 1
    assert "The line Berlin is gone." in team.direct(MEMBER)[0]
    team.command(ADMIN, "status")
    assert "nothing reaches" in team.shown(ADMIN)
    alerts.resolve("line 7")
    team.background()
    assert "Resolved" in team.direct(MEMBER)[0]
    assert len(team.direct(MEMBER)) == len(team.direct(GERMAN)) == 1


@pytest.mark.slack(channel=CALLS, admins=[MEMBER])
def test_a_channel_archived_later_moves_what_changes_to_the_admins_and_back(team, alerts):
    gone(alerts, 7)
    team.background()
    team.slack.channel(CALLS).is_archived = True
    gone(alerts, 7, "Paris")
    team.background()
    assert "Paris" in team.direct(MEMBER)[0]
    team.slack.channel(CALLS).is_archived = False
    gone(alerts, 7, "Rome")
    team.background()
    (text,) = open_in(team)
    assert "Rome" in text
    assert "told in #phone-ops from now on" in team.direct(MEMBER)[0]
    assert "told again below" in team.messages(CALLS)[0]


@pytest.mark.slack(channel=CALLS, admins=[MEMBER])
def test_a_channel_that_works_again_is_found_by_itself(team, alerts):
    team.slack.kick(CALLS)
    gone(alerts, 7)
    team.background()
    assert len(team.direct(MEMBER)) == 1
    team.slack.invite(CALLS)
    clock(team)
    assert open_in(team) == [], "Slack tells nobody of an invitation"
    pass_time(team, 600_000)
    clock(team)
    assert len(open_in(team)) == 1


@pytest.mark.slack(channel=CALLS, admins=[MEMBER])
def test_the_first_that_reaches_the_channel_again_brings_the_others_along(team, alerts):
    team.slack.kick(CALLS)
    gone(alerts, 7)
    team.background()
    team.slack.invite(CALLS)
    gone(alerts, 8, "Paris")
    team.background()
    said = "\n".join(open_in(team))
    assert "Paris" in said
    assert "Berlin" in said


@pytest.mark.slack(channel="")
def test_another_channel_gets_what_is_open_and_the_old_one_says_where_it_went(team, alerts):
    team.open_home(ADMIN)
    team.choose(ADMIN, "channel.choose", CALLS, where="home")
    gone(alerts, 7)
    gone(alerts, 8)
    alerts.resolve("line 8")
    team.background()
    team.choose(ADMIN, "channel.choose", LEADS, where="home")
    team.background()
    assert open_in(team, CALLS) == []
    assert len(open_in(team, LEADS)) == 1
    assert "told in #" in team.messages(CALLS)[-1]


@pytest.mark.slack(channel="", workspace_admins=False)
def test_where_nobody_can_be_told_it_waits_until_somebody_can(team, alerts):
    gone(alerts, 7)
    team.background()
    assert team.messages(CALLS) == []
    team.desk.grants.give(GERMAN, by=ADMIN)
    pass_time(team, 61_000)
    clock(team)
    assert len(team.direct(GERMAN)) == 1


@pytest.mark.slack(channel=RANDOM, admins=[MEMBER])
def test_a_channel_without_us_is_tried_now_and_then_only(team, alerts):
    gone(alerts, 7)
    team.background()
    asked = team.slack.count("POST", POST)
    for _ in range(5):
        clock(team)
    assert team.slack.count("POST", POST) == asked


def test_home_shows_what_is_new_to_those_who_look(team, alerts):
    team.open_home(OWNER)
    gone(alerts, 7)
    team.background()
    assert "The line Berlin is gone." in team.home(OWNER)


@pytest.fixture
def resolved_where_nobody_may_write(team, alerts):
    """An alert whose channel was archived before its end could be said."""
    gone(alerts, 7)
    team.background()
    team.slack.channel(CALLS).is_archived = True
    alerts.resolve("line 7")
    team.background()
    assert len(open_in(team)) == 1
    return team


def test_an_end_that_cannot_be_said_is_tried_every_ten_minutes(resolved_where_nobody_may_write):
    team = resolved_where_nobody_may_write
    asked = team.slack.count("POST", UPDATE)
    assert asked == 1, "not again and again"
    clock(team)
    pass_time(team, 590_000)
    clock(team)
    assert team.slack.count("POST", UPDATE) == asked
    team.slack.channel(CALLS).is_archived = False
    pass_time(team, 11_000)
    clock(team)
    assert len(resolved_in(team)) == 1
    assert not team.redis.exists(keys.ALERT_POSTS)


def test_an_end_that_cannot_be_said_for_a_week_is_given_up(resolved_where_nobody_may_write):
    team = resolved_where_nobody_may_write
    pass_time(team, 6 * DAY)
    clock(team)
    assert team.redis.exists(keys.ALERT_POSTS)
    pass_time(team, DAY + HOUR)
    clock(team)
    assert not team.redis.exists(keys.ALERT_POSTS)
    assert not team.redis.exists(keys.ALERTS_CLOSED)
