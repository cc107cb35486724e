"""The full copy of HubSpot's contacts to Aircall: Aircall's whole list first, then one by one.

Where it stands is kept after each contact, so that after a kill another process goes on there; of
the contact that was under way, `carry` knows whether an answer was lost, and searches for it then.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import Any, Final, Literal, Self

import structlog
from redis.exceptions import RedisError
from rq.timeouts import BaseTimeoutException

from clients.aircall.contacts import PER_PAGE, REACHABLE
from clients.errors import Unavailable, VendorError
from clients.hubspot.records import Record
from rules.aircall_contacts import AircallContact, Detail
from store import keys
from store.aircall_contacts import AircallContacts, Entry
from store.aircall_index import AircallIndex
from store.connection import now_ms
from store.operations import Operation, Operations
from sync.contacts.carrying import BUSY, PROPERTIES, carry
from sync.contacts.refusals import tell_refused
from sync.contacts.source import check_portal
from sync.slices import Slice, SliceLostError, in_slices
from worker.workshop import Workshop

JOB: Final = "sync.contacts.copy.go_on"
DISABLED: Final = "The integration is disabled: the copy goes on once it is enabled."
SWITCHED_OFF: Final = (
    "Copying contacts to Aircall is switched off: the copy goes on once it is switched on."
)
SKIPPED: Final = "skipped: "
"""Begins the count of those that were left out for one reason."""
REASSURING: Final = 9_000
"""A window of Aircall's contacts with more is halved: more may come while its pages are read."""
LAST_SECOND: Final = 4_102_444_800
"""The end of the first window of Aircall's list (2100): no clock of ours cuts it."""
LOOK_EVERY: Final = 600_000
"""Milliseconds between two looks for contacts that others made in Aircall meanwhile."""
NAP: Final = 10.0
"""Seconds of a limit that are slept in the slice; who must wait for longer is called again."""
NOBODYS_FAULT: Final = (VendorError, RedisError, BaseTimeoutException, SliceLostError)

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


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the copy stands."""

    windows: tuple[tuple[int, int], ...] = ((0, LAST_SECOND),)
    """Of Aircall's list, what is still to be read (UNIX seconds, both included); first the last."""
    page: int = 1
    """Of the last window, the page that is next."""
    listed: int = 0
    """How many contacts that window had when it was last asked for."""
    after: str = ""
    """The HubSpot id of the last contact that is done."""
    looked: int = 0
    """When (ms) Aircall was last asked for contacts that others made."""

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Read it back."""
        windows = tuple((start, end) for start, end in kept.get("windows", ((0, LAST_SECOND),)))
        return cls(**{**kept, "windows": windows})


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
        if self._cursor.windows:
            self._read_page()
            return True
        now = now_ms(self._shop.connection)
        if now - self._cursor.looked >= LOOK_EVERY:
            self._look_again()
            self._cursor = replace(self._cursor, looked=now)
        if not self._records:
            after = self._cursor.after
            self._records = self._shop.hubspot.next_by_id("contacts", after, PROPERTIES)[::-1]
            if not self._records:
                return False
        self._carry(self._records[-1])
        return True

    def _read_page(self) -> None:
        """Read the next page of Aircall's list into the index.

        Contacts that were removed meanwhile move those behind them forward: so many places are read
        once more, that none of them is passed over.
        """
        *rest, (start, end) = self._cursor.windows
        number = self._cursor.page
        page = self._shop.aircall.contacts.page(number, start=start, end=end)
        if number == 1 and page.total > REASSURING and end - start > 1:
            middle = self._middle(start, end)
            # The halves share a second, for whether Aircall includes both ends is not documented.
            windows = (*rest, (middle, end), (start, middle))
            self._cursor = replace(self._cursor, windows=windows, page=1, listed=0)
            self._keep()
            return
        self._index.add(page.contacts)
        gone = max(self._cursor.listed - page.total, 0)
        if gone:
            number = max(number - -(-gone // PER_PAGE), 1)
            self._cursor = replace(self._cursor, page=number, listed=page.total)
        elif page.more:
            self._cursor = replace(self._cursor, page=number + 1, listed=page.total)
        else:
            if page.total > REACHABLE:
                # They were made within a second: those beyond are searched for, one by one.
                self._index.leave_out()
            self._cursor = replace(self._cursor, windows=tuple(rest), page=1, listed=0)
            self._cursor = replace(self._cursor, looked=now_ms(self._shop.connection))
            self._full = self._index.full
        self._keep()

    def _middle(self, start: int, end: int) -> int:
        """Halve a window; the first one, of all time, where it has contacts at all."""
        now = now_ms(self._shop.connection) // 1000
        return (start + min(end, max(now, start + 2))) // 2

    def _look_again(self) -> None:
        """Put what others made in Aircall meanwhile into the index, newest first."""
        number, more = 1, not self._full
        while more:
            page = self._shop.aircall.contacts.page(number, order="desc")
            ids = [each.id for each in page.contacts]
            known = self._index.knows(ids)
            self._index.add(each for each in page.contacts if each.id not in known)
            ours = self._map.holders(ids)
            # Before one that the list had already, all others were read with it.
            more = page.more and not known.difference(ours)
            number += 1
        self._full = self._index.full

    def _carry(self, record: Record) -> None:
        """Carry one contact, count what became of it, and keep that it is done."""
        kind, reason = self._carried(record)
        self._records.pop()
        self._cursor = replace(self._cursor, after=record.id)
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
