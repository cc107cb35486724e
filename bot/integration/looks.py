"""Have looked at once, after the integration was begun anew, at what it stands on."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from redis.exceptions import RedisError

from bot.asking.desk import Desk
from worker.nudge import BACKGROUND, enqueue

LOOKS: Final = ("sync.webhook.watch.look", "sync.foreign.look")
"""Our webhook, which a deletion took away; and whether another integration still logs."""


def look_soon(ours: Desk) -> None:
    """Ask for these looks; the clock asks again, so a store lost just now undoes nothing."""
    with suppress(RedisError):
        for job in LOOKS:
            enqueue(ours.shop.connection, BACKGROUND, job)
