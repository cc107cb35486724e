"""A backfill logs exactly what it said, once each, and leaves the first place to fresh calls."""

from __future__ import annotations

from store import keys
from sync.backfill import going
from sync.backfill.going import MOST, Run
from tests.sync.backfill.past import DAY, START, a_known_world, dated, many, past_call
from tests.sync.backfill.steps import logged, now, once, through


def test_it_logs_exactly_what_the_preview_said(product, begun, at_once):
    a_known_world(product)
    begun(total=16)
    ended = through(product)
    assert ended.state == "done"
    assert logged(product) == [f"call-{n}" for n in (1, 10, 11, 16, 2, 3, 4, 5, 6, 9)]
    assert {name: count for name, count in ended.counts.items() if count} == {
        "done": 16,
        "entered": 12,
        "logged": 8,
        "ignored|number not connected": 3,
        "ignored|outside business hours": 1,
        "skipped|logged": 1,
        "skipped|elsewhere": 1,
        "skipped|unended": 1,
        "skipped|waiting": 1,
    }
    assert ended.total == 16
    assert len(product.all("tickets")) == 4


def test_what_it_ignores_can_be_explained(product, begun, at_once):
    dated(product, START - DAY, numbers=(1001,))
    past_call(product, 1, 0, number=1002)
    begun()
    through(product)
    decision = product.decision("call-1")
    assert (decision.result, decision.reason) == ("ignored", "number not connected")
    assert product.record("call-1").call.backfilled is not None


def test_a_second_time_it_does_nothing_more(product, begun, at_once):
    a_known_world(product)
    begun()
    through(product)
    before = product.hubspot.dump()
    with product.asking("batch") as asked, product.asking("create") as made:
        begun()
        ended = through(product)
    assert product.hubspot.dump() == before
    assert made == []
    assert "POST calls/batch/update" not in asked
    assert ended.counts.get("entered", 0) == 0
    assert ended.counts["skipped|logged"] == 10
    assert ended.counts["ignored|number not connected"] == 3


def test_it_tells_hubspot_of_contacts_and_choices_as_a_webhook_would(product, begun, at_once):
    from sandbox.story import Story  # noqa: PLC0415 - only here

    past_call(product, 1, 0, story=Story(ivr="Sales", comments=("Called back",), tags=(31,)))
    begun()
    through(product)
    body = product.body()
    assert "Sales" in body
    assert "Called back" in body
    assert "Quote" in body
    assert "Call ID: 1" in body


def test_calls_that_aircall_has_no_more_are_not_left_to_do(product, begun, at_once):
    many(product, 3)
    begun(total=5)
    ended = through(product)
    assert (ended.state, ended.total, ended.counts["done"]) == ("done", 3, 3)


def test_calls_are_taken_in_in_order_of_time(product, begun, at_once):
    for n in range(120):
        past_call(product, 1000 - n, n * 60)
    begun()
    once(product)
    assert now(product).cursor["waiting"] == [f"call-{1000 - n}" for n in range(120)]


def test_no_more_than_two_batches_wait_at_a_time(product, begun, at_once):
    many(product, 500, every=10)
    begun(total=500)
    once(product)
    assert product.redis.zcard(keys.DUE) == MOST
    once(product)
    assert product.redis.zcard(keys.DUE) == MOST
    assert len(now(product).cursor["waiting"]) == MOST
    product.drain()
    once(product)
    assert product.redis.zcard(keys.DUE) == MOST
    assert now(product).counts["logged"] == MOST
    assert through(product).counts["logged"] == 500


def test_it_waits_while_fresh_calls_wait(product, begun, at_once):
    many(product, 3)
    for n in range(MOST):
        product.redis.zadd(keys.DUE, {f"call-{9000 + n}": 1})
    begun()
    once(product)
    assert product.redis.zcard(keys.DUE) == MOST
    assert now(product).active
    product.redis.zremrangebyrank(keys.DUE, 0, 9)
    once(product)
    assert product.redis.zcard(keys.DUE) == MOST - 10 + 3


def test_within_a_slice_it_goes_on_as_soon_as_the_drain_is_through(product, begun, monkeypatch):
    """One slice suffices if somebody drains meanwhile."""
    many(product, 450, every=10)
    begun(total=450)
    monkeypatch.setattr(going, "PAUSE", 0.0)
    waited = Run._wait

    def drained(self, *, enabled):
        product.drain()
        return waited(self, enabled=enabled)

    monkeypatch.setattr(Run, "_wait", drained)
    once(product)
    assert now(product).state == "done"
    assert now(product).counts["logged"] == 450


def test_while_as_many_wait_as_may_no_vendor_is_asked(product, begun, at_once):
    many(product, MOST + 50)
    begun()
    for _ in range(3):
        once(product)
    assert len(now(product).cursor["waiting"]) == MOST
    asked = product.redis.hgetall(keys.REQUESTS)
    once(product)
    assert product.redis.hgetall(keys.REQUESTS) == asked
    assert through(product).counts["logged"] == MOST + 50
