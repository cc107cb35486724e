"""Who opened the Home tab lately: theirs are shown anew when something changed."""

from __future__ import annotations

from typing import Final

import redis

from store import keys
from store.connection import now_ms, text

MOST: Final = 50
"""People: as many as Slack lets us publish to within half a minute."""
LATELY: Final = 7 * 86_400_000
"""Milliseconds since a visit; whoever comes later sees all anew anyway."""


class Visitors:
    """The visitors of one Redis; every method raises redis-py's errors."""

    def __init__(self, connection: redis.Redis) -> None:
        self._connection = connection

    def note(self, user: str) -> None:
        """Note a visit (Slack id); the longest ago makes room."""
        pipeline = self._connection.pipeline(transaction=False)
        pipeline.zadd(keys.VISITORS, {user: now_ms(self._connection)})
        pipeline.zremrangebyrank(keys.VISITORS, 0, -MOST - 1)
        pipeline.execute()

    def lately(self) -> tuple[str, ...]:
        """Return who came within a week, the last to come first."""
        since = now_ms(self._connection) - LATELY
        found = self._connection.zrevrangebyscore(keys.VISITORS, "+inf", since)
        return tuple(text(each) for each in found)  # type: ignore[arg-type]  # members only

    def forget(self, user: str) -> None:
        """Forget somebody who is not shown anything any more."""
        self._connection.zrem(keys.VISITORS, user)
