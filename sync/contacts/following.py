"""Background job: find the contacts that changed in HubSpot since, of those that Aircall has.

The time of the last change also moves with every call that we log, so what is wanted of a contact
is compared with what was carried, and most are as they were.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from clients.hubspot.records import Record
from store.aircall_contacts import AircallContacts
from store.wanted_contacts import WantedContacts
from sync.contacts import wanted as wanted_job
from sync.contacts.carrying import PROPERTIES, as_before
from sync.contacts.changes import Kind, look
from sync.contacts.companies import named_all
from sync.contacts.renaming import follow_companies
from sync.contacts.source import check_portal, is_on, merged_into, place_of
from sync.slices import Slice, in_slices
from worker.nudge import BACKGROUND, enqueue
from worker.workshop import Workshop

JOB: Final = "sync.contacts.following.follow"
CONTACTS: Final = Kind(
    "contacts", "lastmodifieddate", PROPERTIES, ("since", "followed", "following")
)


def follow() -> None:
    """Run as a job, by the clock."""
    in_slices(JOB, work)


def work(shop: Workshop, piece: Slice) -> bool:
    """Look until nothing newer is found or the time is over; True if there is more."""
    if "since" not in AircallContacts(shop.connection).state() or not is_on(shop):
        return False  # nothing was ever carried, or nothing is to be
    check_portal(shop)
    if look(shop, piece, CONTACTS, partial(_want_changed, shop)):
        return True
    return follow_companies(shop, piece)


def _want_changed(shop: Workshop, page: Sequence[Record]) -> None:
    """Want those of a page that are not as they were carried."""
    contacts, place = AircallContacts(shop.connection), place_of(shop)
    merged = {record.id: merged_into(record) for record in page}
    ids = [*merged, *(id_ for ids in merged.values() for id_ in ids)]
    entries = contacts.of(ids)
    ours = [record for record in page if {record.id, *merged[record.id]} & entries.keys()]
    wishes = named_all(shop, {record.id: place.wanted(record) for record in ours})
    claims = contacts.claims([one.value for each in wishes.values() for one in each.phones])
    changed = {
        record.id: CONTACTS.changed_at(record)
        for record in ours
        if any(id_ in entries for id_ in merged[record.id])
        or as_before(record.id, wishes[record.id], entries.get(record.id), claims) is None
    }
    WantedContacts(shop.connection).add_since("changed", changed)
    if changed:
        enqueue(shop.connection, BACKGROUND, wanted_job.JOB)
