"""A vendor that does not answer is said after two minutes, and asked until it does."""

import pytest

from store.connection import now_ms
from sync.clock import tick
from sync.watches.pauses import PATIENCE_MS, PROBE, probe
from worker.nudge import BACKGROUND, queue

SINCE = "ah:pause:{}"


def paused(product, vendor: str, reason: str, *, ago: int = 0, ms: int = 60_000) -> None:
    """Pause a vendor as of `ago` milliseconds before now, for `ms` from now."""
    product.shop.limits.pause(vendor, 1, reason)
    now = now_ms(product.redis)
    times = {"since": now - ago, "until": now + ms}
    product.redis.hset(SINCE.format(vendor), mapping=times)


def alerts(product) -> dict[str, str]:
    tick(product.shop)
    return {each.name: each.sentence for each in product.shop.alerts.open()}


def probes(client) -> list[tuple[str, ...]]:
    return [tuple(job.args) for job in queue(client, BACKGROUND).jobs if job.func_name == PROBE]


@pytest.mark.parametrize("vendor", ["hubspot", "aircall"])
def test_a_vendor_that_is_down_for_two_minutes_is_said_and_said_no_more_when_it_is_back(
    product, vendor
):
    paused(product, vendor, "down", ago=PATIENCE_MS - 5000)
    assert alerts(product) == {}
    paused(product, vendor, "down", ago=PATIENCE_MS)
    assert list(alerts(product)) == [f"{vendor} unavailable"]
    product.shop.limits.resume(vendor)
    assert alerts(product) == {}


@pytest.mark.parametrize(
    ("reason", "words"),
    [("credentials", "HubSpot refuses our token."), ("daily limit", "daily limit is used up")],
)
def test_what_time_does_not_mend_is_said_at_once(product, reason, words):
    paused(product, "hubspot", reason)
    assert words in alerts(product)["hubspot unavailable"]


def test_our_own_limit_is_no_news(product):
    paused(product, "hubspot", "our own limit", ago=PATIENCE_MS)
    assert alerts(product) == {}


@pytest.mark.parametrize("vendor", ["hubspot", "aircall"])
def test_a_vendor_whose_pause_is_over_is_asked_and_an_answer_ends_it(product, vendor):
    paused(product, vendor, "down", ago=PATIENCE_MS, ms=-1)
    assert f"{vendor} unavailable" in alerts(product)
    assert probes(product.redis) == [(vendor,)]
    probe(vendor)
    assert alerts(product) == {}


def test_a_vendor_that_is_still_down_stays_so_and_is_not_asked_with_every_beat(product):
    product.hubspot.fault("503", times=None)
    paused(product, "hubspot", "down", ago=PATIENCE_MS, ms=-1)
    tick(product.shop)
    product.redis.delete("rq:queue:background")
    probe("hubspot")
    product.redis.hset(SINCE.format("hubspot"), "until", 0)
    assert "hubspot unavailable" in alerts(product)
    assert probes(product.redis) == []


def test_a_vendor_is_not_asked_before_its_pause_is_over(product):
    paused(product, "hubspot", "daily limit")
    tick(product.shop)
    assert probes(product.redis) == []
