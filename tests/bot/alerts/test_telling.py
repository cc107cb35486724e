"""Alerts in the channel: one message per problem, kept true until it is resolved; notices."""

import pytest

from bot.alerts.telling import tell
from bot.transport.presence import REFUSES
from bot.words import words_in
from store import keys
from sync.watches.untold import watch_untold
from tests.bot.alerts.lines import UPDATE, clock, gone, waiting
from tests.bot.passing import HOUR, open_in, pass_time, resolved_in
from tests.bot.team import CALLS
from worker.workshop import TELL


def test_a_problem_is_told_at_once_with_what_mends_it(team, alerts):
    about = {"kinds": "inbound_missed,inbound_voicemail", "pipeline": "0", "stage": "1"}
    alerts.raise_("stage missing 0/1", "The stage New is gone.", about)
    assert TELL in team.background()
    (text,) = team.messages(CALLS)
    assert "is missing in HubSpot" in text
    assert "[Choose a new stage]" in text
    assert "Check again | Remind me in an hour" in text
    (message,) = team.slack.messages(CALLS)
    assert message.text.startswith("Warning: The stage")
    assert message.blocks[-1]["elements"][0]["value"] == "tickets.stages.inbound_missed"


def test_it_is_told_once(team, alerts):
    gone(alerts, 7)
    team.background()
    gone(alerts, 7)
    tell()
    tell()
    assert len(team.messages(CALLS)) == 1


def test_what_changes_is_changed_in_place_at_once(team, alerts):
    gone(alerts, 7)
    team.background()
    gone(alerts, 7, "Paris")
    team.background()
    (text,) = team.messages(CALLS)
    assert "Paris" in text
    assert "Berlin" not in text


def test_a_mere_count_is_changed_at_most_every_half_minute(team, alerts):
    for count in (1, 2, 3):
        alerts.raise_("failures", f"{count} calls failed.", {"count": str(count)})
        team.background()
    assert "1 calls failed" in team.channel(CALLS)
    assert team.slack.count("POST", UPDATE) == 0
    pass_time(team, 31_000)
    watch_untold(team.product.shop)
    assert TELL in waiting(team)
    team.background()
    assert "3 calls failed" in team.channel(CALLS)
    assert team.slack.count("POST", UPDATE) == 1


def test_when_it_is_resolved_its_message_says_so_why_and_how_long_it_lasted(team, alerts):
    gone(alerts, 7)
    team.background()
    pass_time(team, 3 * HOUR)
    alerts.resolve("line 7", "It is back in Aircall.")
    team.background()
    (text,) = team.messages(CALLS)
    assert "Resolved: The line Berlin is gone." in text
    assert "It is back in Aircall." in text
    assert "It lasted 3 hours" in text
    assert "[" not in text, "nothing is left to press"
    assert team.slack.messages(CALLS)[0].text == "Resolved: The line Berlin is gone."
    assert not team.redis.exists(keys.ALERT_POSTS)
    assert not team.redis.exists(keys.ALERTS_CLOSED)


def test_one_that_comes_again_after_it_was_resolved_is_a_new_message(team, alerts):
    gone(alerts, 7)
    team.background()
    alerts.resolve("line 7")
    team.background()
    gone(alerts, 7)
    team.background()
    assert (len(open_in(team)), len(resolved_in(team))) == (1, 1)


def test_one_that_went_and_came_before_it_was_told_stays_one_message(team, alerts):
    gone(alerts, 7)
    team.background()
    alerts.resolve("line 7")
    gone(alerts, 7)
    team.background()
    (text,) = team.messages(CALLS)
    assert "Resolved" not in text


def test_what_opened_and_was_resolved_before_it_could_be_told_needs_no_message(team, alerts):
    gone(alerts, 7)
    alerts.resolve("line 7")
    team.background()
    assert team.messages(CALLS) == []
    assert not team.redis.exists(keys.ALERTS_CLOSED)


def test_names_full_of_markup_call_nobody(team, alerts):
    gone(alerts, 7, "<!channel> & <@U0OWNER>")
    team.background()
    assert "<!channel> & <@U0OWNER>" in team.channel(CALLS)
    alerts.resolve("line 7", "<!here> said so")
    team.background()
    assert "<!here> said so" in team.channel(CALLS)


@pytest.mark.slack(language="de")
def test_the_channel_is_spoken_to_in_its_language(team, alerts):
    alerts.raise_("slack refuses", REFUSES)
    team.background()
    assert words_in("de").retell(REFUSES) in team.channel(CALLS)
    assert REFUSES not in team.channel(CALLS)


# notices


def test_a_notice_is_said_once(team, alerts):
    alerts.notice("webhook enabled", "Aircall had switched our webhook off; it is on again.")
    team.background()
    tell()
    (text,) = team.messages(CALLS)
    assert "it is on again" in text
    assert alerts.notices() == ()


def test_notices_survive_a_slack_that_is_down(team, alerts):
    team.slack.fault("503", times=None, path="/api/*")
    alerts.notice("a", "One thing happened.")
    alerts.notice("b", "Another happened.")
    team.background()
    team.slack.faults.clear()
    pass_time(team, HOUR)
    clock(team)
    assert len(team.messages(CALLS)) == 2


def test_many_notices_are_one_message(team, alerts):
    for number in range(30):
        alerts.notice(f"n {number}", f"Thing {number} happened. " + "x" * 500)
    team.background()
    (text,) = team.messages(CALLS)
    assert "and 22 more" in text
