"""What is parked waits for its vendor or for enabling, and a sweep finds what nobody works on."""

import pytest

from store.connection import now_ms
from store.due import Due, Settled
from tests.store.holding import enter, out, park


def test_a_failure_that_is_parked_and_tried_again_is_there_once(due, redis_client):
    enter(due, "call-1")
    due.claim("a")
    due.commit("a", [Settled("call-1", "stay", 1, failure="add")])
    due.retry(["call-1"])
    due.claim("a")
    due.commit("a", [Settled("call-1", "park:hubspot")])
    assert redis_client.exists("ah:parked:hubspot")
    due.retry(["call-1"])
    assert due.waiting() == 1
    due.resume("hubspot")
    assert due.claim("a").ids == ("call-1",)
    due.commit("a", [Settled("call-1", "out", 1, failure="drop")])
    assert due.waiting() == 0


def test_a_sweep_calls_for_what_is_due_and_nobody_works_on(due, redis_client):
    assert due.sweep() == (False, 0)
    enter(due, "call-1")
    assert due.sweep() == (False, 0)
    redis_client.delete("ah:called")
    assert due.sweep() == (True, 0)
    assert due.sweep() == (False, 0)
    assert 0 < redis_client.pttl("ah:called") <= 10_000


def test_what_is_parked_waits_for_its_vendor_and_one_goes_to_probe(due, limits, redis_client):
    limits.pause("hubspot", 60, "down")
    park(due, "call-1", "call-2")
    due.sweep()
    assert due.claim("a").ids == ()
    redis_client.hset("ah:pause:hubspot", "until", 1)
    due.sweep()
    (first,) = due.claim("a").ids
    assert redis_client.zcard("ah:parked:hubspot") == 1
    assert due.waiting() == 2
    due.commit("a", [Settled(first, "park:hubspot")])
    assert limits.resume("hubspot") == 2
    assert len(due.claim("a").ids) == 2


def test_what_was_parked_just_after_the_vendor_came_back_is_found_by_the_sweep(due):
    park(due, "call-1", "call-2")
    due.sweep()
    assert set(due.claim("a").ids) == {"call-1", "call-2"}


@pytest.mark.parametrize("release", [Due.sweep, lambda due: due.resume("hubspot")])
def test_what_is_let_go_is_due_when_it_was_and_never_later(due, redis_client, release):
    redis_client.zadd("ah:parked:hubspot", {"call-1": 5})
    redis_client.zadd("ah:due", {"call-1": now_ms(redis_client)})
    release(due)
    assert redis_client.zscore("ah:due", "call-1") == 5


def test_a_call_that_ended_while_it_was_held_as_unended_waits(due):
    enter(due, "call-1", ending=False)
    due.claim("a")
    enter(due, "call-1")
    due.commit("a", [Settled("call-1", "in:600000", 1, unended=True)])
    assert due.waiting() == 1
    enter(due, "call-2", ending=False)
    due.claim("a")
    enter(due, "call-2", ending=False)
    due.commit("a", [Settled("call-2", "in:600000", 1, unended=True), *out("call-1")])
    assert due.waiting() == 0


def test_a_new_event_of_something_parked_makes_it_due(due, limits, redis_client):
    limits.pause("hubspot", 60, "down")
    park(due, "call-1")
    enter(due, "call-1", ending=False)
    assert due.claim("a").ids == ("call-1",)
    assert not redis_client.exists("ah:parked:hubspot")
    assert due.waiting() == 1


def test_what_waits_for_enabling_is_let_go_by_name_only(due):
    park(due, "call-1", why="disabled")
    due.sweep()
    assert due.claim("a").ids == ()
    assert due.resume("hubspot") == 0
    assert due.resume("disabled") == 1
    assert due.claim("a").ids == ("call-1",)
