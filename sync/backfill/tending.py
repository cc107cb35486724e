"""Call for the counting of previews, and for telling of them, until somebody knows the result."""

from __future__ import annotations

from typing import Final

import redis

from store import keys
from store.backfills import Previews
from worker.nudge import BACKGROUND, enqueue

JOB: Final = "sync.backfill.counting.count"
TELL: Final = "bot.backfill.telling.tell"
"""A job of a room above ours: it shows the preview that it is told of."""


def call(connection: redis.Redis) -> None:
    """Have previews counted; raises redis-py's errors."""
    enqueue(connection, BACKGROUND, JOB)


def tend(connection: redis.Redis) -> None:
    """Call for what is left to count and to tell of previews; raises redis-py's errors."""
    previews = Previews(connection)
    counting = False
    for id_ in previews.open():
        preview = previews.of(id_)
        if preview is None:
            previews.take(id_)  # it expired
            continue
        counting = counting or preview.state == "counting"
        tell(connection, id_)
    if counting and not connection.exists(keys.working(JOB)):
        call(connection)


def tell(connection: redis.Redis, id_: str) -> None:
    """Have told how far a preview is, unless somebody is at it; raises redis-py's errors."""
    if not connection.exists(keys.backfill_telling(id_)):
        enqueue(connection, BACKGROUND, TELL, id_)
