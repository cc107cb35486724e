"""Many alerts at once are one list; what stays open is told again once a day."""

from store import keys
from sync.watches.untold import watch_untold
from tests.bot.alerts.lines import clock, gone, waiting
from tests.bot.passing import DAY, HOUR, open_in, pass_time
from tests.bot.team import ADMIN, CALLS
from worker.workshop import TELL


def test_it_is_told_again_once_a_day_and_the_old_message_says_so(team, alerts):
    gone(alerts, 7)
    team.background()
    for day in (1, 2):
        pass_time(team, DAY)
        clock(team)
        assert len(team.messages(CALLS)) == day + 1
        assert "Still open; first told" in team.channel(CALLS)
        assert len(open_in(team)) == 1, "one open message"
    assert "told again below" in team.messages(CALLS)[0]
    assert team.slack.messages(CALLS)[-1].text.startswith("Still open: ")
    watch_untold(team.product.shop)
    assert TELL not in waiting(team)
    alerts.resolve("line 7")
    team.background()
    assert "Resolved" in team.channel(CALLS)


def test_many_reminders_at_once_are_one_list(team, alerts):
    for number in range(5):
        gone(alerts, number, f"Line {number}")
        team.background()
        pass_time(team, HOUR)
    assert len(open_in(team)) == 5
    pass_time(team, DAY)
    clock(team)
    (text,) = open_in(team)
    assert all(f"Line {number} is gone" in text for number in range(5))


# a burst


def test_a_burst_is_one_list(team, alerts):
    for number in range(50):
        gone(alerts, number, f"Line {number} " + "long " * 60)
    team.background()
    (text,) = team.messages(CALLS)
    assert "50 things need a look" in text
    assert "Line 0" in text
    assert "and 40 more" in text
    assert "[Status] [Check now]" in text


def test_the_first_of_a_burst_that_were_told_already_become_part_of_the_list(team, alerts):
    for number in range(12):
        gone(alerts, number, f"Line {number}")
        team.background()
    (text,) = team.messages(CALLS)
    assert "12 things need a look" in text


def test_three_are_told_alone(team, alerts):
    for number in range(3):
        gone(alerts, number)
    team.background()
    assert len(open_in(team)) == 3


def test_a_list_is_kept_true_as_its_problems_are_resolved(team, alerts):
    for number in range(4):
        gone(alerts, number, f"Line {number}")
    team.background()
    alerts.resolve("line 2")
    team.background()
    (text,) = team.messages(CALLS)
    assert "3 things need a look" in text
    assert text.rindex("Resolved") > text.rindex(":warning:"), "what is open comes first"
    for number in (0, 1, 3):
        alerts.resolve(f"line {number}")
    team.background()
    (text,) = team.messages(CALLS)
    assert "All of it is resolved: 4 things." in text
    assert "[" not in text
    assert not team.redis.exists(keys.ALERT_POSTS)


def test_the_buttons_of_a_list_lead_to_the_status(team, alerts):
    for number in range(4):
        gone(alerts, number)
    team.background()
    (message,) = team.slack.messages(CALLS)
    team.click(ADMIN, "Status", where=message)
    assert "Connected numbers" in team.shown(ADMIN)
