"""Says what could not be read of alerts, channel and long works, and keeps it out of the way."""

from __future__ import annotations

from typing import Final

import redis

from store.alerts import Alerts
from store.aside import set_aside

ALERT: Final = "store damaged"
SAID: Final = (
    "Redis held something that cannot be read, under {keys}. It was set aside for a week (in "
    "ah:aside): some of it is said anew, some is lost, and all else goes on. A damaged disk does "
    "that, or whoever wrote there."
)


def watch_damage(connection: redis.Redis, alerts: Alerts) -> None:
    """Raise the alert while anything lies aside; it is over a week later. Raises redis-py's."""
    if aside := ", ".join(set_aside(connection)):
        alerts.raise_(ALERT, SAID.format(keys=aside), {"keys": aside})
    else:
        alerts.resolve(ALERT)
