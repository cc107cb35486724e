"""The lane for work that can wait: near the permitted rate, evenly, and never too much."""

from itertools import product

import pytest

from clients.errors import Unavailable
from settings.file import Limits as LimitSettings
from store.limits import Limits
from store.scripts import source
from worker.gate import LONGEST_SLEEP_MS, LeaseGate

LANE = ("aircall_background",)
REAL, EXPIRY = "redis.call('TIME')", "redis.call('PEXPIRE', key, ARGV[i + 2])"
CLOCK = "simulated"
"""Key of the time (ms) that the script takes for Redis's own."""


class Simulated:
    """A gate whose time passes when it sleeps, and only then, however busy the machine is."""

    def __init__(self, connection, allowed):
        self.connection, self.limits = connection, Limits(connection)
        self.slept, self.passed, self.now = [], [], 0.0
        """`now` in seconds since it began."""
        self.sleep(0)
        script = source("permit")
        assert REAL in script
        assert EXPIRY in script
        told = f"{{redis.call('GET', '{CLOCK}') / 1000, 0}}"
        script = script.replace(REAL, told).replace(EXPIRY, "")
        self.limits._scripts._known["permit"] = connection.register_script(script)
        settings = LimitSettings(hubspot_burst=100, hubspot_search=1, aircall=allowed)
        self.gate = LeaseGate(self.limits, settings, lambda: None, self.sleep)

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds
        self.connection.set(CLOCK, 1_790_000_000_000 + round(self.now * 1000))

    def ask(self, limits=LANE):
        self.gate.enter("aircall", limits)
        self.passed.append(self.now)


def most_in_a_minute(times):
    return max(sum(start <= each < start + 60 for each in times) for start in times)


@pytest.mark.parametrize(("allowed", "answer"), [(60, 0.3), (120, 0.2), (600, 0.02)])
def test_it_keeps_near_the_permitted_rate_and_below_it(redis_client, allowed, answer):
    lane = Simulated(redis_client, allowed)
    while lane.now < 180:
        lane.ask()
        lane.sleep(answer)
    rate = 60 * len(lane.passed) / lane.now
    assert 0.95 * allowed <= rate
    assert most_in_a_minute(lane.passed) <= allowed
    assert max(lane.slept) * 1000 <= LONGEST_SLEEP_MS


def test_what_one_slow_answer_cost_is_made_up_for(redis_client):
    lane = Simulated(redis_client, 600)
    while lane.now < 180:
        lane.ask()
        lane.sleep(0.3 if len(lane.passed) % 100 == 0 else 0.01)
    assert 60 * len(lane.passed) / lane.now >= 0.95 * 600
    assert most_in_a_minute(lane.passed) <= 600


def test_it_is_even_from_the_first_second(redis_client):
    lane = Simulated(redis_client, 60)
    for _ in range(20):
        lane.ask()
    assert lane.now >= 19


def test_some_of_the_minute_is_left_to_whoever_is_in_a_hurry(redis_client):
    lane = Simulated(redis_client, 60)
    while lane.now < 65:
        lane.ask()
    slept = len(lane.slept)
    lane.ask(("aircall",))
    assert len(lane.slept) == slept


def worked(lane, size, seconds=900):
    """Do works of so many requests each, from the start where a limit cut one short; count them."""
    done, in_a_hurry = 0, 0
    while lane.now < seconds:
        try:
            for _ in range(size):
                lane.ask()
                lane.sleep(0.3)
            done += 1
        except Unavailable as error:
            # As the clock does: it calls again with its next beat.
            lane.sleep(error.wait + 5 - (lane.now + error.wait) % 5)
        if lane.now >= in_a_hurry * 60 + 30:
            slept = len(lane.slept)
            lane.ask(("aircall",))
            assert len(lane.slept) == slept
            in_a_hurry += 1
    assert in_a_hurry >= seconds // 60 - 1
    return done


@pytest.mark.parametrize(
    ("allowed", "size"), [*product((5, 10, 20, 30), (1, 2, 3)), (10, 7), (20, 15), (30, 21)]
)
def test_at_a_low_limit_works_of_some_requests_go_on_and_never_too_much(
    redis_client, allowed, size
):
    """Where single requests were too far apart to wait for, no work of two would ever be done."""
    lane = Simulated(redis_client, allowed)
    done = worked(lane, size)
    assert 60 * done * size / lane.now >= 0.39 * allowed
    assert most_in_a_minute(lane.passed) <= allowed
    assert max(lane.slept) <= 60 + 5


def test_with_one_request_a_minute_each_second_one_is_left_to_whoever_is_in_a_hurry(redis_client):
    lane = Simulated(redis_client, 1)
    for _ in range(5):
        lane.ask()
        lane.sleep(60.1)
        lane.ask(("aircall",))
        with pytest.raises(Unavailable):
            lane.ask()
        lane.sleep(60)
    assert len(lane.passed) == 10
    assert most_in_a_minute(lane.passed) == 1


def test_where_others_used_the_minute_up_it_gives_way_and_pauses_nobody(redis_client):
    lane = Simulated(redis_client, 60)
    for _ in range(59):
        lane.ask(("aircall",))
    with pytest.raises(Unavailable) as parked:
        lane.ask()
    assert parked.value.wait > 2
    assert lane.limits.paused("aircall") == {}
    lane.ask(("aircall",))
