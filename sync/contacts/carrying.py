"""Carry one HubSpot contact to Aircall: found, made or changed there, and never twice."""

from __future__ import annotations

from typing import Final

import structlog

from clients.hubspot.records import Record
from rules.aircall_contacts import Wanted
from store.aircall_contacts import AircallContacts
from store.aircall_entries import Entry
from store.contact_holds import Hold, LostHoldError, contact_name
from store.wanted_contacts import WantedContacts
from sync.contacts.companies import named
from sync.contacts.merges import follow_merges
from sync.contacts.sharing import Claims, known
from sync.contacts.source import PROPERTIES, place_of
from sync.contacts.trip import Find, Outcome, Trip, as_noted
from worker.workshop import Workshop

__all__ = ["BUSY", "PROPERTIES", "Find", "Outcome", "as_before", "carry"]
BUSY: Final = "another process is copying it, or one with its phone"
BUSY_MS: Final = 5_000
"""Until it is tried again then."""

log = structlog.get_logger(__name__)


def carry(shop: Workshop, record: Record, find: Find | None = None) -> Outcome:
    """Make Aircall's contact as HubSpot's is; `record` has all of `PROPERTIES`.

    `find` is Aircall's search unless a list was read before. What another process is at is left to
    the job for wanted contacts. Raises VendorError, after which the contact is to be carried again
    (a refusal by Aircall is none: it is noted), and redis-py's errors.
    """
    contacts, place = AircallContacts(shop.connection), place_of(shop)
    if not follow_merges(shop, record):
        return _later(shop, record)
    wanted = named(shop, place.wanted(record))
    phones = [each.value for each in wanted.phones]
    entry = contacts.of([record.id]).get(record.id)
    before = as_before(record.id, wanted, entry, contacts.claims(phones))
    if before is not None:
        return before
    former = (*entry.phones, *entry.shared) if entry else ()
    with Hold(shop.connection, (contact_name(record.id), *phones, *former)) as hold:
        # What it was when its phones were listed, for those are held.
        if not hold.held or contacts.of([record.id]).get(record.id) != entry:
            return _later(shop, record)
        try:
            outcome = Trip(shop, place, hold, record, find).carry()
        except LostHoldError:
            return _later(shop, record)
    if outcome.kind not in {"unchanged", "skipped"}:
        log.info("contact carried", hubspot=record.id, outcome=outcome.kind)
    return outcome


def as_before(id_: str, wanted: Wanted, entry: Entry | None, claims: Claims) -> Outcome | None:
    """Tell what becomes of a contact for which nothing is to be done; None if something is."""
    if entry is None or entry.doubt:
        return None
    phones = [each.value for each in wanted.phones]
    if not {*entry.shared} <= {*phones}:
        return None  # it waits no more for a phone that it does not have
    mine = known(claims, id_, phones, entry.shared)
    if mine is None or wanted.only(mine).digest != entry.digest:
        return None
    return as_noted(entry)


def _later(shop: Workshop, record: Record) -> Outcome:
    WantedContacts(shop.connection).add("changed", [record.id], wait_ms=BUSY_MS)
    return Outcome("skipped", BUSY)
