"""Take away in Aircall the contacts that we made there; those that were there before us stay."""

from __future__ import annotations

import time
from collections import Counter
from typing import Final

from clients.errors import VendorError
from store.aircall_contacts import AircallContacts
from store.aircall_entries import Entry
from store.carried_companies import CarriedCompanies
from store.contact_holds import Hold, LostHoldError, contact_name
from store.operations import Operation, Operations
from sync.contacts.ours import remove
from sync.contacts.sharing import without
from sync.contacts.source import is_on
from sync.slices import Slice, in_slices
from worker.workshop import Workshop

JOB: Final = "sync.contacts.removal.go_on"
BETWEEN: Final = 0.2
"""Seconds between two rounds over contacts that somebody else is at."""


def go_on() -> None:
    """RQ job: do a slice of the removal that an admin asked for."""
    in_slices(JOB, work)


def work(shop: Workshop, piece: Slice) -> bool:
    """Remove until the slice is over; True if there is more to do at once.

    It does so too while the integration is disabled or deleted, for that is what it is for.
    Raises Unavailable, SliceLostError and redis-py's errors.
    """
    operation = Operations(shop.connection).current("removal")
    if operation is None or not operation.active:
        return False
    return Removal(shop, piece, operation).run()


class Removal:
    """One slice of one removal."""

    def __init__(self, shop: Workshop, piece: Slice, operation: Operation) -> None:
        self._shop = shop
        self._piece = piece
        self._operations = Operations(shop.connection)
        self._operation = operation
        self._map = AircallContacts(shop.connection)
        self._counts = Counter(operation.counts)

    def run(self) -> bool:
        """Go on until the slice is over; True if there is more to do at once."""
        cursor, left = 0, 0
        while self._operation.state == "running":
            cursor, found = self._map.some(cursor)
            for id_, entry in found.items():
                left += not self._take(id_, entry)
                if self._operation.state != "running":
                    break
                if self._piece.over():
                    return True
            if not cursor and not left:
                if self._map.empty and not is_on(self._shop):
                    # Nobody follows their names from now on.
                    CarriedCompanies(self._shop.connection).forget()
                self._operations.end(self._operation, "done")
                return False
            if not cursor:
                # Somebody carried one of them just then: it is taken away with the next round.
                left = 0
                time.sleep(BETWEEN)
                if self._piece.over():
                    return True
        if self._operation.active:
            self._operations.end(self._operation, "stopped")
        return False

    def _take(self, id_: str, entry: Entry) -> bool:
        """Take one away and forget it; False if somebody is at it now."""
        phones = (*entry.phones, *entry.shared)
        with Hold(self._shop.connection, (contact_name(id_), *phones)) as hold:
            if not hold.held or self._map.of([id_]).get(id_) != entry:
                return False
            try:
                what = remove(self._shop, hold, id_, entry)
            except LostHoldError:
                return False
            except VendorError as error:
                self._keep(error.sentence)
                raise
            left, _ = without(self._map.claims(phones), id_)
            self._map.forget(id_, entry, left)
        if what:
            self._counts["done"] += 1
            self._counts[what] += 1
            self._keep()
        return True

    def _keep(self, trouble: str = "") -> None:
        self._operation = self._operations.progress(
            self._operation, {}, self._counts, trouble=trouble
        )
