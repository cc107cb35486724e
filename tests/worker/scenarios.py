"""The situations in which a drain is stopped at every step, each with what came before it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from product import Product

from sandbox.traffic import Story, call_events, message_events

START = 1_790_000_000
UNKNOWN, KNOWN = "+33199887766", "+33199004567"
TICKETS = {
    "tickets.pipeline": "0",
    "tickets.stages.inbound_missed": "1",
    "tickets.stages.inbound_voicemail": "2",
    "tickets.stages.inbound_answered": "1",
    "tickets.stages.inbound_message": "1",
}
Prepare = Callable[[Product], None]


def fresh_call_from_unknown(product: Product) -> None:
    product.deliver(call_events(1, "inbound_missed", start=START, phone=UNKNOWN))


def fresh_call_from_known(product: Product) -> None:
    product.deliver(call_events(1, "inbound_answered", start=START, phone=KNOWN))


def message_from_unknown(product: Product) -> None:
    product.deliver(
        message_events("m-1", "inbound", start=START, phone=UNKNOWN, body="Hello <there>")
    )


def two_calls_of_one_unknown_phone(product: Product) -> None:
    product.deliver(call_events(1, "inbound_missed", start=START, phone=UNKNOWN))
    product.deliver(call_events(2, "inbound_answered", start=START + 5, phone=UNKNOWN))


def several_of_every_kind(product: Product) -> None:
    fresh_call_from_unknown(product)
    product.deliver(call_events(2, "outbound_busy", start=START, phone=KNOWN))
    product.deliver(call_events(3, "inbound_answered", start=START, phone="anonymous"))
    message_from_unknown(product)


def late_tag(product: Product) -> None:
    events = call_events(
        1, "inbound_answered", start=START, phone=KNOWN, story=Story(later_tags=(33,))
    )
    late = [event for event in events if event["event"] == "call.tagged"]
    assert late
    product.log([event for event in events if event not in late])
    product.deliver(late)


def voicemail_after_the_end(product: Product) -> None:
    events = call_events(
        1, "inbound_voicemail", start=START, phone=UNKNOWN, story=Story(late_voicemail=True)
    )
    ended = next(i for i, event in enumerate(events) if event["event"] == "call.ended")
    assert len(events) > ended + 1
    product.log(events[: ended + 1])
    product.deliver(events[ended + 1 :])


def missing_stage(product: Product) -> None:
    product.hubspot.delete("stages", "1", "0")
    product.deliver(call_events(1, "inbound_missed", start=START, phone=KNOWN))


SCENARIOS: Mapping[str, Prepare] = {
    each.__name__: each
    for each in (
        fresh_call_from_unknown,
        fresh_call_from_known,
        message_from_unknown,
        two_calls_of_one_unknown_phone,
        several_of_every_kind,
        late_tag,
        voicemail_after_the_end,
        missing_stage,
    )
}


def settings() -> dict[str, Any]:
    return {"enabled": True, "numbers": "all", **TICKETS}
