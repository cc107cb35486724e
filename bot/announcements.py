"""Every change of the settings, by person or system, is said once in the channel."""

from __future__ import annotations

from typing import Final

from bot.desk import Desk
from worker.nudge import BACKGROUND, enqueue

PUBLISH: Final = "bot.announcements.publish"
SHOW: Final = ("bot.home.refresh", "bot.first_start.go_on")
"""What shows the settings besides, and is to show the new ones."""


def announce_soon(desk: Desk) -> None:
    """Ask for what was not announced yet to be; the clock asks again. Raises redis-py's errors."""
    for job in (PUBLISH, *SHOW):
        enqueue(desk.shop.connection, BACKGROUND, job)


def publish() -> None:
    """RQ job: announce every revision that was not announced yet."""
