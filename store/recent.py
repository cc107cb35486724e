"""What ended last: the newest interactions with their results, few and bounded."""

from __future__ import annotations

import json
from dataclasses import dataclass

import redis

from store import keys


@dataclass(frozen=True, slots=True)
class Ended:
    """One interaction that was logged, ignored or failed, and when (ms)."""

    id: str
    at: int
    result: str
    reason: str


def ended_lately(connection: redis.Redis) -> tuple[Ended, ...]:
    """Return at most the last 50, newest first; raises redis-py's errors."""
    told = (json.loads(each) for each in connection.lrange(keys.RECENT, 0, -1))
    return tuple(
        Ended(each["id"], int(each["at"]), *each["ended"].partition("|")[::2]) for each in told
    )
