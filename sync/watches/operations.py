"""Calls for what is left to do, and to tell, of long operations, until it is done."""

from __future__ import annotations

import redis

from store.operation_messages import OperationMessages
from store.operations import KINDS, Operations
from sync.operations import go_on, tell


def watch_operations(connection: redis.Redis) -> None:
    """Call for what is left to do and to tell of all operations; raises redis-py's errors."""
    operations = Operations(connection)
    found = [each for kind in KINDS if (each := operations.current(kind)) is not None]
    if not found:
        return
    over = OperationMessages(connection).over(KINDS)
    for each in found:
        if each.active:
            go_on(connection, each.kind)
        if each.id not in over:
            tell(connection, each.kind)
