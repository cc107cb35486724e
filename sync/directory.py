"""Background jobs: read the directory anew, in short slices."""

from __future__ import annotations

from typing import Final

from store.directory import PARTS, Part
from worker.directory import refresh
from worker.jobs import workshop

UNIQUE_ALERT: Final = "no unique properties"


def refresh_all() -> None:
    """Read every part; afterwards say whether HubSpot let us make our unique properties."""
    _refresh(PARTS)


def refresh_part(part: str) -> None:
    """Read one part, by its name."""
    if part in PARTS:
        _refresh((part,))


def _refresh(parts: tuple[Part, ...]) -> None:
    shop = workshop()
    try:
        refresh(shop.directory, shop.hubspot, shop.aircall, parts)
    finally:
        shop.counts.flush()
    unique = shop.directory.read().unique
    if unique is None or all(unique.values()):
        shop.alerts.resolve(UNIQUE_ALERT)
        return
    without = ", ".join(sorted(kind for kind, made in unique.items() if not made))
    shop.alerts.raise_(
        UNIQUE_ALERT,
        f"HubSpot does not let us make a unique property on {without}: one drain works at a time, "
        "and a process frozen in the middle of a request may double a batch.",
    )
