"""Whatever Slack, the clock or a crash does, in the end what is open is told, and once."""

import pytest

from bot.alerts import telling
from bot.alerts.telling import Teller, tell
from clients.errors import Rejected
from clients.slack import Slack
from store import keys
from store.told import Told
from sync.clock import tick
from sync.watches.untold import watch_untold
from tests.bot.alerts.lines import POST, clock, gone, waiting
from tests.bot.passing import DAY, HOUR, open_in, pass_time, resolved_in
from tests.bot.team import CALLS
from worker.nudge import BACKGROUND, queue
from worker.workshop import TELL


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
