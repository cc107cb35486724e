"""Events of no interaction are hints: of a number's hours, or that a part of the directory aged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rules.hours import line_hours
from store import keys
from store.directory import Part
from store.due import Loaded
from store.line_hours import note_hours
from store.records import read_event
from worker.nudge import BACKGROUND, enqueue
from worker.workshop import Workshop

STALE: Final[Mapping[str, Part]] = {
    "number.": "numbers",
    "user.created": "users",
    "user.deleted": "users",
    "tag.": "tags",
}
"""Which part of the directory a hint makes stale, by how the event's name begins."""
HINT_EVERY: Final = 10
"""Seconds between two readings of a part because of hints."""
REFRESH: Final = "sync.directory.reading.refresh_part"
"""A job of a room above ours."""


def heed(shop: Workshop, loaded: Loaded) -> None:
    """Note what hints tell of hours, and have read anew what they make stale.

    Raises DamagedError and redis-py's errors.
    """
    connection = shop.connection
    for raw in loaded.events:
        envelope = read_event(raw, loaded.id)
        told = line_hours(envelope["event"], envelope["arrived"])
        if told is not None:
            note_hours(connection, *told)
            continue
        part = stale_by(str(envelope["event"].get("event", "")))
        if part and connection.set(keys.hinted(part), "1", nx=True, ex=HINT_EVERY):
            enqueue(connection, BACKGROUND, REFRESH, part)


def stale_by(event: str) -> Part | None:
    """Return the part of the directory that an event of this name makes stale, if any."""
    return next((part for start, part in STALE.items() if event.startswith(start)), None)
