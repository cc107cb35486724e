"""Walk through all of Aircall's calls of a time, page by page, from wherever one stood."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from clients.aircall import Aircall
from clients.aircall.paging import REASSURING
from clients.aircall.records import Page
from clients.errors import Unavailable
from rules.scalars import seconds, whole


@dataclass(frozen=True, slots=True)
class Walk:
    """Where one stands: the next page of a window within the whole time; UNIX seconds."""

    start: int
    until: int
    """The end of the window that is read now, included."""
    end: int
    """The end of the whole time, included."""
    page: int = 1
    edge: tuple[int, ...] = ()
    """Calls of this window's first second that the window before told already."""
    border: tuple[int, ...] = ()
    """Calls of this window's last second so far: the next one tells them again."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some calls of the way, as Aircall tells them; each comes once."""

    calls: tuple[Mapping[str, Any], ...]
    walk: Walk | None
    """Where it goes on; None at the end."""
    total: int
    """Calls of the window that was asked for first, before it was made smaller."""
    narrowed: bool = False
    """No page could be had any more: only the window that it would be in was made smaller."""


def begin(start: int, end: int) -> Walk:
    """Stand at the beginning of a time; both ends in UNIX seconds, included."""
    return Walk(start, end, end)


def walk_of(kept: Mapping[str, Any]) -> Walk:
    """Read a walk back from the JSON that it was kept as."""
    lists = {name: tuple(kept[name]) for name in ("edge", "border")}
    return Walk(**{**kept, **lists})


def read_on(
    aircall: Aircall,
    walk: Walk,
    stop: Callable[[], bool],
    *,
    pages: int = 1,
    details: bool = False,
) -> Stretch:
    """Read up to so many pages; `stop` is asked between two of them.

    `details` are the Aircall contact and the choices in a voice menu. Where a later page cannot be
    had now, the earlier ones are given. Raises VendorErrors.
    """
    calls: list[Mapping[str, Any]] = []
    stand: Walk | None = walk
    total: int | None = None
    read = 0
    while stand is not None and read < pages and not (read and stop()):
        try:
            stand, page, all_ = _page(aircall, stand, details=details)
        except Unavailable:
            if read:
                break
            raise
        total = all_ if total is None else total
        if page is None:
            return Stretch(tuple(calls), stand, total, narrowed=not calls)
        seen = set(stand.edge)
        calls += [call for call in page.calls if whole(call.get("id")) not in seen]
        read += 1
        stand = _next(stand, page)
    return Stretch(tuple(calls), stand, total or 0)


def _page(aircall: Aircall, walk: Walk, *, details: bool) -> tuple[Walk, Page | None, int]:
    """Read the next page, of a smaller window where this one holds too many calls, told as well.

    None for the page where the smaller window could not be asked for any more: of a long time many
    are too large, and to begin with the whole of it again would come to no end at a low limit.
    """
    all_: int | None = None
    while True:
        try:
            page = aircall.calls(
                walk.start,
                walk.until,
                walk.page,
                fetch_contact=details,
                fetch_call_timeline=details,
            )
        except Unavailable:
            if all_ is None:
                raise
            return walk, None, all_
        all_ = page.total if all_ is None else all_
        halvable = walk.page == 1 and walk.until - walk.start > 1
        if page.total <= REASSURING or not halvable:
            return walk, page, all_
        walk = replace(walk, until=(walk.start + walk.until) // 2)


def _next(walk: Walk, page: Page) -> Walk | None:
    last = (
        id_
        for call in page.calls
        if (seconds(call.get("started_at")) or 0) >= walk.until
        and (id_ := whole(call.get("id"))) is not None
    )
    border = (*walk.border, *last)
    if page.more:
        return replace(walk, page=walk.page + 1, border=border)
    if walk.until >= walk.end:
        return None
    # Whether Aircall includes both ends is not documented, so windows share a second. A window as
    # wide as the last one that was small enough will likely do; a quiet one may be wider.
    wide = walk.until - walk.start
    room = 2 if page.total <= REASSURING // 3 else 1
    until = min(walk.end, walk.until + max(wide * room, 1))
    return Walk(walk.until, until, walk.end, edge=border)
