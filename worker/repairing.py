"""Call for the comparison with Aircall's list of calls, as soon as something may be missing."""

from __future__ import annotations

from typing import Final

import redis

from store import keys
from store.scripts import Scripts
from worker.nudge import BACKGROUND, enqueue

REPAIR: Final = "sync.gaps.repair.repair"
"""A job of a room above ours."""
AGAIN_MS: Final = 15_000
"""Between two calls of a repair that could not end, as Aircall was not to be asked."""


def call_repair(connection: redis.Redis) -> None:
    """Have calls compared with Aircall's list soon. Raises redis-py's errors."""
    enqueue(connection, BACKGROUND, REPAIR)


def go_on(connection: redis.Redis) -> None:
    """Call again for a repair that is wanted or stands still. Raises redis-py's errors."""
    pipeline = connection.pipeline(transaction=False)
    pipeline.exists(keys.OUTAGES)
    pipeline.hexists(keys.GAPS, "look")
    if any(pipeline.execute()) and Scripts(connection).run("turn", f"{REPAIR} again", AGAIN_MS):
        call_repair(connection)
