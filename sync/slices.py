"""Background work in slices: never beside itself, 20 seconds at most, the rest by a successor.

What a slice has done is in the store before it ends, so that its successor, or after a kill the
clock, goes on where it stood.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import redis
import structlog
from redis.exceptions import LockError
from redis.lock import Lock

from clients.errors import Unavailable, VendorError
from store import keys
from store.runs import Runs
from sync.operations import JOBS, tell
from worker.jobs import workshop
from worker.nudge import BACKGROUND, enqueue, queue
from worker.workshop import Workshop

LONGEST: Final = 20.0
"""Seconds of one slice."""
LEAST: Final = 0.5
"""Seconds that a slice has though others wait: of two long works that take turns each would else
pay for its beginning, a page or two read anew, with every single step."""
HELD: Final = 24
"""Seconds until the work of a process that died may be taken over: longer than any one request, and
short enough for the clock to have another go on within 30."""

log = structlog.get_logger(__name__)


class SliceLostError(Exception):
    """Another process goes on with this work: leave it without another write."""


class Slice:
    """One turn at a job's work; `over` is asked between any two of its steps."""

    def __init__(
        self,
        connection: redis.Redis,
        lock: Lock,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lock = lock
        self._clock = clock
        self._began = clock()
        self._queue = queue(connection, BACKGROUND)

    def over(self) -> bool:
        """Tell whether to stop here: the time is used up, or other jobs wait for theirs.

        Makes sure of the work once more. Raises SliceLostError and redis-py's errors.
        """
        if self.late():
            return True
        return self._clock() >= self._began + LEAST and self._queue.count > 0

    def late(self) -> bool:
        """Tell whether the time alone is used up: for a few requests whose end others wait for.

        Raises as `over` does.
        """
        self.keep()
        return self._clock() >= self._began + LONGEST

    def keep(self) -> None:
        """Hold the work for `HELD` seconds from now. Raises as `over` does."""
        try:
            self._lock.reacquire()
        except LockError:
            raise SliceLostError from None


def in_slices(job: str, work: Callable[[Workshop, Slice], bool], *args: str) -> None:
    """Do one slice of a job's work, unless another process is at it; True means: there is more.

    `job` is its dotted name, `args` what its successor is called with. A vendor that cannot be
    asked ends the slice, as a trouble that is shown; the clock calls again. Raises redis-py's
    errors, and whatever else `work` raises after noting it.
    """
    shop = workshop()
    connection, runs = shop.connection, Runs(shop.connection)
    lock = connection.lock(keys.working(job), timeout=HELD, blocking=False, thread_local=False)
    if not lock.acquire():
        return
    more = False
    runs.begin(job)
    try:
        more = work(shop, Slice(connection, lock))
    except SliceLostError:
        log.warning("another process goes on", job=job)
        return
    except VendorError as error:
        log.warning("background job cut short", job=job, because=error.sentence)
        runs.end(job, error.sentence, lasting=not isinstance(error, Unavailable))
    except Exception as error:
        said = f"It failed ({type(error).__name__}): see the log of the process sync."
        runs.end(job, said, lasting=True)
        raise
    else:
        # With more to do it has not ended: should its successor be lost, the clock calls one.
        if more:
            runs.go_on(job)
        else:
            runs.end(job)
    finally:
        shop.counts.flush()
        _let_go(lock)
    if more:
        enqueue(connection, BACKGROUND, job, *args)
    _told(connection, job)


def _told(connection: redis.Redis, job: str) -> None:
    """Have said how far an operation is that this job works at, and at once that it has ended."""
    for kind, works in JOBS.items():
        if works == job:
            tell(connection, kind)


def _let_go(lock: Lock) -> None:
    try:
        lock.release()
    except LockError:
        log.warning("the work was taken over meanwhile")
