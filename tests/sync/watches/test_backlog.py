"""Failures that pile up and events that wait too long are said until it is over."""

import pytest

from sandbox.traffic import call_events
from store import keys
from store.connection import now_ms
from sync.watches.backlog import (
    AT_ONCE,
    FAILURES,
    LATELY,
    MANY,
    PATIENCE,
    WAITING,
    rounded,
    watch_failures,
    watch_waiting,
)
from tests.worker.product import KNOWN, START


def fail(product, count: int, ago: int = 0) -> None:
    at = now_ms(product.redis) - ago
    product.redis.zadd(keys.FAILURES, {f"call-{at}-{n}": at for n in range(count)})


def said(product) -> dict[str, str]:
    watch_failures(product.redis, product.shop.alerts)
    watch_waiting(product.redis, product.shop.limits, product.shop.alerts)
    return product.alerts()


def about(product, name: str) -> dict[str, str]:
    return next(dict(each.about) for each in product.shop.alerts.open() if each.name == name)


def test_no_failure_is_no_news(product):
    assert said(product) == {}


@pytest.mark.parametrize(
    ("count", "ago", "told"),
    [(AT_ONCE - 1, 0, False), (AT_ONCE, 0, True), (MANY - 1, LATELY, False), (MANY, LATELY, True)],
)
def test_many_are_said_and_some_in_a_short_time(product, count, ago, told):
    fail(product, count, ago + 1000 if ago else 0)
    assert (FAILURES in said(product)) is told


def test_it_is_over_when_none_is_left_and_not_before(product):
    fail(product, MANY)
    assert "At least 10 calls or messages could not be written" in said(product)[FAILURES]
    product.redis.zremrangebyrank(keys.FAILURES, 0, -2)
    assert said(product)[FAILURES].startswith("1 call or message could not be written")
    product.redis.delete(keys.FAILURES)
    assert said(product) == {}


def test_the_figure_is_rounded_so_that_a_storm_is_not_said_with_every_call(product):
    fail(product, 37)
    assert about_after(product) == {"count": "30"}
    fail(product, 2, ago=60_000)
    assert about_after(product) == {"count": "30"}


def about_after(product):
    said(product)
    return about(product, FAILURES)


@pytest.mark.parametrize(("count", "told"), [(1, 1), (9, 9), (10, 10), (19, 10), (4321, 4000)])
def test_figures_are_rounded_down_to_one_digit(count, told):
    assert rounded(count) == told


def wait(product, ms: int, id_: int = 1) -> int:
    """Let a call wait, as if no worker had run since it arrived so long ago; tell when (ms)."""
    events = call_events(id_, "inbound_missed", start=START, phone=KNOWN)
    arrived = now_ms(product.redis) - ms
    product.deliver(events, arrived=arrived)
    return arrived


def test_what_waits_for_more_than_ten_minutes_is_said_with_since_when(product):
    arrived = wait(product, PATIENCE + 1_000)
    assert "have waited for more than 10 minutes" in said(product)[WAITING]
    assert about(product, WAITING)["since"] == str(arrived)
    product.drain()
    assert said(product) == {}


def test_what_waits_for_a_moment_is_no_news(product):
    wait(product, PATIENCE - 30_000)
    assert said(product) == {}


def test_a_call_that_goes_on_for_long_waits_for_nothing(product):
    events = call_events(1, "inbound_answered", start=START, phone=KNOWN)[:-1]
    product.deliver(events, arrived=now_ms(product.redis) - 2 * PATIENCE)
    product.drain()
    assert said(product) == {}


def test_what_waits_for_a_vendor_is_that_vendors_alert(product):
    wait(product, PATIENCE + 1_000)
    product.shop.limits.pause("hubspot", 60, "down")
    assert said(product) == {}
    product.shop.limits.resume("hubspot")
    assert WAITING in said(product)


def test_a_pause_of_our_own_limit_lasts_seconds_and_hides_nothing(product):
    wait(product, PATIENCE + 1_000)
    product.shop.limits.pause("hubspot", 3, "our own limit")
    assert WAITING in said(product)


def test_what_waits_for_being_enabled_is_no_news(product):
    wait(product, PATIENCE + 1_000)
    product.set(enabled=False)
    product.drain()
    assert product.parked("disabled") == {"call-1"}
    assert said(product) == {}


def test_while_a_backlog_is_worked_off_it_is_said_once(product):
    wait(product, 2 * PATIENCE, 1)
    first = said(product), about(product, WAITING)
    product.drain()
    wait(product, PATIENCE + 1_000, 2)
    assert (said(product), about(product, WAITING)) == first
