"""HubSpot contacts that were merged: the map follows to the one that they became."""

from __future__ import annotations

from dataclasses import replace

import structlog

from clients.errors import NotFound, Rejected
from clients.hubspot.records import Record
from store.aircall_contacts import AircallContacts, Entry, Hold, contact_name
from store.wanted_contacts import WantedContacts
from sync.contacts.sharing import instead, without
from sync.contacts.source import merged_into
from worker.workshop import Workshop

log = structlog.get_logger(__name__)


def follow_merges(shop: Workshop, record: Record) -> bool:
    """Follow all that were merged into this contact; False if another process is at one of them.

    Raises VendorError and redis-py's errors.
    """
    merged = merged_into(record)
    entries = AircallContacts(shop.connection).of(merged)
    return all(follow_merge(shop, id_, record.id, entry) for id_, entry in entries.items())


def follow_merge(shop: Workshop, id_: str, into: str, entry: Entry) -> bool:
    """Let the contact that another was merged into have its contact in Aircall.

    If it has one itself, that stays, and the other goes if we made it. False if another process is
    at one of them. Raises VendorError and redis-py's errors.
    """
    contacts = AircallContacts(shop.connection)
    phones = (*entry.phones, *entry.shared)
    with Hold(shop.connection, (contact_name(id_), contact_name(into), *phones)) as hold:
        if not hold.held:
            return False
        # Before the map is changed: after a kill in between they are only looked at in vain.
        wanted = WantedContacts(shop.connection)
        wanted.add("changed", [into])
        there, claims = contacts.of([into]).get(into), contacts.claims(phones)
        if entry.aircall is not None and (there is None or there.aircall is None):
            shared = (*entry.shared, *(there.shared if there else ()))
            moved = replace(entry, shared=tuple(dict.fromkeys(shared)))
            contacts.follow(id_, into, moved, instead(claims, id_, into))
            return True
        if removed(shop, entry):
            left, gaining = without(claims, id_)
            wanted.add("changed", gaining)
            contacts.forget(id_, entry, left)
    return True


def removed(shop: Workshop, entry: Entry) -> bool:
    """Remove the Aircall contact of an entry if we made it; False if Aircall refuses to.

    Raises Unavailable.
    """
    if entry.aircall is None or not entry.ours:
        return True
    try:
        shop.aircall.in_background().contacts.delete(entry.aircall)
    except NotFound:
        return True
    except Rejected as error:
        log.warning("Aircall keeps a contact", because=error.sentence)
        return False
    return True
