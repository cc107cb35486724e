"""The situations in which a drain is stopped at every step, each with what came before it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from product import Product

from sandbox.traffic import CALL_KINDS, Story, call_events, group_events, message_events

START = 1_790_000_000
UNKNOWN, KNOWN = "+33199887766", "+33199004567"
COMPANYS, NOBODYS = "+33199007700", "anonymous"
TICKETS = {
    "tickets.pipeline": "0",
    "tickets.stages.inbound_missed": "1",
    "tickets.stages.inbound_voicemail": "2",
    "tickets.stages.inbound_answered": "1",
    "tickets.stages.inbound_message": "1",
    "tickets.stages.outbound_message": "2",
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


def message_to_unknown(product: Product) -> None:
    product.deliver(message_events("m-2", "outbound", start=START, phone=UNKNOWN))


def message_of_a_group(product: Product) -> None:
    phones = [KNOWN, UNKNOWN, COMPANYS]
    product.deliver(group_events("g-1", "inbound", start=START, phones=phones))


def call_to_a_companys_phone(product: Product) -> None:
    product.deliver(call_events(1, "inbound_missed", start=START, phone=COMPANYS))


def two_calls_of_one_unknown_phone(product: Product) -> None:
    product.deliver(call_events(1, "inbound_missed", start=START, phone=UNKNOWN))
    product.deliver(call_events(2, "inbound_answered", start=START + 5, phone=UNKNOWN))


def several_of_every_kind(product: Product) -> None:
    fresh_call_from_unknown(product)
    for id_, kind in enumerate(CALL_KINDS, start=2):
        product.deliver(call_events(id_, kind, start=START, phone=KNOWN))
    product.deliver(call_events(20, "inbound_answered", start=START, phone=NOBODYS))
    product.deliver(call_events(21, "outbound_answered", start=START, phone=COMPANYS))
    message_from_unknown(product)
    message_to_unknown(product)
    message_of_a_group(product)


def backlog(product: Product) -> None:
    """Thirty interactions of every kind and phone, one of them with a change that came late."""
    late_tag(product)
    phones = (UNKNOWN, KNOWN, COMPANYS, NOBODYS, "+33199887700", UNKNOWN)
    for at in range(26):
        kind, phone = CALL_KINDS[at % len(CALL_KINDS)], phones[at % len(phones)]
        product.deliver(call_events(100 + at, kind, start=START + at, phone=phone))
    message_from_unknown(product)
    message_to_unknown(product)
    message_of_a_group(product)


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


def ticket_left_out(product: Product) -> None:
    """A stage was deleted and another chosen; an admin asks for the ticket that was left out."""
    product.hubspot.delete("stages", "1", "0")
    product.log(call_events(1, "inbound_missed", start=START, phone=KNOWN))
    product.set(tickets__stages__inbound_missed="3")
    asked, _ = product.shop.due.want_tickets(["call-1"])
    assert asked == 1


MAIN = (
    fresh_call_from_unknown,
    fresh_call_from_known,
    message_from_unknown,
    two_calls_of_one_unknown_phone,
    several_of_every_kind,
    late_tag,
    voicemail_after_the_end,
    missing_stage,
)
FURTHER = (message_to_unknown, message_of_a_group, call_to_a_companys_phone, ticket_left_out)
"""Each alone; but for the last they meet, among several of every kind, all that a vendor may do."""
SCENARIOS: Mapping[str, Prepare] = {each.__name__: each for each in (*MAIN, *FURTHER, backlog)}


def settings() -> dict[str, Any]:
    return {"enabled": True, "numbers": "all", **TICKETS}
