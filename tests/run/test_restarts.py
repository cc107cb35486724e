from run.restarts import failures_in_a_row, restart_delay


def test_delays_double_from_a_tenth_of_a_second_to_thirty():
    delays = [restart_delay(failures) for failures in range(1, 12)]
    assert delays == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30]
    assert restart_delay(10_000) == 30


def test_a_life_of_some_seconds_makes_the_next_restart_quick_again():
    assert failures_in_a_row(7, lived=4.9) == 8
    assert failures_in_a_row(7, lived=5) == 1
