"""A call that hung up and whose end never reached us: by which settings, and for how long."""

import json
import time

import pytest
from product import KNOWN

from sandbox.traffic import call_events
from store import keys
from store.connection import now_ms

BEGAN = 2_000
"""Seconds ago; it hung up within the minute."""


@pytest.fixture
def hung_up(product):
    """A call that hung up half an hour ago, of which Aircall can be asked."""
    start = int(time.time()) - BEGAN
    *before, ended = call_events(1, "inbound_missed", start=start, phone=KNOWN)
    product.aircall.add_call(ended)
    return before


def dated(product, number: int, ago: int) -> None:
    """Let a revision have been made so many seconds ago."""
    kept = json.loads(product.redis.hget(keys.SETTINGS_REVISIONS, str(number)))
    kept.pop("sum", None)  # it would not fit any more
    kept["at"] = int((time.time() - ago) * 1000)
    product.redis.hset(keys.SETTINGS_REVISIONS, str(number), json.dumps(kept))


def ask(product, events) -> None:
    product.deliver(events, arrived=int(time.time() * 1000) - 700_000)
    product.drain()


@pytest.mark.parametrize("then", [True, False])
def test_it_is_judged_by_the_settings_of_when_it_ended(product, hung_up, then):
    for ago, enabled in ((9_000, not then), (5_000, then), (60, not then)):
        product.set(enabled=enabled, create_contacts=ago == 9_000)
        dated(product, product.shop.revisions.current().number, ago)
    ask(product, hung_up)
    if then:
        # Accepted, and waiting until the integration is enabled again.
        assert product.parked("disabled") == {"call-1"}
    else:
        decision = product.decision("call-1")
        assert (decision.result, decision.reason) == ("ignored", "disabled")


def test_while_it_goes_on_after_all_it_is_asked_for_again_in_ten_minutes(product, hung_up):
    product.aircall.office.calls[1].update(status="answered", ended_at=None)
    before = now_ms(product.redis)
    ask(product, hung_up)
    assert product.decision("call-1").result == "pending"
    asked_from = product.redis.zscore(keys.DUE, "call-1") - 600_000
    assert before <= asked_from <= now_ms(product.redis)


def test_one_that_would_have_lasted_for_a_day_is_asked_for_no_more(product):
    start = int(time.time()) - 86_500
    *before, ended = call_events(1, "inbound_missed", start=start, phone=KNOWN)
    product.aircall.add_call(ended)
    product.aircall.office.calls[1].update(status="answered", ended_at=None)
    ask(product, before)
    assert product.decision("call-1").result == "pending"
    assert product.redis.zcard(keys.DUE) == 0
