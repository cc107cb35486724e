"""Background job: forget failures and left-out tickets when their time is over.

Records, ids and hourly counts expire in Redis by themselves; these two lists do not.
"""

from __future__ import annotations

from typing import Final

import redis

from settings.file import Retention
from store import keys
from store.connection import now_ms
from worker.jobs import workshop

DAY_MS: Final = 86_400_000


def prune() -> None:
    """Run as a job, once a day."""
    shop = workshop()
    forget(shop.connection, shop.file.retention)


def forget(connection: redis.Redis, retention: Retention) -> int:
    """Drop what is older than the retention of failures; returns how many entries."""
    oldest = now_ms(connection) - retention.failures * DAY_MS
    pipeline = connection.pipeline()
    for key in (keys.FAILURES, keys.UNLOGGED):
        pipeline.zremrangebyscore(key, "-inf", oldest)
    return sum(int(count) for count in pipeline.execute())
