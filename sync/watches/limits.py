"""Says when HubSpot's daily limit comes near, by what its answers tell of it."""

from __future__ import annotations

from typing import Final

from store.alerts import Alerts
from store.limits import Limits
from sync.watches.backlog import rounded

ALERT: Final = "daily limit near"
NEAR: Final = 0.1
"""Of the day's requests left."""


def watch_daily(limits: Limits, alerts: Alerts) -> None:
    """Raise the alert below a tenth of the day's requests, resolve it above. Raises redis-py's."""
    learned = limits.learned("hubspot")
    daily, left = learned.get("daily"), learned.get("daily_remaining")
    if not daily or left is None:
        return
    if left < NEAR * daily:
        # Rounded: each new figure is told, and every answer of HubSpot has another one.
        alerts.raise_(
            ALERT,
            f"HubSpot allows {rounded(left)} more requests today, of {daily} that all apps share. "
            "When they are used up, calls wait, and follow after the portal's midnight.",
        )
    else:
        alerts.resolve(ALERT)
