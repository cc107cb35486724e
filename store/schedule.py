"""The background jobs as the clock calls them: how often, when last and next, and what came of it.

Everybody reads it here: status, Home and the metrics, also where settings.toml says otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import redis

from store import keys
from store.damaged import numbers
from store.runs import Run, Runs

AGAIN: Final = 60_000
"""Milliseconds after which work that could not be done is tried again."""
LOST: Final = 30_000
"""Milliseconds until a call that nobody followed counts as lost; a slice takes 20 seconds."""
AHEAD: Final = 10_000
"""Milliseconds from now that a run may be dated: read a moment later than the time was."""
LATE: Final = 3
"""Intervals without a run after which a job is late."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One job: its dotted name, seconds between two calls, its last call (ms) and its last run."""

    job: str
    every: int
    called: int | None = None
    run: Run | None = None

    @property
    def next(self) -> int | None:
        """When (ms) it is called next; None while it was never called."""
        if self.called is None:
            return None
        due = self.called + self.every * 1000
        if self.run is not None and self.run.trouble and self.run.ended is not None:
            return min(due, self.run.ended + AGAIN)
        return due

    @property
    def trouble(self) -> str:
        """What keeps it from its work since its last run, in one sentence."""
        return self.run.trouble if self.run else ""

    def begun(self, now: int, since: int) -> int:
        """Return when (ms) it last began, or `since` where clocks beat from then on only."""
        run = self.run
        # What a clock that was ahead wrote says nothing; a run may begin while we read, though.
        return run.began if run is not None and since < run.began <= now + AHEAD else since

    def late(self, now: int, since: int) -> bool:
        """Tell whether it has not begun for three intervals, of which clocks beat since `since`."""
        return now - self.begun(now, since) > LATE * self.every * 1000

    def undone(self, now: int) -> bool:
        """Tell whether its last call came to nothing: lost, ended by a kill, or cut short."""
        run = self.run
        if run is None:
            return False
        last = max(run.began, self.called or 0)
        if run.ended is None or run.began < (self.called or 0):
            return now - last >= LOST
        return bool(run.trouble) and now - run.ended >= AGAIN


class Schedule:
    """The plan of one Redis; every method raises redis-py's errors."""

    def __init__(self, connection: redis.Redis) -> None:
        self._connection = connection

    def publish(self, plan: Mapping[str, int]) -> None:
        """Say which jobs there are, with the seconds between two calls; the leading clock does."""
        raw = json.dumps(dict(plan)).encode()
        if self._connection.get(keys.SCHEDULE) != raw:
            self._connection.set(keys.SCHEDULE, raw)

    def read(self) -> tuple[Planned, ...]:
        """Return the jobs as planned; none while no clock ever led."""
        raw = self._connection.get(keys.SCHEDULE)
        if not raw:
            return ()
        called = numbers(keys.JOBS, self._connection.hgetall(keys.JOBS))
        runs = Runs(self._connection).all()
        return tuple(
            Planned(job, every, called.get(job), runs.get(job))
            for job, every in json.loads(raw).items()
        )
