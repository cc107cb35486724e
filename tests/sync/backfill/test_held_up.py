"""What holds a backfill up or ends it: a stop, settings, vendors in trouble, other changes."""

from __future__ import annotations

import pytest

from rules.settings import Settings
from store import keys
from store.connection import now_ms
from store.operations import Operations
from store.tombstone import DELETED
from sync.backfill import going, page, walk
from sync.backfill.going import MOST
from tests.sync.backfill.past import many, past_call
from tests.sync.backfill.steps import logged, now, once, ours, through
from tests.worker.product import ADMIN, later


def test_a_long_time_is_logged_where_each_slice_may_ask_but_twice(
    product, begun, at_once, monkeypatch
):
    monkeypatch.setattr(walk, "REASSURING", 30)
    many(product, 120, every=200)
    begun(total=120)
    for _ in range(40):
        product.aircall.fault("429", path="/v1/calls", nth=3, times=None, retry_after=1)
        once(product)
        product.aircall.faults.clear()
        product.pass_time(120)
        product.recover()
    assert now(product).state == "done"
    assert now(product).counts["logged"] == now(product).counts["done"] == 120
    assert len(ours(product)) == 120


def test_stop_ends_it_after_its_step_and_what_was_taken_in_follows(product, begun, at_once):
    many(product, 500, every=10)
    operation = begun(total=500)
    once(product)
    assert Operations(product.redis).stop("backfill", operation.id, "U2") is not None
    once(product)
    ended = now(product)
    assert (ended.state, ended.stopped_by) == ("stopped", "U2")
    assert ended.counts["following"] == MOST
    product.recover()
    assert len(logged(product)) == MOST
    # Begun anew, it goes on with the others.
    begun(total=500)
    ended = through(product)
    assert (ended.counts["skipped|logged"], ended.counts["logged"]) == (MOST, 300)
    assert len(logged(product)) == 500


def test_disabled_meanwhile_it_pauses_and_says_so(product, begun, at_once):
    many(product, 300, every=10)
    begun(total=300)
    once(product)
    product.set(enabled=False)
    product.drain()
    assert len(product.parked("disabled")) == MOST
    once(product)
    once(product)
    assert now(product).state == "running"
    assert now(product).trouble == going.DISABLED
    assert len(product.parked("disabled")) == MOST
    assert logged(product) == []
    product.set(enabled=True)
    product.shop.due.resume("disabled")
    assert through(product).counts["logged"] == 300
    assert now(product).trouble == ""


def test_deleted_meanwhile_it_ends(product, begun, at_once):
    many(product, 3)
    begun()
    current = product.shop.revisions.current()
    product.shop.revisions.save(Settings(), ADMIN, current.number, DELETED, even_unchanged=True)
    once(product)
    assert (now(product).state, now(product).trouble) == ("failed", DELETED)
    assert product.redis.zcard(keys.DUE) == 0


@pytest.mark.parametrize("fault", ["403", "405", "422", "500", "503", "429", "reset", "cut"])
def test_an_aircall_in_trouble_is_waited_for(product, begun, at_once, fault):
    many(product, 420, every=10)
    begun(total=420)
    once(product)
    product.aircall.fault(fault, times=None)
    product.drain()
    once(product)
    assert now(product).state == "running"
    own = {"405": "Method Not Allowed", "422": "Unprocessable"}.get(fault, "Aircall")
    assert now(product).trouble.startswith(own)
    product.aircall.faults.clear()
    product.pass_time(120)
    assert through(product).counts["logged"] == 420


def test_a_hubspot_in_trouble_is_said_and_waited_for(product, begun, at_once):
    many(product, 250, every=10)
    begun(total=250)
    once(product)
    product.hubspot.fault("503", times=None)
    product.drain()
    once(product)
    assert now(product).state == "running"
    assert "HubSpot" in now(product).trouble
    product.hubspot.faults.clear()
    product.recover()
    assert through(product).counts["logged"] == 250


def test_what_hubspot_refuses_is_counted_as_failed_and_stops_no_other(product, begun, at_once):
    many(product, 3)
    product.hubspot.fault("partial", path="*/calls/batch/create", which="first", permanent=True)
    begun(total=3)
    ended = through(product)
    assert (ended.counts["logged"], ended.counts["failed"]) == (2, 1)
    assert ended.state == "done"
    assert len(product.failures()) == 1


def test_what_changes_on_its_way_stays_changed(product, begun, at_once):
    """A webhook's newer word is not undone by the list that was read before."""
    events = past_call(product, 1, 0)
    begun()
    once(product)
    ahead = now_ms(product.redis) // 1000 - events[-1]["timestamp"] + 5
    product.deliver([later(events[-1], ahead, tags=[{"id": 31, "name": "Quote"}])])
    through(product)
    assert "Quote" in product.body()
    assert len(ours(product)) == 1


def test_what_a_webhook_tells_while_a_page_waits_its_turn_is_newer_than_it(
    product, begun, at_once, monkeypatch
):
    """A page may wait for seconds until fewer calls wait: it does not grow newer by that."""
    asked = now_ms(product.redis) - 10_000
    monkeypatch.setattr(page, "now_ms", lambda _: asked)
    events = past_call(product, 1, 0)
    ahead = asked // 1000 - events[-1]["timestamp"] + 5
    begun()
    once(product)
    product.deliver([later(events[-1], ahead, tags=[{"id": 31, "name": "Quote"}])])
    through(product)
    assert "Quote" in product.body()


def test_one_that_is_over_is_left_alone(product, begun, at_once):
    many(product, 2)
    operation = begun()
    Operations(product.redis).end(operation, "stopped")
    once(product)
    assert product.redis.zcard(keys.DUE) == 0
    assert now(product).counts == {}


def test_without_one_nothing_is_done(product):
    once(product)
    assert now(product) is None
