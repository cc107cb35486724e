"""*Check again*, *Remind me*, *Ignore until it changes*: who wanted it, until when, and the end."""

import pytest

from bot.alerts.checking import answer
from bot.alerts.substance import id_of
from bot.status.facts import gather
from store import keys
from store.quiet import Quieted
from store.runs import Runs
from tests.bot.alerts.lines import clock
from tests.bot.passing import DAY, HOUR, open_in, pass_time
from tests.bot.team import ADMIN, CALLS, MEMBER, OWNER
from worker.workshop import TELL

NAME = "line 7"


@pytest.fixture
def told(team, alerts):
    """One open alert, told in the channel."""
    alerts.raise_(NAME, "The line Berlin is gone; 1 call waits.", {"line": "7", "count": "1"})
    team.background()
    return team


def choose(team, user, act, id_=""):
    """Choose in the menu of the newest message of the channel."""
    message = team.slack.messages(CALLS)[-1]
    team.click(user, "alert.more", f"{act}:{id_ or id_of(NAME)}", where=message)


def test_ignored_it_says_by_whom_and_is_not_reminded(told):
    choose(told, ADMIN, "ignore")
    assert "Nobody is reminded of it until it changes." in told.shown(ADMIN)
    told.background()
    assert "Ignored by @adam until it changes." in told.channel(CALLS)
    for _ in range(3):
        pass_time(told, DAY)
        clock(told)
    assert len(told.messages(CALLS)) == 1


def test_ignored_it_stays_so_over_a_restart(told):
    choose(told, ADMIN, "ignore")
    (quiet,) = Quieted(told.redis).all().values()
    assert (quiet.by, quiet.until) == (ADMIN, None)
    told.background()
    told.redis.delete(keys.ALERTS_SEEN)
    clock(told)
    assert "Ignored by @adam" in told.channel(CALLS)
    assert len(told.messages(CALLS)) == 1


def test_a_mere_count_does_not_bring_it_back(told, alerts):
    choose(told, ADMIN, "ignore")
    told.background()
    pass_time(told, HOUR)
    alerts.raise_(NAME, "The line Berlin is gone; 12 calls wait.", {"line": "7", "count": "12"})
    told.background()
    (text,) = told.messages(CALLS)
    assert "12 calls wait" in text
    assert "Ignored by @adam" in text


def test_a_change_in_substance_brings_it_back_as_a_new_message(told, alerts):
    choose(told, ADMIN, "ignore")
    told.background()
    pass_time(told, HOUR)
    alerts.raise_(NAME, "The line Paris is gone; 1 call waits.", {"line": "7", "count": "1"})
    told.background()
    assert len(told.messages(CALLS)) == 2
    (text,) = open_in(told)
    assert "Paris" in text
    assert "Ignored" not in text
    assert not told.redis.exists(keys.ALERTS_QUIET)


def test_resolved_nothing_of_it_is_ignored_any_more(told, alerts):
    choose(told, ADMIN, "ignore")
    alerts.resolve(NAME)
    told.background()
    assert "Resolved" in told.channel(CALLS)
    alerts.raise_(NAME, "The line Berlin is gone; 1 call waits.", {"line": "7", "count": "1"})
    told.background()
    assert "Ignored" not in told.channel(CALLS)
    assert len(told.messages(CALLS)) == 2


def test_ignoring_is_taken_back_in_the_message(told):
    choose(told, ADMIN, "ignore")
    told.background()
    choose(told, OWNER, "wake")
    assert "as usual again" in told.shown(OWNER)
    told.background()
    assert "Ignored" not in told.channel(CALLS)
    pass_time(told, DAY)
    clock(told)
    assert len(told.messages(CALLS)) == 2


def test_status_and_home_show_what_is_ignored_and_take_it_back(told):
    choose(told, ADMIN, "ignore")
    told.command(ADMIN, "status")
    assert "Ignored by @adam until it changes." in told.shown(ADMIN)
    told.open_home(OWNER)
    assert "Ignored by @adam until it changes." in told.home(OWNER)
    told.click(OWNER, "alert.wake#1", where="home")
    assert "Ignored" not in told.home(OWNER)
    choose(told, ADMIN, "ignore")
    told.command(ADMIN, "status")
    told.click(ADMIN, "status.more#menu", "alerts.wake")
    assert gather(told.product.shop, "").quiets == {}


def test_only_an_admin_takes_it_back_in_the_status(told):
    choose(told, ADMIN, "ignore")
    told.command(ADMIN, "status")
    (card,) = told.slack.ephemerals(ADMIN)[-1:]
    told.slack.set_roles(ADMIN)
    told.forget_people()
    told.click(ADMIN, "status.more#menu", "alerts.wake", where=card)
    assert len(gather(told.product.shop, "").quiets) == 1


def test_a_member_may_not_quiet_anything(told):
    choose(told, MEMBER, "ignore")
    assert not told.redis.exists(keys.ALERTS_QUIET)
    assert "admin" in told.shown(MEMBER)
    choose(told, MEMBER, "check")
    assert told.background() == []


def test_a_reminder_comes_at_its_time_and_names_who_asked(told):
    choose(told, ADMIN, "hour")
    assert "You are reminded" in told.shown(ADMIN)
    told.background()
    assert "@adam is reminded" in told.channel(CALLS)
    pass_time(told, HOUR - 60_000)
    clock(told)
    assert len(told.messages(CALLS)) == 1
    pass_time(told, 61_000)
    clock(told)
    assert len(told.messages(CALLS)) == 2
    (text,) = open_in(told)
    assert "@adam asked to be reminded." in text
    assert "is reminded" not in text


def test_until_a_reminder_the_daily_one_rests(told):
    choose(told, ADMIN, "monday")
    told.background()
    (quiet,) = Quieted(told.redis).all().values()
    days = (quiet.until - quiet.at) // DAY
    for _ in range(days):
        pass_time(told, DAY)
        clock(told)
    assert len(told.messages(CALLS)) == 1
    pass_time(told, DAY)
    clock(told)
    assert len(told.messages(CALLS)) == 2


def test_a_reminder_of_what_was_resolved_meanwhile_never_comes(told, alerts):
    choose(told, ADMIN, "hour")
    alerts.resolve(NAME)
    told.background()
    pass_time(told, 2 * HOUR)
    clock(told)
    assert len(told.messages(CALLS)) == 1


def test_a_click_on_what_is_resolved_says_so(told, alerts):
    alerts.resolve(NAME)
    for act in ("ignore", "hour", "check"):
        choose(told, ADMIN, act)
        assert "resolved meanwhile" in told.shown(ADMIN)
    assert not told.redis.exists(keys.ALERTS_QUIET)


def test_an_option_that_was_made_up_is_answered(told):
    message = told.slack.messages(CALLS)[-1]
    message.blocks[-1]["elements"][-1]["options"][0]["value"] = "burn:x"
    told.click(ADMIN, "alert.more", "burn:x", where=message)
    assert "former version" in told.shown(ADMIN)


def test_check_again_runs_the_look_that_concerns_it_and_tells_who_asked(told, alerts):
    alerts.raise_("webhook missing", "Aircall has no webhook of ours.", {"url": "x"})
    told.background()
    choose(told, ADMIN, "check", id_of("webhook missing"))
    assert "looking again" in told.shown(ADMIN)
    ran = told.background()
    assert ran[0] == "sync.webhook.watch.look"
    assert Runs(told.redis).all()["sync.webhook.watch.look"].ended
    assert "Looked again just now" in told.shown(ADMIN)


def test_check_again_looks_at_everything_where_no_look_is_its_own(told):
    choose(told, ADMIN, "check")
    ran = told.background()
    assert ran[:2] == ["sync.directory.reading.refresh_all", "bot.alerts.checking.answer"]
    assert "still so: The line Berlin" in told.shown(ADMIN)


def test_check_again_says_that_it_is_resolved(told, alerts, monkeypatch):
    monkeypatch.setattr("sync.directory.reading.refresh_all", lambda: alerts.resolve(NAME))
    choose(told, ADMIN, "check")
    told.background()
    assert "it is resolved" in told.shown(ADMIN)
    assert "Resolved" in told.channel(CALLS)


def test_who_asked_long_ago_is_told_directly(told):
    answer(id_of(NAME), ADMIN, "https://example.org/used-up", "en")
    assert "still so: The line Berlin" in told.direct(ADMIN)[-1]
    told.slack.fault("503", path="/api/chat.postMessage")
    answer(id_of(NAME), ADMIN, "https://example.org/used-up", "en")
    assert len(told.direct(ADMIN)) == 1


def test_a_list_is_quieted_as_a_whole(team, alerts):
    for number in range(5):
        alerts.raise_(f"line {number}", f"The line {number} is gone.", {"name": f"Line {number}"})
    team.background()
    post = next(iter(team.redis.hkeys(keys.ALERT_POSTS))).decode()
    choose(team, ADMIN, "ignore", post)
    team.background()
    assert team.channel(CALLS).count("Ignored by @adam") == 5
    pass_time(team, 2 * DAY)
    clock(team)
    assert len(team.messages(CALLS)) == 1
    choose(team, ADMIN, "wake", post)
    assert TELL in team.background()
    assert not team.redis.exists(keys.ALERTS_QUIET)
