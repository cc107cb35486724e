"""Calls for what is left to do, and to tell, of long operations, until it is done."""

from __future__ import annotations

import redis

from store.connection import now_ms
from store.operation_messages import OperationMessages
from store.operations import KINDS, Kind, Operations
from store.runs import Runs
from store.schedule import AGAIN
from sync.operations import JOBS, go_on, tell


def watch_operations(connection: redis.Redis) -> None:
    """Call for what is left to do and to tell of all operations; raises redis-py's errors."""
    operations = Operations(connection)
    found = [each for kind in KINDS if (each := operations.current(kind)) is not None]
    if not found:
        return
    over = OperationMessages(connection).over(KINDS)
    for each in found:
        if each.active and not _failed_lately(connection, each.kind):
            go_on(connection, each.kind)
        if each.id not in over:
            tell(connection, each.kind)


def _failed_lately(connection: redis.Redis, kind: Kind) -> bool:
    """Whether its job failed just now, or was refused: that is tried each minute, not each beat."""
    run = Runs(connection).of(JOBS[kind])
    if run is None or run.ended is None or not run.lasting:
        return False
    return 0 <= now_ms(connection) - run.ended < AGAIN
