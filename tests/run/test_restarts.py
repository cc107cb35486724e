from run.restarts import failures_in_a_row, restart_delay


def test_delays_double_from_half_a_second_to_thirty():
    assert [restart_delay(n) for n in range(1, 9)] == [0.5, 1, 2, 4, 8, 16, 30, 30]
    assert restart_delay(10_000) == 30


def test_a_life_of_some_seconds_makes_the_next_restart_quick_again():
    assert failures_in_a_row(7, lived=4.9) == 8
    assert failures_in_a_row(7, lived=5) == 1
