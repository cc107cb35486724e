"""Every change of the settings, by person or system, is said once in the channel."""

from __future__ import annotations

from typing import Final

from bot.desk import Desk
from worker.nudge import BACKGROUND, enqueue

PUBLISH: Final = "bot.announcements.publish"


def announce_soon(desk: Desk) -> None:
    """Ask for what was not announced yet to be; the clock asks again. Raises redis-py's errors."""
    enqueue(desk.shop.connection, BACKGROUND, PUBLISH)


def publish() -> None:
    """RQ job: announce every revision that was not announced yet."""
