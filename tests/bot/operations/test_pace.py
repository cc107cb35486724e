"""How fast it goes, and how long it takes: nothing is said that cannot be known."""

import pytest

from bot.operations.pace import rate, sampled, to_go


def watched(*samples):
    kept = ()
    for at, done in samples:
        kept = sampled(kept, at, done)
    return kept


def test_the_rate_is_that_of_the_last_minute():
    steps = [(second * 1000, second * 2) for second in range(0, 300, 5)]
    faster = [(300_000 + second * 1000, 600 + second * 10) for second in range(0, 65, 5)]
    assert rate(watched(*steps)) == pytest.approx(120)
    assert rate(watched(*steps, *faster)) == pytest.approx(600)


def test_what_was_watched_for_a_moment_only_has_no_rate():
    assert rate(()) is None
    assert rate(watched((0, 0), (9_999, 500))) is None
    assert rate(watched((0, 0), (10_000, 500))) == pytest.approx(3000)


def test_a_clock_that_stepped_back_makes_no_rate_of_the_past():
    assert watched((60_000, 10), (1_000, 20)) == ((1_000, 20),)


def test_a_time_in_which_nobody_looked_makes_no_rate():
    assert watched((0, 10), (5_000, 20), (90_000, 5_000)) == ((90_000, 5_000),)


def test_work_that_began_anew_makes_no_negative_rate():
    assert watched((0, 500), (5_000, 20)) == ((5_000, 20),)


def test_samples_do_not_grow():
    assert len(watched(*((second * 1000, second) for second in range(0, 3600, 5)))) <= 14


def test_time_to_go_is_what_is_left_at_this_rate():
    assert to_go(60, 40, 100) == pytest.approx(60)
    assert to_go(60, 120, 100) == 0


@pytest.mark.parametrize(("per_minute", "total"), [(None, 100), (0, 100), (60, None)])
def test_time_to_go_is_unknown_where_nothing_moves_or_nobody_knows_how_much_there_is(
    per_minute, total
):
    assert to_go(per_minute, 10, total) is None
