"""Background job: forget failures and left-out tickets when their time is over; find strays.

Records, ids and hourly counts expire in Redis by themselves; what a failure left behind does not.
"""

from __future__ import annotations

from typing import Final

import redis
import structlog

from settings.file import Retention
from store.scripts import Scripts
from store.strays import find_strays
from sync.slices import Slice, in_slices
from worker.failed_alerts import close_forgotten
from worker.workshop import Workshop

DAY_MS: Final = 86_400_000
AT_ONCE: Final = 1000
"""Redis does nothing else meanwhile."""
PRUNE: Final = "sync.retention.prune"

log = structlog.get_logger(__name__)


def prune() -> None:
    """Run as a job, once a day."""
    in_slices(PRUNE, _prune)


def _prune(shop: Workshop, piece: Slice) -> bool:
    while forget(shop.connection, shop.file.retention) >= AT_ONCE:
        if piece.over():
            return True
    close_forgotten(shop.connection, shop.alerts)
    _find_strays(shop, piece)
    return False


def _find_strays(shop: Workshop, piece: Slice) -> None:
    """Go through all keys, two seconds for half a million; what is found is drained."""
    after, found = 0, 0
    while True:
        piece.keep()
        strays, after = find_strays(shop.connection, after)
        found += strays
        if after == 0:
            break
    if found:
        log.warning("interactions waited nowhere", found=found)
        shop.nudge()


def forget(connection: redis.Redis, retention: Retention) -> int:
    """Drop what is older than the retention of failures, events and marks with it; how many."""
    return int(Scripts(connection).run("forget", retention.failures * DAY_MS, AT_ONCE))
