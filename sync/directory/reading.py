"""Background jobs: read the directory anew, in short slices, and hold the settings against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Final

from store.alerts import Alerts
from store.connection import now_ms
from store.directory import PARTS, Directory, Part
from sync.directory.named import look_at, mended
from sync.directory.numbers import Late, look_for_new, never
from sync.slices import Slice, in_slices
from worker.directory import SET_UP, refresh
from worker.jobs import workshop
from worker.workshop import Workshop

JOB: Final = "sync.directory.reading.refresh_all"
OFTEN: Final[tuple[Part, ...]] = ("numbers", "users", "tags", "owners", "outcomes")
"""Parts that people change in their daily work. Pipelines have a job of their own, each minute."""
SET_UP_EVERY: Final = 3_600_000
"""Milliseconds between two readings of what changes with the portal's set-up, if all is well."""
UNIQUE_ALERT: Final = "no unique properties"


def refresh_all(since: str = "") -> None:
    """Read every part that may have changed, and tell of what the settings name and is not there.

    `since` (ms) is when that was begun: what was read after it is not read again.
    """
    began = since or str(now_ms(workshop().connection))
    in_slices(JOB, partial(_go_on, began=int(began)), began)


def refresh_part(part: str) -> None:
    """Read one part, by its name."""
    if part not in PARTS:
        return
    shop = workshop()
    try:
        _read(shop, (part,))
    finally:
        shop.counts.flush()


def look_again() -> None:
    """See whether a change of the settings has mended something; asks nobody."""
    mended(workshop())


def _go_on(shop: Workshop, piece: Slice, began: int) -> bool:
    now = shop.directory.read()
    parts = (*OFTEN, *(SET_UP if _set_up_is_due(shop, now, began) else ()))
    waiting = [part for part in parts if now.read_at.get(part, 0) < began]
    for at, part in enumerate(waiting, 1):
        # What a vendor refuses takes no time, and must not be tried for ever. Whoever asked to look
        # again waits behind this: a handful of requests is not cut up for others.
        if _read(shop, (part,), piece.late) and at < len(waiting) and piece.late():
            return True
        piece.keep()
    # A drain that was refused for our properties has read them as well.
    _tell_unique(shop.alerts, shop.directory.read().unique)
    mended(shop)
    return False


def _set_up_is_due(shop: Workshop, now: Directory, began: int) -> bool:
    """Tell whether to read the set-up: each hour, and as long as something is wrong with it."""
    oldest = min(now.read_at.get(part, 0) for part in SET_UP)
    stale = oldest < began - SET_UP_EVERY
    begun = any(now.read_at.get(part, 0) >= began for part in SET_UP)
    return stale or begun or not now.complete or UNIQUE_ALERT in shop.alerts.names()


def _read(shop: Workshop, parts: Iterable[Part], late: Late = never) -> bool:
    """Read parts and tell what follows; True if all could be read."""
    failed = False
    for part in parts:
        before = shop.directory.read()
        if refresh(shop, (part,)):
            failed = True
            continue
        look_at(shop, part, before, late)
        if part == "numbers":
            look_for_new(shop, late)
        if part == "unique":
            _tell_unique(shop.alerts, shop.directory.read().unique)
    return not failed


def _tell_unique(alerts: Alerts, unique: Mapping[str, bool] | None) -> None:
    if unique is None or all(unique.values()):
        alerts.resolve(UNIQUE_ALERT)
        return
    without = sorted(kind for kind, made in unique.items() if not made)
    alerts.raise_(
        UNIQUE_ALERT,
        f"HubSpot does not let us make a unique property on {', '.join(without)}: one drain works "
        "at a time, and a process frozen in the middle of a request may double a batch.",
        {"types": ",".join(without)},
    )
