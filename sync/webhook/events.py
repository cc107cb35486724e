"""The events that our webhook must tell of, each with the room that reads it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from rules.events import KNOWN_EVENTS

NUMBERS: Final = ("number.created", "number.deleted", "number.opened", "number.closed")
"""Hints: the list of numbers has aged (created, deleted); a number's hours began or ended."""
USERS: Final = ("user.created", "user.deleted", "user.created.v2", "user.deleted.v2")
"""Hints: the list of agents has aged. Aircall is about to give the first version up."""
_FIRST: Final = (
    "call.ended",
    "message.received",
    "group_message.received",
    "message.sent",
    "group_message.sent",
)
"""Those on which we log: of many that are lacking, these are named."""
CORE: Final = (*_FIRST, *sorted(KNOWN_EVENTS.difference(_FIRST)), *NUMBERS)
"""Without one of the calls' and messages' something is not logged, or not as it should be."""
EVENTS: Final = (*CORE, *USERS)
"""All that our code reads: contacts, hold times of agents and AI reports would only be answered."""


def lacking(told: Collection[str], wanted: Collection[str] = EVENTS) -> tuple[str, ...]:
    """Return those of the wanted events that are not told of."""
    return tuple(each for each in wanted if each not in told)


def is_missed(events: Collection[str]) -> bool:
    """Tell whether the lack of these events keeps anything from being logged."""
    return not KNOWN_EVENTS.isdisjoint(events)


def named(events: Collection[str]) -> str:
    """Name some events within a sentence, the first few of many."""
    shown = list(events)[:5]
    return ", ".join(shown) + (", …" if len(shown) < len(events) else "")
