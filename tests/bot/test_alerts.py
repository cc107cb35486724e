"""Alerts in the channel: one message per problem, kept true until it is resolved."""

import pytest

from bot.alerts import telling
from bot.alerts.telling import Teller, tell
from bot.transport.presence import REFUSES
from bot.words import words_in
from clients.errors import Rejected
from clients.slack import Slack
from store import keys
from store.told import Told
from sync.clock import tick
from sync.watches.untold import watch_untold
from tests.bot.passing import DAY, HOUR, open_in, pass_time, resolved_in
from tests.bot.team import ADMIN, CALLS, GERMAN, LEADS, MEMBER, OLD, OWNER, RANDOM
from worker.nudge import BACKGROUND, queue
from worker.workshop import TELL

POST, UPDATE = "/api/chat.postMessage", "/api/chat.update"


@pytest.fixture
def alerts(team):
    team.redis.set(keys.ANNOUNCED, team.product.shop.revisions.current().number)
    return team.product.shop.alerts


def gone(alerts, id_, name="Berlin"):
    """Raise an alert that no check of ours knows, and so none resolves."""
    alerts.raise_(f"line {id_}", f"The line {name} is gone.", {"line": str(id_), "name": name})


def clock(team):
    """Let the clock call for what is to be told by now, and the jobs run."""
    watch_untold(team.product.shop)
    team.background()


def waiting(team):
    """The jobs that wait on the background queue."""
    jobs = queue(team.redis, BACKGROUND)
    return [job.func_name for job in jobs.jobs]


# told, updated, resolved


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


# never lost


def test_two_hours_of_silence_leave_exactly_the_open_ones(team, alerts):
    for number in (101, 102):
        gone(alerts, number, f"Line {number}")
    team.background()
    team.slack.go_down()
    for number in range(1, 11):
        gone(alerts, number, f"Line {number}")
        team.background()
        pass_time(team, 12 * 60_000)
    for number in (101, 2, 4, 6, 8, 10):
        alerts.resolve(f"line {number}")
    clock(team)
    pass_time(team, HOUR)
    team.slack.come_back()
    clock(team)
    said = "\n".join(open_in(team))
    assert sorted(n for n in (*range(1, 11), 101, 102) if f"Line {n} is gone" in said) == [
        1, 3, 5, 7, 9, 102,
    ]  # fmt: skip
    assert all(said.count(f"Line {n} is gone") == 1 for n in (1, 3, 5, 7, 9, 102))
    (marked,) = resolved_in(team)
    assert "Line 101 is gone" in marked


def test_whoever_dies_between_post_and_note_makes_it_come_twice_not_never(
    team, alerts, monkeypatch
):
    def die(*_):
        raise SystemExit

    gone(alerts, 7)
    with monkeypatch.context() as patched:
        patched.setattr(Told, "replace", die)
        with pytest.raises(SystemExit):
            tell()
    team.redis.delete(keys.working(TELL))
    clock(team)
    assert len(team.messages(CALLS)) == 2
    alerts.resolve("line 7")
    team.background()
    assert len(resolved_in(team)) == 1


def test_a_nudge_that_was_lost_is_repeated_by_the_clock(team, alerts):
    gone(alerts, 7)
    queue(team.redis, BACKGROUND).empty()
    tick(team.product.shop)
    assert TELL in waiting(team)
    clock(team)
    assert len(open_in(team)) == 1


def test_the_clock_calls_for_nothing_where_nothing_is_new(team, alerts):
    watch_untold(team.product.shop)
    assert TELL not in waiting(team)
    gone(alerts, 7)
    team.background()
    watch_untold(team.product.shop)
    assert TELL not in waiting(team)


def test_a_slack_that_asks_to_wait_is_left_alone_for_as_long(team, alerts):
    team.slack.fault("429", retry_after=30, path=POST)
    gone(alerts, 7)
    team.background()
    asked = team.slack.count("POST", POST)
    gone(alerts, 8)
    team.background()
    watch_untold(team.product.shop)
    assert TELL not in waiting(team)
    assert team.slack.count("POST", POST) == asked, "too soon"
    pass_time(team, 31_000)
    clock(team)
    assert len(open_in(team)) == 2


def test_one_process_tells_at_a_time(team, alerts):
    gone(alerts, 7)
    lock = team.redis.lock(keys.working(TELL), timeout=30, thread_local=False)
    assert lock.acquire(blocking=False)
    tell()
    assert team.messages(CALLS) == []
    lock.release()
    tell()
    assert len(team.messages(CALLS)) == 1


def test_one_that_slack_refuses_holds_up_no_other(team, alerts, monkeypatch):
    said = telling.message

    def long(post, quiets, words):
        made = said(post, quiets, words)
        too_long = any(each.name == "line 7" for each in post.open)
        return type(made)("x" * 50_000 if too_long else made.text, made.blocks)

    monkeypatch.setattr(telling, "message", long)
    gone(alerts, 7)
    gone(alerts, 8, "Paris")
    alerts.notice("a", "Something happened.")
    team.background()
    assert any("Something happened" in each for each in team.messages(CALLS))
    team.slack.surprises.clear()
    monkeypatch.setattr(telling, "message", said)
    pass_time(team, 61_000)
    clock(team)
    assert len(open_in(team)) == 2


def test_a_slice_ends_where_others_wait_and_its_successor_goes_on(team, alerts):
    for number in (7, 8, 9):
        gone(alerts, number)
    teller = Teller(team.desk, lambda: None)
    assert teller.run(lambda: True) is True
    assert len(team.messages(CALLS)) == 1
    while Teller(team.desk, lambda: None).run(lambda: True):
        pass
    assert len(open_in(team)) == 3


# reminded


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


# where it stands


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


# a wall clock that steps


@pytest.mark.parametrize("step", [HOUR, 30 * DAY])
def test_a_wall_clock_that_stepped_back_while_slack_was_left_alone_silences_nothing(
    team, alerts, step
):
    team.slack.fault("429", path="/api/chat.*", times=1, retry_after=60)
    gone(alerts, 7)
    team.background()
    assert team.messages(CALLS) == []
    pass_time(team, -step)
    clock(team)
    assert len(open_in(team)) == 1


def test_a_wall_clock_that_was_days_ahead_keeps_counts_and_reminders_from_nobody(team, alerts):
    alerts.raise_("failures", "1 call failed.", {"count": "1"})
    team.background()
    pass_time(team, -30 * DAY)
    alerts.raise_("failures", "2 calls failed.", {"count": "2"})
    clock(team)
    assert "2 calls failed" in team.channel(CALLS)
    assert any("told again below" in each for each in team.messages(CALLS))
    assert len(open_in(team)) == 1


def test_a_wall_clock_that_steps_back_by_seconds_repeats_nothing(team, alerts):
    gone(alerts, 7)
    team.background()
    pass_time(team, -5_000)
    clock(team)
    clock(team)
    assert len(team.messages(CALLS)) == 1


# what Slack refuses


def refusing(monkeypatch, word, only=""):
    """Let Slack refuse whatever has a word in it, or of one method alone."""
    real = Slack.tell

    def tell_slack(self, method, **arguments):
        if word in str(arguments) and only in ("", method):
            raise Rejected("slack", "invalid_blocks", status=200, category="invalid_blocks")
        return real(self, method, **arguments)

    monkeypatch.setattr(Slack, "tell", tell_slack)


def test_one_message_that_slack_refuses_keeps_no_other_from_being_told(team, alerts, monkeypatch):
    refusing(monkeypatch, "Berlin")
    gone(alerts, 7, "Berlin")
    gone(alerts, 8, "Paris")
    alerts.notice("a", "Berlin called.")
    alerts.notice("b", "Paris called.")
    team.background()
    said = "\n".join(team.messages(CALLS))
    assert "The line Paris is gone" in said
    assert "Paris called" in said
    assert "Berlin" not in said
    monkeypatch.undo()
    pass_time(team, HOUR)
    clock(team)
    assert "Berlin called" in "\n".join(team.messages(CALLS))
    assert len(open_in(team)) == 2


def test_a_count_that_slack_does_not_let_us_change_is_not_posted_anew(team, alerts, monkeypatch):
    alerts.raise_("failures", "1 call failed.", {"count": "1"})
    team.background()
    refusing(monkeypatch, "", only="chat.update")
    for count in ("2", "3", "4"):
        alerts.raise_("failures", f"{count} calls failed.", {"count": count})
        pass_time(team, 40_000)
        clock(team)
    assert len(team.messages(CALLS)) == 1
    alerts.raise_("failures", "Calls fail for another reason.", {"count": "4"})
    team.background()
    assert len(team.messages(CALLS)) == 2, "what it is about changed: that is worth one"
