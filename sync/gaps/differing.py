"""Whether Aircall tells something of a known call that never reached us: pure."""

from __future__ import annotations

from collections.abc import Iterable

from rules.events import Event
from rules.folding import fold
from rules.records import Call, Tag


def differs(known: Call, read: Event) -> bool:
    """Tell whether a call's row of the list adds to what is known: its end, assets, tags, comments.

    Once taken in, the same row differs no more.
    """
    folded = fold(known, [read])
    return isinstance(folded, Call) and _told(folded) != _told(known)


def _told(call: Call) -> tuple[object, ...]:
    return (
        call.ended,
        call.voicemail,
        call.recording,
        call.asset,
        _named(call.tags),
        frozenset(each.id for each in call.comments),
    )


def _named(tags: Iterable[Tag]) -> frozenset[object]:
    """Tell tags apart by their ids, where they have one: a list has another order than an event."""
    return frozenset(tag.name if tag.id is None else tag.id for tag in tags)
