"""Says that failures pile up, and that events wait too long though nothing holds them up."""

from __future__ import annotations

from typing import Final

import redis

from store import keys
from store.alerts import Alerts
from store.connection import now_ms
from store.due import Due
from store.keys import VENDORS
from store.limits import Limits
from store.waiting import oldest_held_up

FAILURES: Final = "failures"
WAITING: Final = "waiting long"
MANY: Final = 10
"""Failures that are worth a word, however old."""
LATELY: Final = 600_000
"""Milliseconds in which so many failures are worth a word:"""
AT_ONCE: Final = 3
PATIENCE: Final = 600_000
"""Milliseconds that an event may wait."""
OURS: Final = "our own limit"
"""The reason of a pause that lasts seconds, and is part of working a backlog off."""
ONE: Final = (
    "{count} call or message could not be written to HubSpot. It is kept: look why, then try it "
    "again."
)
FEW: Final = (
    "{count} calls or messages could not be written to HubSpot. They are kept: look why, then try "
    "them again."
)
MORE: Final = (
    "At least {count} calls or messages could not be written to HubSpot. They are kept: look why, "
    "then try them again."
)
WAIT: Final = (
    "Calls or messages have waited for more than 10 minutes to be written, though HubSpot and "
    "Aircall answer ({count} or more wait). Nothing is lost; see whether the process worker runs."
)


def watch_failures(connection: redis.Redis, alerts: Alerts) -> None:
    """Raise the alert when failures pile up; it is over when none is left. Raises redis-py's."""
    count, lately = _failures(connection)
    if not count:
        alerts.resolve(FAILURES)
    elif count >= MANY or lately >= AT_ONCE or FAILURES in alerts.names():
        sentence = ONE if count == 1 else FEW if count < MANY else MORE
        said = str(rounded(count))
        alerts.raise_(FAILURES, sentence.format(count=said), {"count": said})


def rounded(count: int) -> int:
    """Round down to one digit: an alert whose figure changed is said anew."""
    step: int = 10 ** (len(str(count)) - 1)
    return count // step * step


def _failures(connection: redis.Redis) -> tuple[int, int]:
    now = now_ms(connection)
    pipeline = connection.pipeline(transaction=False)
    pipeline.zcard(keys.FAILURES)
    pipeline.zcount(keys.FAILURES, now - LATELY, "+inf")
    count, lately = pipeline.execute()
    return int(count), int(lately)


def watch_waiting(connection: redis.Redis, limits: Limits, alerts: Alerts) -> None:
    """Raise the alert while events wait for more than ten minutes, and no vendor is away.

    What waits for a vendor, or for being enabled, has an alert or a reason of its own. Raises
    redis-py's errors.
    """
    away = any(limits.paused(vendor).get("reason", OURS) != OURS for vendor in VENDORS)
    oldest = None if away else oldest_held_up(connection)
    if oldest is None or now_ms(connection) - oldest < PATIENCE:
        alerts.resolve(WAITING)
        return
    disabled = int(connection.zcard(keys.parked("disabled")))
    count = str(rounded(max(Due(connection).waiting() - disabled, 1)))
    # Since when: as first said, for the oldest changes with each one that is written.
    before = next((each.about for each in alerts.open() if each.name == WAITING), {})
    since = before.get("since", str(oldest))
    alerts.raise_(WAITING, WAIT.format(count=count), {"count": count, "since": since})
