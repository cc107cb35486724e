"""The full copy of HubSpot's contacts to Aircall: Aircall's whole list first, then one by one.

Where it stands is kept after each contact, so that after a kill another process goes on there; of
the contact that was under way, `carry` knows whether an answer was lost, and searches for it then.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from types import MappingProxyType
from typing import Final, Literal

import structlog
from redis.exceptions import RedisError
from rq.timeouts import BaseTimeoutException

from clients.errors import Unavailable, VendorError
from clients.hubspot.records import Record
from rules.aircall_contacts import AircallContact, Detail
from store import keys
from store.aircall_contacts import AircallContacts
from store.aircall_entries import Entry
from store.aircall_index import AircallIndex
from store.connection import now_ms
from store.operations import Operation, Operations
from store.wanted_contacts import WantedContacts
from sync.contacts.carrying import BUSY, PROPERTIES, carry
from sync.contacts.listing import Cursor, read_page
from sync.contacts.refusals import tell_refused
from sync.contacts.source import check_portal
from sync.contacts.wanted import DOUBT_MS
from sync.slices import Slice, SliceLostError, in_slices
from worker.workshop import Workshop

JOB: Final = "sync.contacts.copy.go_on"
DISABLED: Final = "The integration is disabled: the copy goes on once it is enabled."
SWITCHED_OFF: Final = (
    "Copying contacts to Aircall is switched off: the copy goes on once it is switched on."
)
SKIPPED: Final = "skipped: "
"""Begins the count of those that were left out for one reason."""
LOOK_EVERY: Final = 600_000
"""Milliseconds between two looks for contacts that others made in Aircall meanwhile."""
NAP: Final = 10.0
"""Seconds of a limit that are slept in the slice; who must wait for longer is called again."""
TRIES: Final = 3
"""A contact at which a vendor failed so often in turn is left to later: it may be its fault."""
NOBODYS_FAULT: Final = (RedisError, BaseTimeoutException, SliceLostError)

log = structlog.get_logger(__name__)


def go_on() -> None:
    """RQ job: do a slice of the copy that an admin asked for."""
    in_slices(JOB, work)


def work(shop: Workshop, piece: Slice) -> bool:
    """Copy until the slice is over; True if there is more to do at once.

    Raises Unavailable, SliceLostError, redis-py's errors and those of settings.
    """
    operation = Operations(shop.connection).current("contacts")
    if operation is None or not operation.active:
        return False
    return Copy(shop, piece, operation).run()


class Copy:
    """One slice of one copy."""

    def __init__(self, shop: Workshop, piece: Slice, operation: Operation) -> None:
        self._shop = replace(shop, aircall=shop.aircall.in_background())
        self._piece = piece
        self._operations = Operations(shop.connection)
        self._operation = operation
        self._index = AircallIndex(shop.connection)
        self._map = AircallContacts(shop.connection)
        self._cursor = Cursor.of(operation.cursor)
        self._counts = Counter(operation.counts)
        self._records: list[Record] = []
        self._full = False
        self._asked: set[str] = set()
        """The phones that were looked for, of the contact that is being carried."""
        self._revision: bytes | str = b""

    def run(self) -> bool:
        """Go on until the slice is over; True if there is more to do at once."""
        more = True
        try:
            self._ready()
            while more and self._operation.state == "running":
                more = self._gone_on()
                if more and self._piece.over():
                    break
        except VendorError as error:
            self._wait_for(error.sentence)
            raise
        finally:
            tell_refused(self._shop)
        if self._operation.state == "stopping":
            self._end("stopped")
        return more and self._operation.active

    def _gone_on(self) -> bool:
        """Do one step; False if there is none to do now."""
        if why := self._held_up():
            self._wait_for(why)
            return False
        try:
            if self._step():
                return True
        except Unavailable as error:
            self._nap(error)
            return True
        self._end("done")
        return False

    def _ready(self) -> None:
        """Make sure of the portal, and of the index: what expired in a pause is read anew."""
        check_portal(self._shop)
        if not self._index.is_of(self._operation.id):
            self._index.begin(self._operation.id)
            self._cursor = replace(Cursor(), after=self._cursor.after)
            self._keep()
        self._full = self._index.full

    def _held_up(self) -> str:
        """Say why nothing may be written now; nothing if it may."""
        head = self._shop.connection.get(keys.SETTINGS_HEAD)
        if head is not None and head == self._revision:
            return ""
        settings = self._shop.revisions.current().settings
        if not settings.enabled:
            return DISABLED
        if not settings.sync_contacts:
            return SWITCHED_OFF
        self._revision = head or b""
        return ""

    def _step(self) -> bool:
        """Do one step; False if there is none left."""
        now = now_ms(self._shop.connection)
        if not self._cursor.windows and not self._full and now - self._cursor.looked >= LOOK_EVERY:
            self._cursor = self._cursor.again()
        if self._cursor.windows:
            aircall = self._shop.aircall.contacts
            self._cursor = read_page(aircall, self._index, self._cursor, now)
            self._full = self._index.full
            self._keep()
            return True
        if not self._records:
            after = self._cursor.after
            self._records = self._shop.hubspot.next_by_id("contacts", after, PROPERTIES)[::-1]
            if not self._records:
                return False
        self._carry(self._records[-1])
        return True

    def _carry(self, record: Record) -> None:
        """Carry one contact, count what became of it, and keep that it is done."""
        kind, reason = self._carried(record)
        self._records.pop()
        self._cursor = replace(self._cursor, after=record.id, failed=0)
        self._counts["done"] += 1
        self._counts[kind] += 1
        if kind == "skipped":
            self._counts[f"{SKIPPED}{reason}"] += 1
        self._keep()

    def _carried(self, record: Record) -> tuple[str, str]:
        """Carry one contact; say what became of it, and why. Raises Unavailable and redis-py's."""
        self._asked.clear()
        try:
            outcome = carry(self._shop, record, self._find)
        except Unavailable as error:
            if self._is_nobodys(error):
                raise
            wanted = WantedContacts(self._shop.connection)
            wanted.add("changed", [record.id], wait_ms=DOUBT_MS)
            return "later", ""
        except NOBODYS_FAULT:
            raise
        except Exception as error:  # the error room: one odd contact keeps no other from Aircall
            log.exception("contact not copied", hubspot=record.id, because=type(error).__name__)
            return "failed", ""
        if outcome.reason == BUSY:
            return "later", ""
        if outcome.kind == "unchanged":
            return outcome.kind, ""
        entry = self._map.of([record.id]).get(record.id)
        if entry is not None and entry.aircall is not None:
            self._index.add([_written(entry, entry.aircall)])
        if outcome.reason and entry is not None and entry.refused:
            return "refused", ""
        return outcome.kind, outcome.reason

    def _is_nobodys(self, error: Unavailable) -> bool:
        """Tell whether to wait for the vendor with this contact, not to go on with the others.

        What was sent without an answer may be under way still: it is looked for after a while.
        """
        if error.maybe_written:
            return False
        if error.reason == "down":
            self._cursor = replace(self._cursor, failed=self._cursor.failed + 1)
        return self._cursor.failed < TRIES

    def _find(self, phone: str) -> Sequence[AircallContact]:
        """Find by the index; what it may not have, by Aircall's search.

        Who asks twice of one contact found that what the index has is gone from Aircall.
        """
        again = phone in self._asked
        self._asked.add(phone)
        found = () if again else self._index.find(phone)
        if found or not (again or self._full):
            return found
        return self._shop.aircall.contacts.search(phone)

    def _keep(self, trouble: str = "") -> None:
        self._operation = self._operations.progress(
            self._operation, asdict(self._cursor), self._counts, trouble=trouble
        )

    def _wait_for(self, why: str) -> None:
        if self._operation.trouble != why:
            self._keep(why)

    def _nap(self, error: Unavailable) -> None:
        """Sleep until a limit lets us, in the slice; raises what takes longer."""
        if error.reason != "rate limit" or error.wait > NAP:
            self._keep(error.sentence)
            raise error
        until = time.monotonic() + error.wait
        while (left := until - time.monotonic()) > 0 and not self._piece.over():
            time.sleep(min(left, 1))

    def _end(self, state: Literal["done", "stopped"]) -> None:
        """End it; the index goes with it."""
        self._keep()
        self._operation = self._operations.end(self._operation, state)
        self._index.forget()


def _written(entry: Entry, id_: int) -> AircallContact:
    """Return what the index needs of a contact that was just written: its id and its phones."""
    phones = tuple(Detail(each.label, each.value, each.id) for each in entry.held.phones)
    return AircallContact(id_, MappingProxyType({}), phones)
