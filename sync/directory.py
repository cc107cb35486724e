"""Background jobs: read the directory anew, in short slices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from store.alerts import Alerts
from store.directory import PARTS, Part
from sync.tickets import resolve_missing
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
        failed = refresh(shop, parts)
    finally:
        shop.counts.flush()
    now = shop.directory.read()
    _tell_unique(shop.alerts, now.unique)
    if "pipelines" in parts and "pipelines" not in failed:
        resolve_missing(shop.alerts, shop.revisions, now.pipelines or ())


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
