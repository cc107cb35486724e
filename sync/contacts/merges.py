"""HubSpot contacts that were merged: the map follows to the one that they became."""

from __future__ import annotations

from dataclasses import replace

from clients.hubspot.records import Record
from store.aircall_contacts import AircallContacts
from store.aircall_entries import Entry
from store.contact_holds import Hold, LostHoldError, contact_name
from store.wanted_contacts import WantedContacts
from sync.contacts.ours import remove
from sync.contacts.sharing import instead, without
from sync.contacts.source import merged_into
from worker.workshop import Workshop


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
        now = contacts.of([id_, into])
        if not hold.held or now.get(id_) != entry:
            return False
        wanted = WantedContacts(shop.connection)
        there, claims = now.get(into), contacts.claims(phones)
        # Whoever is wanted is so before the map is changed: a kill in between costs a look in vain.
        if entry.aircall is not None and (there is None or there.aircall is None):
            shared = (*entry.shared, *(there.shared if there else ()))
            wanted.add("changed", [into])
            moved = replace(entry, shared=tuple(dict.fromkeys(shared)))
            contacts.follow(id_, into, moved, instead(claims, id_, into))
            return True
        try:
            what = remove(shop, hold, id_, entry)
        except LostHoldError:
            return False
        if what != "refused":
            left, gaining = without(claims, id_)
            wanted.add("changed", [into, *gaining])
            contacts.forget(id_, entry, left)
    return True
