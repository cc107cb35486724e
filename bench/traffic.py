"""Invented calls and messages by the thousand: distinct phones of Arcep's fictitious ranges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.traffic import CALL_KINDS, CallKind, aircall_contact, call_events, message_events

Json = Mapping[str, Any]

START = 1_790_000_000
"""Seconds since 1970 at which the first interaction happens; each is a second later."""
UNKNOWN_SHARE = 0.3
KNOWN_PREFIX, UNKNOWN_PREFIX = "+3319900", "+3363998"
SEEDED = range(4500, 8000)
"""Endings of `KNOWN_PREFIX` that the sandbox uses itself: left out."""
MESSAGE_EVERY = 5


@dataclass(frozen=True, slots=True)
class Caller:
    """A phone (E.164) of its own, and whether HubSpot knows it."""

    phone: str
    known: bool


def callers(count: int, first: int = 0) -> list[Caller]:
    """Return `count` callers from the `first` on; of every ten, the last three are unknown."""
    return [_caller(at) for at in range(first, first + count)]


def _caller(at: int) -> Caller:
    tens, ones = divmod(at, 10)
    known = ones < 10 * (1 - UNKNOWN_SHARE)
    share = 7 if known else 3
    ending = tens * share + (ones if known else ones - 7)
    if known and ending >= SEEDED.start:
        ending += SEEDED.stop - SEEDED.start
    assert ending < 10_000, "the fictitious ranges hold no more phones"
    return Caller(f"{KNOWN_PREFIX if known else UNKNOWN_PREFIX}{ending:04d}", known)


def contacts_of(those: Iterable[Caller]) -> list[dict[str, str]]:
    """Return the HubSpot contacts of the known ones, as values to seed."""
    return [
        {"firstname": "Known", "lastname": caller.phone[-4:], "phone": caller.phone}
        for caller in those
        if caller.known
    ]


def calls(those: Sequence[Caller], first_id: int = 1, *, emails: bool = False) -> Iterator[Json]:
    """Yield every delivery of one call for each caller, kind after kind; ids count up.

    With `emails`, Aircall knows an e-mail address of each caller.
    """
    for at, caller in enumerate(those):
        yield from call(first_id + at, caller, CALL_KINDS[at % len(CALL_KINDS)], emails=emails)


def call(id_: int, caller: Caller, kind: CallKind, *, emails: bool = False) -> list[dict[str, Any]]:
    """Return every delivery of one call."""
    who = None
    if emails:
        email = {"id": id_, "label": "Work", "value": f"caller{id_}@example.com"}
        who = aircall_contact(id_, "Aircall", f"Contact {id_}", caller.phone, emails=[email])
    return call_events(id_, kind, start=START + id_, phone=caller.phone, contact=who)


def messages(those: Sequence[Caller], first_id: int = 1) -> Iterator[Json]:
    """Yield the one delivery of a text message from each caller."""
    for id_, caller in enumerate(those, first_id):
        yield from message_events(f"m{id_}", "inbound", start=START + id_, phone=caller.phone)


def mixed(those: Sequence[Caller], first_id: int = 1) -> Iterator[Json]:
    """Yield calls, and a message from every fifth caller instead."""
    for id_, caller in enumerate(those, first_id):
        if id_ % MESSAGE_EVERY == 0:
            yield from messages([caller], id_)
        else:
            yield from call(id_, caller, CALL_KINDS[id_ % len(CALL_KINDS)])
