"""Aircall's list of contacts into the index: in windows that paging reaches, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from clients.aircall.contacts import ContactPage, Contacts
from clients.aircall.paging import PER_PAGE, REACHABLE, REASSURING
from store.aircall_index import AircallIndex

LAST_SECOND: Final = 4_102_444_800
"""The end of the first window of Aircall's list (2100): no clock of ours cuts it."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a copy stands."""

    windows: tuple[tuple[int, int], ...] = ((0, LAST_SECOND),)
    """Of Aircall's list, what is still to be read (UNIX seconds, both included); first the last."""
    page: int = 1
    """Of the last window, the page that is next."""
    listed: int = 0
    """How many contacts that window had when it was last asked for."""
    after: str = ""
    """The HubSpot id of the last contact that is done."""
    looked: int = 0
    """When (ms) the list was last read to its end."""
    newest: int = 0
    """When the newest contact that was read was made, by Aircall's clock."""
    failed: int = 0
    """How often a vendor failed at the contact that is next."""

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Read it back."""
        windows = tuple((start, end) for start, end in kept.get("windows", ((0, LAST_SECOND),)))
        return cls(**{**kept, "windows": windows})

    def again(self) -> Cursor:
        """Read what was made since, by others as by us."""
        return replace(self, windows=((self.newest, LAST_SECOND),), page=1, listed=0)


def read_page(contacts: Contacts, index: AircallIndex, cursor: Cursor, now: int) -> Cursor:
    """Read the next page of Aircall's list into the index; returns where to go on (`now` in ms).

    Contacts that were removed meanwhile move those behind them forward: so many places are read
    once more, that none of them is passed over. Raises VendorError and redis-py's errors.
    """
    *rest, (start, end) = cursor.windows
    page = contacts.page(cursor.page, start=start, end=end)
    if cursor.page == 1 and page.total > REASSURING and end - start > 1:
        middle = _middle(start, end, now // 1000)
        # The halves share a second, for whether Aircall includes both ends is not documented.
        windows = (*rest, (middle, end), (start, middle))
        return replace(cursor, windows=windows, page=1, listed=0)
    index.add(page.contacts)
    newest = max([cursor.newest, *(each.created for each in page.contacts)])
    read = replace(cursor, newest=newest, listed=page.total)
    gone = max(cursor.listed - page.total, 0)
    if gone:
        return replace(read, page=max(cursor.page - -(-gone // PER_PAGE), 1))
    if page.more:
        return replace(read, page=cursor.page + 1)
    return _ended(index, read, page, tuple(rest), now)


def _ended(
    index: AircallIndex,
    cursor: Cursor,
    page: ContactPage,
    rest: tuple[tuple[int, int], ...],
    now: int,
) -> Cursor:
    if page.total > REACHABLE:
        # They were made within a second: those beyond are searched for, one by one.
        index.leave_out()
    return replace(cursor, windows=rest, page=1, listed=0, looked=now)


def _middle(start: int, end: int, now: int) -> int:
    """Halve a window; the first one, of all time, where it has contacts at all."""
    return (start + min(end, max(now, start + 2))) // 2
