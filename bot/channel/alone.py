"""One process at a time says a thing in Slack; while Slack wants to be left alone, nobody does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

import redis
import structlog
from redis.exceptions import LockError
from redis.lock import Lock

from clients.errors import Unavailable, VendorError

HELD: Final = 30
"""Seconds that one process alone speaks; a request takes ten, so it may be renewed before each."""
REFUSED: Final = 60
"""Seconds until a message that Slack refused everywhere is tried again."""

_log = structlog.get_logger(__name__)


@contextmanager
def alone(
    connection: redis.Redis, key: str, what: str, *, silent: float = 1
) -> Iterator[Lock | None]:
    """Hold `key` while something is said; None where another process does, or Slack asked to wait.

    What Slack does not take is left for later: for as long as it asks, at least `silent` seconds.
    `what` names it in the log. Raises redis-py's errors.
    """
    lock = connection.lock(key, timeout=HELD, blocking=False, thread_local=False)
    if not lock.acquire():
        yield None
        return
    wait: float = 0
    try:
        yield lock
    except VendorError as error:
        wait = max(error.wait, silent) if isinstance(error, Unavailable) else REFUSED
        _log.warning("told later", what=what, seconds=wait, because=error.sentence)
    except LockError:
        _log.warning("another process tells", what=what)
    finally:
        with suppress(LockError):
            if wait:
                # Nobody tries before Slack wants to be asked again.
                lock.extend(wait, replace_ttl=True)
            else:
                lock.release()
