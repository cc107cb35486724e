"""Alerts of a single interaction among the failures: raised with it, closed when it is none."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import redis

from store import keys
from store.alerts import Alerts
from store.due import Settled


def poison_alert(id_: str) -> str:
    """Name the alert of an interaction that stopped the worker."""
    return f"poisoned {id_}"


def damage_alert(id_: str) -> str:
    """Name the alert of an interaction that is damaged."""
    return f"damaged {id_}"


def raise_poisoned(alerts: Alerts, id_: str, what: str) -> None:
    """Say of an interaction `what` it did to the worker. Raises redis-py's errors."""
    alerts.raise_(
        poison_alert(id_),
        f"{id_} {what} and was put among the failures. See python -m worker explain {id_}.",
    )


def raise_damaged(alerts: Alerts, id_: str) -> None:
    """Say of an interaction that a disk changed it, and what helps. Raises redis-py's errors."""
    said = (
        f"What was stored of {id_} is damaged, as by a fault of the disk. Nothing of that is "
        "written to HubSpot, and it was put among the failures."
    )
    again = (
        "Tried again, it is read from Aircall anew."
        if id_.startswith("call-")
        else "Aircall does not tell it again."
    )
    alerts.raise_(damage_alert(id_), f"{said} {again}")


def close_settled(alerts: Alerts, settled: Iterable[Settled], lost: Collection[str]) -> None:
    """Close the alerts of those that left their batch well. Raises redis-py's errors.

    `lost` were not committed: they are somebody else's to settle.
    """
    well = {each.id for each in settled if each.failure == "drop"}.difference(lost)
    if well:
        close_alerts_of(alerts, well)


def close_alerts_of(alerts: Alerts, ids: Iterable[str]) -> None:
    """Close whatever alerts these have, each for itself. Raises redis-py's errors."""
    for name in alerts.names() & _names(ids):
        alerts.resolve(name)


def close_forgotten(connection: redis.Redis, alerts: Alerts) -> None:
    """Close the alerts of what is no failure any more: it was forgotten, or we died before we did.

    Raises redis-py's errors.
    """
    about = {name: name.partition(" ")[2] for name in alerts.names()}
    ours = {name: id_ for name, id_ in about.items() if name in _names([id_])}
    if not ours:
        return
    # Of one moment: an alert is raised while its interaction is due, and then that fails.
    pipeline = connection.pipeline(transaction=True)
    for place in (keys.FAILURES, keys.DUE, *(keys.parked(why) for why in keys.WAITS_FOR)):
        pipeline.zmscore(place, list(ours.values()))
    for name, *where in zip(ours, *pipeline.execute(), strict=True):
        if all(each is None for each in where):
            alerts.resolve(name)


def _names(ids: Iterable[str]) -> set[str]:
    return {name(id_) for id_ in ids for name in (poison_alert, damage_alert)}
