"""A wall clock that steps back takes leases, times and pauses with it."""

from store.connection import now_ms
from store.due import LEASE_MS, Settled
from store.wanted_contacts import LEASE_MS as CONTACT_LEASE_MS
from store.wanted_contacts import WantedContacts
from tests.store.holding import enter, park, step_back

HOUR = 3_600_000


def test_a_clock_that_stepped_back_an_hour_takes_leases_and_times_with_it(due, redis_client):
    enter(due, "held", "later", "ready")
    redis_client.zadd("ah:due", {"held": 1, "later": 2})
    due.claim("dead", limit=2)
    due.commit("dead", [Settled("later", "in:600000", 1)])
    before = {id_: redis_client.zscore("ah:due", id_) for id_ in ("held", "later", "ready")}
    began = now_ms(redis_client)
    step = step_back(redis_client, due, HOUR)
    assert HOUR - (now_ms(redis_client) - began) <= step <= HOUR
    for id_, score in before.items():
        assert redis_client.zscore("ah:due", id_) == score + HOUR - step
    assert due.sweep()[1] == 0


def test_a_clock_that_stepped_back_takes_pauses_with_it(due, limits, redis_client):
    limits.pause("hubspot", 600, "daily limit")
    park(due, "call-1")
    until = int(limits.paused("hubspot")["until"])
    step = step_back(redis_client, due, HOUR)
    assert int(limits.paused("hubspot")["until"]) == until + HOUR - step
    assert redis_client.zscore("ah:parked:hubspot", "call-1") <= now_ms(redis_client)
    limits.resume("hubspot")
    assert due.claim("a").ids == ("call-1",)


def test_a_clock_that_stepped_back_takes_contacts_with_it(due, redis_client):
    wanted = WantedContacts(redis_client)
    wanted.add("logged", ["held"])
    wanted.take("logged", 1)
    wanted.add("logged", ["ready"])
    wanted.add("changed", ["later"], wait_ms=HOUR)
    step_back(redis_client, due, HOUR)
    assert [each.id for each in wanted.take("logged", 2)] == ["ready"]
    left = redis_client.zscore("ah:contacts:wanted", "held") - now_ms(redis_client)
    assert 0 < left <= CONTACT_LEASE_MS
    left = redis_client.zscore("ah:contacts:changed", "later") - now_ms(redis_client)
    assert 0 < left <= HOUR


def test_after_a_step_back_drains_are_called_again(due, redis_client):
    enter(due, "call-1")
    assert redis_client.exists("ah:called")
    step_back(redis_client, due, HOUR)
    # That very sweep has called, for ten seconds.
    assert 0 < redis_client.pttl("ah:called") <= 10_000


def test_a_step_back_never_ends_the_lease_of_a_worker_of_now(due, redis_client):
    enter(due, "call-1")
    redis_client.set("ah:clock", now_ms(redis_client) + HOUR)
    claim = due.claim("a", exclusive=True)
    due.sweep()
    assert redis_client.zscore("ah:due", "call-1") == claim.now + LEASE_MS
    assert 0 < redis_client.pttl("ah:draining") <= LEASE_MS
    assert due.claim("b", exclusive=True).ids == ()


def test_a_step_back_never_ends_the_lease_of_who_carries_a_contact_now(due, redis_client):
    redis_client.set("ah:clock", now_ms(redis_client) + HOUR)
    wanted = WantedContacts(redis_client)
    wanted.add("logged", ["12345"])
    (taken,) = wanted.take("logged", 1)
    due.sweep()
    assert redis_client.zscore("ah:contacts:wanted", "12345") == taken.lease
    assert wanted.take("logged", 1) == ()


def test_a_small_step_back_is_left_alone(due, redis_client):
    redis_client.set("ah:clock", now_ms(redis_client) + 500)
    assert due.sweep() == (False, 0)
