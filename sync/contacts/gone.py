"""Background job: find the mapped contacts that were deleted or merged in HubSpot, once a day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import structlog

from clients.hubspot.objects import MOST_INPUTS
from store.aircall_contacts import AircallContacts
from store.aircall_entries import Entry
from store.contact_holds import Hold, LostHoldError, contact_name
from store.wanted_contacts import WantedContacts
from sync.contacts.merges import follow_merge
from sync.contacts.ours import remove
from sync.contacts.sharing import without
from sync.contacts.source import check_portal, is_on
from sync.slices import Slice, in_slices
from worker.workshop import Workshop

JOB: Final = "sync.contacts.gone.look"
_NAMES: Final = ("lastmodifieddate",)

log = structlog.get_logger(__name__)


def look() -> None:
    """Run as a job, once a day."""
    in_slices(JOB, work)


def work(shop: Workshop, piece: Slice) -> bool:
    """Look at the entries from where the last slice stood; True if there are more."""
    contacts = AircallContacts(shop.connection)
    cursor = int(contacts.state().get("gone", "0"))
    while is_on(shop):
        check_portal(shop)
        following, entries = contacts.some(cursor)
        ids = list(entries)
        for start in range(0, len(ids), MOST_INPUTS):
            some = {id_: entries[id_] for id_ in ids[start : start + MOST_INPUTS]}
            if not _looked(shop, piece, some):
                return True
        cursor = following
        contacts.note(gone=cursor or None)
        if not cursor:
            return False
        if piece.over():
            return True
    return False


def take_away(shop: Workshop, id_: str, entry: Entry) -> bool:
    """Forget a HubSpot contact that is gone; its contact in Aircall is removed if we made it.

    False if another process is at it, or Aircall refuses: then all stays as it is. Raises
    Unavailable and redis-py's errors.
    """
    contacts = AircallContacts(shop.connection)
    phones = (*entry.phones, *entry.shared)
    with Hold(shop.connection, (contact_name(id_), *phones)) as hold:
        if not hold.held or contacts.of([id_]).get(id_) != entry:
            return False
        try:
            what = remove(shop, hold, id_, entry)
        except LostHoldError:
            return False
        if what == "refused":
            return False
        left, gaining = without(contacts.claims(phones), id_)
        WantedContacts(shop.connection).add("changed", gaining)
        contacts.forget(id_, entry, left)
        log.info("contact taken away", hubspot=id_, removed=what)
    return True


def _looked(shop: Workshop, piece: Slice, entries: Mapping[str, Entry]) -> bool:
    """Look at up to 100 entries with one request; False if the time was over before the end.

    Whoever looks again at those finds the rest.
    """
    found = shop.hubspot.read("contacts", entries, _NAMES)
    for id_, record in found.items():
        if record.id != id_:
            follow_merge(shop, id_, record.id, entries[id_])
            if piece.over():
                return False
    missing = [id_ for id_ in entries if id_ not in found]
    for id_ in _surely_gone(shop, missing):
        take_away(shop, id_, entries[id_])
        if piece.over():
            return False
    return True


def _surely_gone(shop: Workshop, missing: list[str]) -> list[str]:
    """Those in the recycle bin, and those that HubSpot does not know when asked once more."""
    if not missing:
        return []
    archived = shop.hubspot.read("contacts", missing, _NAMES, archived=True)
    unknown = [id_ for id_ in missing if id_ not in archived]
    there = shop.hubspot.read("contacts", unknown, _NAMES) if unknown else {}
    return [id_ for id_ in missing if id_ not in there]
