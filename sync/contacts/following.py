"""Background job: find the contacts that changed in HubSpot since, of those that Aircall has.

HubSpot tells of no change: it is searched by the time of the last one. That also moves with every
call that we log, so what is wanted of a contact is compared with what was carried, and most are as
they were. A look begins a little before where the last one ended, for searches lag behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from clients.hubspot.queries import PAGE, Filter, Query
from clients.hubspot.records import Record
from store.aircall_contacts import AircallContacts
from store.connection import now_ms
from store.wanted_contacts import WantedContacts
from sync.contacts import wanted as wanted_job
from sync.contacts.carrying import PROPERTIES, as_before
from sync.contacts.source import check_portal, is_on, merged_into, place_of
from sync.slices import Slice, in_slices
from worker.nudge import BACKGROUND, enqueue
from worker.workshop import Workshop

JOB: Final = "sync.contacts.following.follow"
OVERLAP_MS: Final = 180_000
"""HubSpot's search knows a change after some seconds, up to a minute."""
CHANGED: Final = "lastmodifieddate"


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a look is: the next page begins at this moment (ms), both ends included.

    Where more than a page changed in one moment, as by an import, after this id of those.
    """

    at: int
    after: str = ""

    def query(self) -> Query:
        """Search the next page. Nobody pages by number: what changes meanwhile would move it."""
        if self.after:
            group = (
                Filter(CHANGED, "EQ", (str(self.at),)),
                Filter("hs_object_id", "GT", (self.after,)),
            )
            return Query((group,), PROPERTIES, (("hs_object_id", "ASCENDING"),))
        since = (Filter(CHANGED, "GTE", (str(self.at),)),)
        return Query((since,), PROPERTIES, ((CHANGED, "ASCENDING"),))

    def beyond(self, page: Sequence[Record]) -> Reached | None:
        """Return where the page after this one begins; None if this one was the last."""
        full = len(page) >= PAGE
        if self.after:
            return Reached(self.at, page[-1].id) if full else Reached(self.at + 1)
        if not full:
            return None
        last = changed_at(page[-1])
        return Reached(last) if last > self.at else Reached(self.at, "0")


def follow() -> None:
    """Run as a job, by the clock."""
    in_slices(JOB, work)


def work(shop: Workshop, piece: Slice) -> bool:
    """Look until nothing newer is found or the time is over; True if there is more."""
    contacts = AircallContacts(shop.connection)
    state = contacts.state()
    if "since" not in state or not is_on(shop):
        return False  # nothing was ever carried, or nothing is to be
    check_portal(shop)
    # Our clock only tells where to begin: it may be ahead of HubSpot's, or have stepped back.
    newest = int(state.get("followed") or 0)
    begin = newest or min(int(state["since"]), now_ms(shop.connection))
    reached: Reached | None = Reached(begin - OVERLAP_MS)
    if state.get("following"):
        at, _, after = state["following"].partition(" ")
        reached = Reached(int(at), after)
        newest = max(newest, reached.at)
    found = False
    while reached is not None:
        page = shop.hubspot.search("contacts", reached.query(), PAGE)
        found = _want_changed(shop, page) or found
        newest = max([newest, *map(changed_at, page)])
        reached = reached.beyond(page)
        if reached is None:
            contacts.note(following=None, followed=newest or None)
        else:
            contacts.note(following=f"{reached.at} {reached.after}")
        if found:
            enqueue(shop.connection, BACKGROUND, wanted_job.JOB)
        if reached is not None and piece.over():
            return True
    return False


def changed_at(record: Record) -> int:
    """Return when a contact last changed (ms); 0 if HubSpot does not tell."""
    try:
        moment = datetime.fromisoformat(record.properties.get(CHANGED) or "")
    except ValueError:
        return 0
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round(aware.timestamp() * 1000)


def _want_changed(shop: Workshop, page: Sequence[Record]) -> bool:
    """Want those of a page that are not as they were carried; whether there are any."""
    contacts, place = AircallContacts(shop.connection), place_of(shop)
    merged = {record.id: merged_into(record) for record in page}
    ids = [*merged, *(id_ for ids in merged.values() for id_ in ids)]
    entries = contacts.of(ids)
    ours = [record for record in page if {record.id, *merged[record.id]} & entries.keys()]
    wishes = {record.id: place.wanted(record) for record in ours}
    claims = contacts.claims([one.value for each in wishes.values() for one in each.phones])
    changed = {
        record.id: changed_at(record)
        for record in ours
        if any(id_ in entries for id_ in merged[record.id])
        or as_before(record.id, wishes[record.id], entries.get(record.id), claims) is None
    }
    WantedContacts(shop.connection).add_since("changed", changed)
    return bool(changed)
