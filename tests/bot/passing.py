"""Let time pass for alerts without waiting: all that was noted of them happened so much earlier."""

from __future__ import annotations

import json
from typing import Any

from store import keys
from tests.bot.team import CALLS, Team

HOUR = 3_600_000
DAY = 24 * HOUR
HASHES = (
    (keys.ALERTS, ("since",)),
    (keys.ALERTS_CLOSED, ("since", "at")),
    (keys.ALERTS_QUIET, ("at", "until")),
    (keys.NOTICES, ("at",)),
)


def pass_time(team: Team, milliseconds: int) -> None:
    """Move every time that was kept so much into the past."""
    redis = team.redis
    for key, times in HASHES:
        for field, raw in redis.hgetall(key).items():
            redis.hset(key, field, json.dumps(_earlier(json.loads(raw), times, milliseconds)))
    for field, raw in redis.hgetall(keys.ALERT_POSTS).items():
        entry = _earlier(json.loads(raw), ("first", "posted", "updated", "tried"), milliseconds)
        for member in entry["members"]:
            member["alert"] = _earlier(member["alert"], ("since",), milliseconds)
            member.update(_earlier(member, ("ended",), milliseconds))
        entry["left"] = [_earlier(each, ("since", "tried"), milliseconds) for each in entry["left"]]
        redis.hset(keys.ALERT_POSTS, field, json.dumps(entry))
    if raw := redis.get(keys.ALERTS_SEEN):
        seen = _earlier(json.loads(raw), ("next", "wait"), milliseconds)
        redis.set(keys.ALERTS_SEEN, json.dumps(seen))


def _earlier(entry: dict[str, Any], times: tuple[str, ...], by: int) -> dict[str, Any]:
    return {name: value - by if name in times and value else value for name, value in entry.items()}


def open_in(team: Team, channel: str = CALLS) -> list[str]:
    """The messages of a channel that say that something is wrong now."""
    return [each for each in team.messages(channel) if ":warning:" in each]


def resolved_in(team: Team, channel: str = CALLS) -> list[str]:
    """Those that say that something is resolved, and nothing open besides."""
    found = [each for each in team.messages(channel) if ":white_check_mark:" in each]
    return [each for each in found if ":warning:" not in each]
