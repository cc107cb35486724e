"""Background job: forget failures and left-out tickets when their time is over.

Records, ids and hourly counts expire in Redis by themselves; what a failure left behind does not.
"""

from __future__ import annotations

from typing import Final

import redis

from settings.file import Retention
from store.scripts import Scripts
from sync.slices import Slice, in_slices
from worker.workshop import Workshop

DAY_MS: Final = 86_400_000
AT_ONCE: Final = 1000
"""Redis does nothing else meanwhile."""
PRUNE: Final = "sync.retention.prune"


def prune() -> None:
    """Run as a job, once a day."""
    in_slices(PRUNE, _prune)


def _prune(shop: Workshop, piece: Slice) -> bool:
    while forget(shop.connection, shop.file.retention) >= AT_ONCE:
        if piece.over():
            return True
    return False


def forget(connection: redis.Redis, retention: Retention) -> int:
    """Drop what is older than the retention of failures, events and marks with it; how many."""
    return int(Scripts(connection).run("forget", retention.failures * DAY_MS, AT_ONCE))
