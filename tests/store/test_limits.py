"""The shared limiter: exact moving windows over many callers, and pauses never shortened."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.connection import connect, now_ms
from store.due import Due
from store.limits import PROBE_MS, Limit, Limits

ONE = Limit("test", 3, 60_000)


@pytest.fixture
def limits(redis_client):
    return Limits(redis_client)


def age(client: redis.Redis, ms: int, key: str = "ah:window:test") -> None:
    """Let time pass for a window: its entries grow older."""
    for member, score in client.zrange(key, 0, -1, withscores=True):
        client.zadd(key, {member: score - ms})


def test_no_more_than_allowed_and_the_wait_is_until_the_oldest_leaves(limits, redis_client):
    began = now_ms(redis_client)
    assert [limits.ask("v", [ONE]).kind for _ in range(3)] == ["go"] * 3
    age(redis_client, 20_000)
    permit = limits.ask("v", [ONE])
    passed = now_ms(redis_client) - began
    assert permit.kind == "wait"
    assert 40_001 - passed <= permit.ms <= 40_001
    age(redis_client, 40_001)
    assert limits.ask("v", [ONE]).kind == "go"


def test_a_group_goes_within_its_time_and_the_next_one_when_all_of_it_has_left(
    limits, redis_client
):
    group = [Limit("test", 3, 60_000, within_ms=10_000)]
    assert limits.ask("v", group).kind == "go"
    age(redis_client, 9_000)
    assert limits.ask("v", group).kind == "go"
    age(redis_client, 2_000)
    # Two of three went, but its time is over: until the second has left.
    [(_, second)] = redis_client.zrange("ah:window:test", -1, -1, withscores=True)
    before = now_ms(redis_client)
    permit = limits.ask("v", group)
    assert permit.kind == "wait"
    assert before <= second + 60_001 - permit.ms <= now_ms(redis_client)
    age(redis_client, 50_000)
    # The first has left, the second has not.
    assert limits.ask("v", group).kind == "wait"
    age(redis_client, 8_001)
    assert [limits.ask("v", group).kind for _ in range(4)] == ["go", "go", "go", "wait"]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    most=st.integers(1, 5),
    window=st.integers(2_000, 20_000),
    steps=st.lists(st.integers(0, 6_000), min_size=1, max_size=30),
)
def test_never_more_than_allowed_in_any_window(redis_client, most, window, steps):
    redis_client.delete("ah:window:test")
    limits, now, gone = Limits(redis_client), 0, []
    for step in steps:
        age(redis_client, step)
        now += step
        if limits.ask("v", [Limit("test", most, window)]).kind == "go":
            ((_, stamp),) = redis_client.zrange("ah:window:test", -1, -1, withscores=True)
            gone.append(stamp + now)
    for at in gone:
        assert sum(at <= other < at + window for other in gone) <= most
    # And it is used in full: whoever was refused found a full window.
    assert len(gone) >= min(most, len(steps))


def test_two_limits_are_counted_together_or_not_at_all(limits, redis_client):
    both = [Limit("wide", 10, 60_000), Limit("narrow", 1, 60_000)]
    assert limits.ask("v", both).kind == "go"
    assert limits.ask("v", both).kind == "wait"
    assert redis_client.zcard("ah:window:wide") == 1


def ask_often(url: str, count: int) -> int:
    limits = Limits(connect(url))
    return sum(limits.ask("v", [Limit("test", 100, 60_000)]).kind == "go" for _ in range(count))


def test_many_processes_and_threads_share_one_window(redis_client, redis_server):
    context = multiprocessing.get_context("spawn")
    with context.Pool(2) as processes, ThreadPoolExecutor(4) as threads:
        far = processes.starmap_async(ask_often, [(redis_server.url, 60)] * 2)
        near = list(threads.map(lambda _: ask_often(redis_server.url, 30), range(4)))
        assert sum(near) + sum(far.get(60)) == 100


def test_a_window_leaves_nothing_behind(limits, redis_client):
    before = now_ms(redis_client)
    limits.ask("v", [ONE])
    expires = redis_client.pexpiretime("ah:window:test")
    assert before <= expires - 60_000 <= now_ms(redis_client)


def test_after_the_wall_clock_stepped_back_a_window_neither_blocks_nor_forgets(
    limits, redis_client
):
    for _ in range(3):
        limits.ask("v", [ONE])
    age(redis_client, -3_600_000)  # written by a clock that was an hour ahead
    permit = limits.ask("v", [ONE])
    assert permit.kind == "wait"
    assert permit.ms <= 60_001
    age(redis_client, 60_001)
    assert limits.ask("v", [ONE]).kind == "go"


def test_a_pause_is_never_shortened_and_keeps_the_longer_reason(limits, redis_client):
    assert limits.pause("v", 60, "daily limit") is True
    until = limits.paused("v")["until"]
    assert limits.pause("v", 5, "down") is False
    assert limits.paused("v")["until"] == until
    assert limits.paused("v")["reason"] == "daily limit"
    assert limits.pause("v", 120, "moving") is False
    assert int(limits.paused("v")["until"]) >= int(until) + 59_000
    assert limits.paused("v")["reason"] == "moving"


def test_nobody_asks_a_paused_vendor_and_nothing_is_counted(limits, redis_client):
    limits.pause("v", 60, "down")
    permit = limits.ask("v", [ONE])
    assert (permit.kind, permit.reason) == ("paused", "down")
    assert 59_000 < permit.ms <= 60_000
    assert not redis_client.exists("ah:window:test")
    assert limits.ask("other", [ONE]).kind == "go"


def test_after_a_pause_one_probe_goes_out_every_five_seconds(limits, redis_client):
    limits.pause("v", 60, "down")
    for _ in range(2):
        redis_client.hset("ah:pause:v", "until", now_ms(redis_client) - 1)
        with ThreadPoolExecutor(8) as pool:
            permits = list(pool.map(lambda _: limits.ask("v", []), range(16)))
        assert [permit.probe for permit in permits].count(True) == 1
        paused = [permit for permit in permits if permit.kind == "paused"]
        assert len(paused) == 15
        assert all(0 < permit.ms <= PROBE_MS for permit in paused)


def test_success_ends_the_pause_and_lets_go_all_that_waited_oldest_first(limits, redis_client):
    limits.pause("hubspot", 60, "down")
    redis_client.zadd("ah:parked:hubspot", {"call-1": 10, "call-2": 5})
    assert limits.resume("hubspot") == 2
    assert limits.paused("hubspot") == {}
    assert redis_client.zrange("ah:due", 0, -1) == [b"call-2", b"call-1"]
    assert limits.resume("hubspot") == 0


def test_a_lease_that_was_lost_counts_nothing_and_renews_nothing(limits, redis_client):
    due = Due(redis_client)
    for n in (1, 2):
        due.enter(f"call-{n}", "{}", ending=True)
    due.claim("me")
    redis_client.hdel("ah:owner", "call-1")
    scores = redis_client.zrange("ah:due", 0, -1, withscores=True)
    assert limits.ask("v", [ONE], "me", ["call-2", "call-1"]).reason == "call-1"
    assert redis_client.zrange("ah:due", 0, -1, withscores=True) == scores
    assert not redis_client.exists("ah:window:test")


def test_what_a_vendor_told_is_kept(limits):
    limits.learn("hubspot", {"max": 100, "daily": 1000})
    limits.learn("hubspot", {})
    limits.learn("hubspot", {"daily": 900})
    assert limits.learned("hubspot") == {"max": 100, "daily": 900}


@pytest.mark.parametrize(("told", "most"), [(100, 10), (11, 10), (10, 10), (9, 8), (2, 1), (1, 1)])
def test_what_a_vendor_told_counts_where_it_is_less(limits, told, most):
    limits.learn("v", {"max": told})
    limit = Limit("test", 10, 60_000, told=True)
    assert [limits.ask("v", [limit]).kind for _ in range(most + 1)] == ["go"] * most + ["wait"]
    assert limits.ask("v", [Limit("other", 10, 60_000)]).kind == "go"
