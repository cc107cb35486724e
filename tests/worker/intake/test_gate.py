"""The gate: goes on, waits a little, parks for longer, and drops what is no longer ours."""

import pytest

from clients.errors import Unavailable
from clients.gate import Headers
from settings.file import Limits as LimitSettings
from store.due import Due, LeaseLostError
from store.limits import Limits
from worker.gate import LeaseGate

BURST = ("hubspot_burst",)


class Sleeper:
    """Does not sleep: waits until the server's clock has gone on, as a test may."""

    def __init__(self, redis_client) -> None:
        self.client = redis_client
        self.slept: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)
        # The oldest entries of every window leave it, as if so much time had passed.
        for key in self.client.keys("ah:window:*"):
            for member, score in self.client.zrange(key, 0, -1, withscores=True):
                self.client.zadd(key, {member: score - seconds * 1000})


@pytest.fixture
def nudges():
    return []


@pytest.fixture
def sleeper(redis_client):
    return Sleeper(redis_client)


@pytest.fixture
def gate(redis_client, sleeper, nudges):
    settings = LimitSettings(hubspot_burst=5, hubspot_search=2, aircall=3)
    return LeaseGate(Limits(redis_client), settings, lambda: nudges.append(1), sleeper)


def test_a_wait_under_two_seconds_is_slept(gate, sleeper):
    for _ in range(3):
        assert gate.enter("hubspot", ("hubspot_search",)) is False
    (slept,) = sleeper.slept
    assert 0 < slept <= 1.001


def test_a_longer_wait_parks_and_keeps_the_vendor_paused_that_long(gate, sleeper, redis_client):
    for _ in range(5):
        gate.enter("hubspot", BURST)
    with pytest.raises(Unavailable) as parked:
        gate.enter("hubspot", BURST)
    assert not sleeper.slept
    assert 2 < parked.value.wait <= 10.001
    assert (parked.value.vendor, parked.value.maybe_written) == ("hubspot", False)
    left = float(redis_client.hget("ah:pause:hubspot", "until")) - redis_client.time()[0] * 1000
    assert 2000 < left <= 11_000
    gate.enter("aircall", ("aircall",))


def test_a_search_counts_against_both_limits(gate, redis_client):
    gate.enter("hubspot", (*BURST, "hubspot_search"))
    assert redis_client.zcard("ah:window:hubspot-burst") == 1
    assert redis_client.zcard("ah:window:hubspot-search") == 1


def test_a_paused_vendor_is_unavailable_with_the_reason_and_then_probed_by_one(
    gate, redis_client, nudges
):
    gate.pause("hubspot", 60, "down")
    with pytest.raises(Unavailable, match="it does not answer") as parked:
        gate.enter("hubspot", BURST)
    assert 55 < parked.value.wait <= 60
    redis_client.hset("ah:pause:hubspot", "until", 1)
    assert gate.enter("hubspot", BURST) is True
    with pytest.raises(Unavailable):
        gate.enter("hubspot", BURST)
    redis_client.zadd("ah:parked:hubspot", {"call-1": 5})
    gate.resume("hubspot")
    assert gate.enter("hubspot", BURST) is False
    assert redis_client.zscore("ah:due", "call-1") == 5
    assert nudges == [1]


def test_resuming_calls_nobody_where_nothing_waited(gate, nudges):
    gate.resume("hubspot")
    assert not nudges


def test_within_a_lease_a_batch_that_was_taken_over_is_lost_and_counts_nothing(gate, redis_client):
    due = Due(redis_client)
    for n in (1, 2):
        due.enter(f"call-{n}", "{}", ending=True)
    due.claim("me")
    with gate.holding("me", ["call-1", "call-2"]):
        gate.enter("hubspot", BURST)
        redis_client.hset("ah:owner", "call-2", "somebody")
        with pytest.raises(LeaseLostError, match="call-2"):
            gate.enter("hubspot", BURST)
    assert redis_client.zcard("ah:window:hubspot-burst") == 1
    gate.enter("hubspot", BURST)  # outside of it nothing is held


def test_a_request_renews_the_leases_of_the_batch(gate, redis_client):
    due = Due(redis_client)
    due.enter("call-1", "{}", ending=True)
    claim = due.claim("me")
    redis_client.zadd("ah:due", {"call-1": claim.now + 100})
    with gate.holding("me", claim.ids):
        gate.enter("hubspot", BURST)
    assert redis_client.zscore("ah:due", "call-1") >= claim.now + 20_000


def test_a_lower_limit_that_hubspot_tells_of_lowers_ours(gate, redis_client):
    gate.learn("hubspot", Headers(maximum=4, interval=10_000))
    for _ in range(3):  # a tenth is left
        gate.enter("hubspot", BURST)
    with pytest.raises(Unavailable):
        gate.enter("hubspot", BURST)


@pytest.mark.parametrize(
    "headers", [Headers(maximum=100, interval=10_000), Headers(maximum=1, interval=1_000)]
)
def test_a_higher_limit_or_one_of_another_length_changes_nothing(gate, headers):
    gate.learn("hubspot", headers)
    for _ in range(5):
        gate.enter("hubspot", BURST)
    with pytest.raises(Unavailable):
        gate.enter("hubspot", BURST)


def test_a_lower_limit_of_aircalls_lowers_ours_and_searches_keep_theirs(gate):
    gate.learn("aircall", Headers(maximum=2))
    gate.learn("hubspot", Headers(maximum=2, interval=10_000))
    gate.enter("aircall", ("aircall",))
    with pytest.raises(Unavailable):
        gate.enter("aircall", ("aircall",))
    for _ in range(2):
        gate.enter("hubspot", ("hubspot_search",))


def test_what_headers_tell_is_kept_and_what_they_leave_out_stays(gate, redis_client):
    gate.learn("hubspot", Headers(maximum=100, interval=10_000, daily=1000, daily_remaining=900))
    gate._clock = lambda: 1e9
    gate.learn("hubspot", Headers(daily_remaining=899))
    gate._clock = lambda: 2e9
    gate.learn("hubspot", Headers())
    assert Limits(redis_client).learned("hubspot") == {
        "max": 100,
        "daily": 1000,
        "daily_remaining": 899,
    }


def test_what_is_left_is_noted_once_a_second_but_a_new_limit_at_once(gate, redis_client):
    gate._clock = lambda: 1e9
    gate.learn("hubspot", Headers(maximum=100, interval=10_000, daily_remaining=900))
    gate.learn("hubspot", Headers(maximum=100, interval=10_000, daily_remaining=899))
    assert Limits(redis_client).learned("hubspot") == {"max": 100, "daily_remaining": 900}
    gate.learn("hubspot", Headers(maximum=50, interval=10_000, daily_remaining=898))
    assert Limits(redis_client).learned("hubspot") == {"max": 50, "daily_remaining": 898}
