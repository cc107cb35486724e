"""HubSpot's records by the time of their last change, page after page from where the last look was.

HubSpot tells of no change: it is searched. A look begins a little before where the last one ended,
for searches lag behind.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from clients.hubspot.queries import PAGE, Filter, Query
from clients.hubspot.records import Record
from store.aircall_contacts import AircallContacts
from store.connection import now_ms
from sync.slices import Slice
from worker.workshop import Workshop

OVERLAP_MS: Final = 180_000
"""HubSpot's search knows a change after some seconds, up to a minute."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What is looked at for changes."""

    name: str
    """HubSpot's object type."""
    changed: str
    """The property that holds when a record last changed."""
    properties: tuple[str, ...]
    notes: tuple[str, str, str]
    """In the state of contact sync: where the first look begins, up to when changes were seen, and
    where a look stands that was cut short."""

    def changed_at(self, record: Record) -> int:
        """Return when a record last changed (ms); 0 if HubSpot does not tell."""
        try:
            moment = datetime.fromisoformat(record.properties.get(self.changed) or "")
        except ValueError:
            return 0
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return round(aware.timestamp() * 1000)


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a look is: the next page begins at this moment (ms), both ends included.

    Where more than a page changed in one moment, as by an import, after this id of those.
    """

    kind: Kind
    at: int
    after: str = ""

    def query(self) -> Query:
        """Search the next page. Nobody pages by number: what changes meanwhile would move it."""
        changed, properties = self.kind.changed, self.kind.properties
        if self.after:
            group = (
                Filter(changed, "EQ", (str(self.at),)),
                Filter("hs_object_id", "GT", (self.after,)),
            )
            return Query((group,), properties, (("hs_object_id", "ASCENDING"),))
        since = (Filter(changed, "GTE", (str(self.at),)),)
        return Query((since,), properties, ((changed, "ASCENDING"),))

    def beyond(self, page: Sequence[Record]) -> Reached | None:
        """Return where the page after this one begins; None if this one was the last."""
        full = len(page) >= PAGE
        if self.after:
            return replace(self, after=page[-1].id) if full else Reached(self.kind, self.at + 1)
        if not full:
            return None
        last = self.kind.changed_at(page[-1])
        return Reached(self.kind, last) if last > self.at else replace(self, after="0")


def look(
    shop: Workshop, piece: Slice, kind: Kind, seen: Callable[[Sequence[Record]], None]
) -> bool:
    """Show each page of what changed since the last look; True if the time was over before the end.

    Raises VendorError, SliceLostError and redis-py's errors.
    """
    contacts = AircallContacts(shop.connection)
    state = contacts.state()
    since, followed, following = kind.notes
    # Our clock only tells where to begin: it may be ahead of HubSpot's, or have stepped back.
    newest = int(state.get(followed) or 0)
    begin = newest or min(int(state.get(since) or 0), now_ms(shop.connection))
    reached: Reached | None = Reached(kind, begin - OVERLAP_MS)
    if state.get(following):
        at, _, after = state[following].partition(" ")
        reached = Reached(kind, int(at), after)
        newest = max(newest, reached.at)
    while reached is not None:
        page = shop.hubspot.search(kind.name, reached.query(), PAGE)
        seen(page)
        newest = max([newest, *map(kind.changed_at, page)])
        reached = reached.beyond(page)
        if reached is None:
            contacts.note(**{following: None, followed: newest or None})
        else:
            contacts.note(**{following: f"{reached.at} {reached.after}"})
        if reached is not None and piece.over():
            return True
    return False
