"""When each job is called next, whether it is late, and whether its last call came to nothing."""

import pytest

from store import keys
from store.runs import Run
from store.schedule import AGAIN, LOST, Planned, Schedule

NOW = 1_790_000_000_000


def planned(run=None, called=NOW, every=60):
    return Planned("sync.a.b", every, called, run)


def test_it_is_called_next_an_interval_after_its_last_call():
    assert planned(called=NOW - 10_000).next == NOW + 50_000
    assert planned(called=None).next is None


def test_after_trouble_it_is_called_again_soon():
    run = Run(NOW - 5_000, NOW, "Nobody answers.")
    assert planned(run, every=3600).next == NOW + AGAIN


def test_it_is_late_after_three_intervals():
    assert not planned(Run(NOW - 180_000)).late(NOW, since=0)
    assert planned(Run(NOW - 180_001)).late(NOW, since=0)


def test_time_in_which_no_clock_beat_makes_nothing_late():
    assert not planned(Run(NOW - 3_600_000)).late(NOW, since=NOW - 60_000)
    assert planned(Run(NOW - 3_600_000)).late(NOW, since=NOW - 181_000)


def test_one_that_never_ran_is_late_when_clocks_have_beaten_long_enough():
    assert not planned().late(NOW, since=NOW - 60_000)
    assert planned().late(NOW, since=NOW - 181_000)


def test_a_run_that_began_just_after_the_time_was_read_is_not_late():
    assert not planned(Run(NOW + 3, NOW + 4)).late(NOW, since=NOW - 3_600_000)


def test_a_run_dated_by_a_clock_that_was_ahead_hides_nothing():
    assert planned(Run(NOW + 3_600_000)).late(NOW, since=NOW - 181_000)


@pytest.mark.parametrize(
    ("run", "undone"),
    [
        (None, False),
        (Run(NOW - LOST + 1), False),
        (Run(NOW - LOST), True),
        (Run(NOW - 50_000, NOW - 40_000), False),
        (Run(NOW - 50_000, NOW - AGAIN, "Trouble."), True),
        (Run(NOW - 50_000, NOW - AGAIN + 1, "Trouble."), False),
    ],
)
def test_a_run_without_end_or_in_trouble_is_undone_after_a_while(run, undone):
    assert planned(run, called=NOW - 100_000).undone(NOW) is undone


def test_a_call_that_nobody_followed_is_undone():
    before = Run(NOW - 100_000, NOW - 99_000)
    assert planned(before, called=NOW - LOST).undone(NOW)
    assert not planned(before, called=NOW - LOST + 1).undone(NOW)


def test_the_plan_is_read_with_what_is_known_of_each_job(redis_client):
    schedule = Schedule(redis_client)
    assert schedule.read() == ()
    schedule.publish({"a": 60, "b": 3600})
    redis_client.hset(keys.JOBS, "a", 5)
    redis_client.hset(keys.RUNS, "b", '{"began": 7}')
    assert schedule.read() == (Planned("a", 60, 5), Planned("b", 3600, None, Run(7)))
    schedule.publish({"b": 30})
    assert [each.job for each in schedule.read()] == ["b"]
