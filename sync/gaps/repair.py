"""Background job: find calls that never reached us, and what came late, in Aircall's list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import structlog

from clients.aircall.paging import REASSURING
from clients.aircall.records import Page
from store.connection import now_ms
from store.gaps import Gaps, Look
from store.outages import Outages
from store.settings import Revision
from store.tombstone import is_deleted
from sync.gaps.page import compare
from sync.gaps.reach import since
from sync.gaps.telling import tell
from sync.slices import Slice, in_slices
from worker.repairing import REPAIR
from worker.workshop import Workshop

MOST_AGAIN: Final = 3
"""Times that a window is read anew because it changed; the next look covers it once more."""

log = structlog.get_logger(__name__)


def repair() -> None:
    """Run as a job: one slice of a look at the last day, and at whatever an outage may have cost.

    Its successor, or after a kill the next call, goes on where it stood.
    """
    in_slices(REPAIR, look_on)


def look_on(shop: Workshop, piece: Slice) -> bool:
    """Do one slice; True if there is more to look at. Raises Unavailable and redis-py's errors."""
    gaps, outages = Gaps(shop.connection), Outages(shop.connection)
    revisions = shop.revisions.all()
    look = gaps.look() or _begun(shop, gaps, outages, revisions)
    if is_deleted(revisions[-1]):
        # Nobody's calls are read any more; what was missed meanwhile is nobody's either.
        look = replace(look, windows=())
        gaps.keep(look)
    while look.windows:
        # One step at least, however many others wait: each of them does the same.
        look = _step(shop, piece, gaps, look, revisions)
        if look.windows and piece.over():
            return True
    tell(shop.alerts, gaps, look, revisions)
    gaps.done(look)
    log.info("compared with Aircall's calls", since=look.start, requests=look.asked)
    # What went wrong since this look began is for another.
    return bool(outages.pending())


def _begun(shop: Workshop, gaps: Gaps, outages: Outages, revisions: Sequence[Revision]) -> Look:
    now, pending = now_ms(shop.connection), outages.pending()
    start = since(
        now,
        covered=gaps.covered(),
        outages=pending,
        birth=revisions[0].at,
        ids_days=shop.file.retention.ids,
    )
    look = Look(start // 1000, now // 1000, ((start // 1000, now // 1000),), outages=pending)
    gaps.keep(look)
    return look


def _step(
    shop: Workshop, piece: Slice, gaps: Gaps, look: Look, revisions: Sequence[Revision]
) -> Look:
    """Read and compare one page, and keep how far that is."""
    (start, end), asked = look.windows[0], now_ms(shop.connection)
    page = shop.aircall.in_background().calls(
        start, end, look.page, fetch_contact=True, fetch_call_timeline=True
    )
    piece.keep()
    moved = replace(_moved(look, page), asked=look.asked + 1)
    compared = compare(shop, page.calls, revisions, asked)
    gaps.keep(moved, compared.updated)
    return moved


def _moved(look: Look, page: Page) -> Look:
    """Tell what is to be read after this page: nothing of a window that changes may be skipped."""
    (start, end), *rest = look.windows
    if look.page == 1 and page.total > REASSURING and end - start > 1:
        # The halves share a second, for whether Aircall includes both ends is not documented.
        middle = (start + end) // 2
        return replace(look, windows=((start, middle), (middle, end), *rest), total=None)
    changed = look.total is not None and page.total != look.total
    if changed and look.again < MOST_AGAIN:
        return replace(look, page=1, total=None, again=look.again + 1)
    if page.more:
        return replace(look, page=look.page + 1, total=page.total)
    return replace(look, windows=tuple(rest), page=1, total=None, again=0)
