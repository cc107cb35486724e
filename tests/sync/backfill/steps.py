"""Steps of the tests of a backfill: slice after slice, and what came of it."""

from __future__ import annotations

from store.operations import Operations
from sync.backfill.going import go_on
from worker.nudge import BACKGROUND, queue


def now(product):
    return Operations(product.redis).current("backfill")


def once(product):
    """Run one slice, as the clock or its predecessor calls for it."""
    queue(product.redis, BACKGROUND).empty()
    go_on()


def through(product, rounds=60):
    """Go on, and let the drain work, until it has ended."""
    for _ in range(rounds):
        once(product)
        if not now(product).active:
            return now(product)
        product.recover()
    raise AssertionError(f"it does not end: {now(product)}")


def logged(product):
    return sorted(one["properties"]["aircall_id"] for one in ours(product))


def ours(product):
    return [one for one in product.all("calls") if one["properties"].get("aircall_id")]
