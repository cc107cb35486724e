"""Since when the oldest of those that wait has waited, wherever it stands."""

import json

import pytest

from store import keys
from store.connection import now_ms
from store.due import Due, Settled
from store.waiting import LOOKED_AT, Waits, waits


@pytest.fixture
def due(redis_client):
    return Due(redis_client)


def arrive(due, id_, at, *, ending=True):
    due.enter(id_, "{}", ending=ending, arrived=at, revision=1)


def park(due, id_, why, arrived):
    """Fold the event into a record and park it."""
    record = json.dumps({"call": {"id": id_, "as_of": [0, 0, arrived]}})
    due.claim("a")
    due.commit("a", [Settled(id_, f"park:{why}", 1, record, keep_mark=True)])


def test_nothing_waits_in_an_empty_store(redis_client):
    assert waits(redis_client) == Waits({}, None)


def test_what_is_due_waits_since_it_arrived_also_while_it_is_worked_on(due, redis_client):
    arrive(due, "call-1", 7_000)
    arrive(due, "call-2", 5_000)
    due.claim("a")
    assert waits(redis_client) == Waits({}, 5_000)


def test_a_call_that_has_not_ended_waits_for_nobody(due, redis_client):
    arrive(due, "call-1", 5_000, ending=False)
    assert waits(redis_client) == Waits({}, None)


def test_what_is_parked_waits_since_its_newest_fact_arrived_and_for_its_reason(due, redis_client):
    for number, why in enumerate(("hubspot", "hubspot", "disabled")):
        arrive(due, f"call-{number}", 9_000)
        park(due, f"call-{number}", why, 3_000 + number)
    assert waits(redis_client) == Waits({"hubspot": 2, "disabled": 1}, 3_000)


def test_of_many_the_oldest_is_found_at_either_end(due, redis_client):
    for number in range(3 * LOOKED_AT):
        arrive(due, f"call-{number}", 1_000 + number)
    redis_client.zadd(keys.DUE, {"call-0": now_ms(redis_client) + 20_000})
    assert waits(redis_client).oldest == 1_000


def test_damaged_keys_keep_no_other_from_being_seen(due, redis_client):
    arrive(due, "call-1", 5_000)
    for number, record in enumerate(("{", "[]", '{"message":{}}', "{}")):
        redis_client.zadd(keys.parked("hubspot"), {f"call-x{number}": 1})
        redis_client.set(keys.record(f"call-x{number}"), record)
    redis_client.zadd(keys.parked("hubspot"), {"call-y": 1})
    redis_client.rpush(keys.record("call-y"), "a list")
    redis_client.set(keys.new("call-y"), "a text")
    assert waits(redis_client) == Waits({"hubspot": 5}, 5_000)


def test_of_many_that_wait_for_a_vendor_the_moment_of_its_pause_counts(redis_client):
    redis_client.hset(keys.pause("hubspot"), "since", 2_000)
    for number in range(2 * LOOKED_AT + 1):
        redis_client.zadd(keys.parked("hubspot"), {f"call-{number}": number})
        redis_client.set(keys.record(f"call-{number}"), '{"call":{"as_of":[0,0,3000]}}')
    assert waits(redis_client).oldest == 2_000
    redis_client.zremrangebyrank(keys.parked("hubspot"), 0, 0)
    assert waits(redis_client).oldest == 3_000
