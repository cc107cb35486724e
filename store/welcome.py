"""How far the first start is: whom it leads, in which message of Slack, and what it has seen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import Final

import redis
from redis.exceptions import LockError

from store import keys

HELD_FOR: Final = 60
"""Seconds after which another process takes over from one that died."""


@dataclass(frozen=True, slots=True)
class Welcome:
    """The state of the first start; `user` is empty while nobody is found whom it could lead."""

    user: str = ""
    since: int = 0
    """When it began (ms): calls that ended before are not its own."""
    logged_before: bool = False
    """Calls had been logged already when it began."""
    channel: str = ""
    ts: str = ""
    """The message that shows the steps: its conversation and Slack's id of it."""
    shown: str = ""
    """Digest of what it shows."""
    tested: str = ""
    """The channel in which a post of ours has arrived."""
    reported: str = ""
    """The first logged call, once it was told."""
    refused: tuple[str, ...] = ()
    """Whom Slack would not let us write to."""
    over: bool = False


class Welcomes:
    """The first start of one Redis; every method raises redis-py's errors."""

    def __init__(self, connection: redis.Redis) -> None:
        self._connection = connection

    def read(self) -> Welcome | None:
        """Return how far it is; None before it began."""
        raw = self._connection.get(keys.WELCOME)
        if raw is None:
            return None
        kept = json.loads(raw)
        return Welcome(**{**kept, "refused": tuple(kept["refused"])})

    def is_over(self) -> bool:
        """Tell whether nothing is left to do."""
        now = self.read()
        return now is not None and now.over

    def write(self, welcome: Welcome) -> None:
        """Keep how far it is."""
        self._connection.set(keys.WELCOME, json.dumps(asdict(welcome)))

    @contextmanager
    def held(self) -> Iterator[bool]:
        """Within: whether we are the only ones to go on with it; whoever is late leaves it."""
        lock = self._connection.lock(keys.WELCOMING, timeout=HELD_FOR, blocking=False)
        mine = lock.acquire()
        try:
            yield mine
        finally:
            if mine:
                _release(lock)


def _release(lock: redis.lock.Lock) -> None:
    # It may have taken longer than it was held for: then somebody else goes on already.
    with suppress(LockError):
        lock.release()
