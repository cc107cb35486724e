"""A past that tests may look back on: settings of other times, and calls that Aircall still has."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from sandbox.story import PLAIN, CallKind, Story
from sandbox.traffic import call_events
from store import keys
from tests.worker.product import Product

DAY = 86_400
START = int(time.time()) // DAY * DAY - 20 * DAY + 14 * 3600
"""UNIX seconds, 14:00 UTC twenty days ago: within Aircall's six months, and long before any
revision that a test saves, unless it is dated back."""
NEW = "+33199887766"
"""A phone that HubSpot does not know."""


def dated(product: Product, at: int, **settings: object) -> int:
    """Save settings as if at this time (UNIX seconds); the first ones are dated back too.

    Returns the revision's number.
    """
    if settings:
        product.set(**settings)
    number = product.shop.revisions.current().number
    kept = json.loads(product.redis.hget(keys.SETTINGS_REVISIONS, str(number)) or b"{}")
    kept.pop("sum", None)  # it would not fit any more
    product.redis.hset(keys.SETTINGS_REVISIONS, str(number), json.dumps({**kept, "at": at * 1000}))
    return number


def past_call(  # noqa: PLR0917 - as call_events takes them
    product: Product,
    id_: int,
    at: int = 0,
    kind: CallKind = "inbound_answered",
    phone: str = "+33199004567",
    story: Story = PLAIN,
    *,
    number: int = 1001,
    **changed: Any,
) -> list[Mapping[str, Any]]:
    """Let Aircall have a call, `at` seconds after START, that nobody told us of; its events."""
    events = call_events(id_, kind, start=START + at, phone=phone, number=number, story=story)
    event = {**events[-1], "data": {**events[-1]["data"], **changed}}
    ended = next(each for each in events if each["event"] == "call.ended")
    if not changed:
        event = ended
    product.aircall.add_call(event)
    return events


def many(product: Product, count: int, *, first: int = 1, every: int = 60, at: int = 0) -> None:
    """Let Aircall have so many plain calls, one each `every` seconds."""
    for n in range(count):
        past_call(product, first + n, at + n * every)


def by_another_app(product: Product, id_: int) -> None:
    """Let HubSpot have a call as Aircall's own app logs it."""
    product.hubspot.add(
        "calls", {"hs_call_external_id": str(id_), "hs_timestamp": str(START * 1000)}
    )


def a_known_world(product: Product) -> None:
    """Make a past in which everything occurs that a backfill must tell apart.

    Number 1001 is connected from the beginning; the integration is disabled between the seconds
    10,000 and 20,000 after START, and logs within business hours only from 20,000 on.
    """
    dated(
        product,
        START - DAY,
        numbers=(1001,),
        tickets__pipeline="0",
        tickets__stages__inbound_missed="1",
        tickets__stages__inbound_voicemail="1",
    )
    _first_dated(product)
    disabled = dated(product, START + 10_000, enabled=False)
    dated(product, START + 20_000, enabled=True, business_hours_only=True)
    past_call(product, 1, 100, "inbound_answered")
    past_call(product, 2, 200, "inbound_missed", NEW)
    past_call(product, 3, 300, "inbound_voicemail", "+33199887767")
    past_call(product, 4, 400, "outbound_answered", NEW)
    past_call(product, 5, 500, "outbound_unanswered")
    past_call(product, 6, 600, "inbound_missed", "anonymous")
    past_call(product, 7, 700, number=1002)
    past_call(product, 8, 800, number=1003)
    past_call(product, 9, 11_000, "inbound_answered")
    product.deliver(past_call(product, 10, 12_000, "inbound_missed"), revision=disabled)
    product.drain()
    product.log(past_call(product, 11, 900))
    past_call(product, 12, 950)
    by_another_app(product, 12)
    past_call(product, 13, 970, status="answered", ended_at=None)
    past_call(
        product, 14, 21_000, "inbound_missed", story=Story(missed_reason="out_of_opening_hours")
    )
    past_call(product, 15, 22_000, "outbound_answered", number=1003)
    product.deliver(past_call(product, 16, 23_000))
    past_call(product, 99, -10)
    past_call(product, 98, 30_001)


def _first_dated(product: Product) -> None:
    """Date back the very first settings, too."""
    kept = json.loads(product.redis.hget(keys.SETTINGS_REVISIONS, "1") or b"{}")
    kept.pop("sum", None)
    moved = {**kept, "at": (START - 2 * DAY) * 1000}
    product.redis.hset(keys.SETTINGS_REVISIONS, "1", json.dumps(moved))
