"""When somebody wants to be reminded: in an hour, tomorrow or next Monday, where they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

When = Literal["hour", "tomorrow", "monday"]
MORNING: Final = 9
"""The hour of the day at which people are reminded."""


def moment(when: When, now: int, time_zone: str) -> int:
    """Return the time (ms) for a reader of this time zone (IANA; unknown: UTC)."""
    if when == "hour":
        return now + 3_600_000
    here = datetime.fromtimestamp(now / 1000, UTC).astimezone(_zone(time_zone))
    days = 1 if when == "tomorrow" else 7 - here.weekday()
    day = (here + timedelta(days=days)).date()
    morning = datetime(day.year, day.month, day.day, MORNING, tzinfo=here.tzinfo)
    return int(morning.timestamp() * 1000)


def _zone(time_zone: str) -> ZoneInfo:
    try:
        return ZoneInfo(time_zone or "UTC")
    except (LookupError, ValueError, OSError):
        return ZoneInfo("UTC")
