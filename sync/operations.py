"""Which job works at which long operation, and how it and the telling of it are called for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import redis

from store import keys
from store.operations import Kind
from worker.nudge import BACKGROUND, enqueue

JOBS: Final[Mapping[Kind, str]] = {
    "backfill": "sync.backfill.going.go_on",
    "contacts": "sync.contacts.copy.go_on",
    "removal": "sync.contacts.removal.go_on",
}
"""By dotted name; each takes no argument and works at the operation in slices."""
TELL: Final = "bot.operations.telling.tell"
"""A job of a room above ours: it shows how far an operation of the kind it is told is."""


def go_on(connection: redis.Redis, kind: Kind) -> None:
    """Have the operation of this kind worked at, unless somebody is at it; raises redis-py's."""
    if not connection.exists(keys.working(JOBS[kind])):
        enqueue(connection, BACKGROUND, JOBS[kind])


def tell(connection: redis.Redis, kind: Kind) -> None:
    """Have told how far the operation of this kind is, unless somebody is; raises redis-py's."""
    if not connection.exists(keys.operation_telling(kind)):
        enqueue(connection, BACKGROUND, TELL, kind)
