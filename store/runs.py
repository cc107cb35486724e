"""What each background job did last: when it began and ended, and what kept it from its work."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

import redis

from store import keys
from store.connection import now_ms, text
from store.damaged import if_readable


@dataclass(frozen=True, slots=True)
class Run:
    """The last run of a job; times in ms since 1970."""

    began: int
    ended: int | None = None
    """None while it runs, or where its process died."""
    trouble: str = ""
    """Why it could not do its work, in one sentence."""
    well: int | None = None
    """When a run last ended without trouble."""
    troubled: int | None = None
    """Since when each run ended in trouble; None after one without."""
    lasting: bool = False
    """The trouble does not pass by itself: a person must change something."""


class Runs:
    """The background jobs' runs of one Redis; every method raises redis-py's errors."""

    def __init__(self, connection: redis.Redis) -> None:
        self._connection = connection

    def all(self) -> Mapping[str, Run]:
        """Return the last run of each job by its dotted name."""
        kept = self._connection.hgetall(keys.RUNS)
        read = {text(name): _read(raw) for name, raw in kept.items()}
        return {name: run for name, run in read.items() if run is not None}

    def of(self, job: str) -> Run | None:
        """Return the last run of one job; None if there never was one."""
        raw = self._connection.hget(keys.RUNS, job)
        return _read(raw) if raw else None

    def begin(self, job: str) -> None:
        """Note that a run begins."""
        before = self.of(job)
        run = Run(now_ms(self._connection))
        if before is not None:
            # That it failed is so until it goes well: it is not taken back with each try.
            run = replace(run, well=before.well, troubled=before.troubled, lasting=before.lasting)
        self._keep(job, run)

    def go_on(self, job: str) -> None:
        """Note that a slice went well and left more to do: the run goes on without trouble."""
        before = self.of(job) or Run(now_ms(self._connection))
        self._keep(job, replace(before, ended=None, trouble="", troubled=None, lasting=False))

    def end(self, job: str, trouble: str = "", *, lasting: bool = False) -> None:
        """Note that the run has ended, and what was in its way; `lasting` if it does not pass."""
        now = now_ms(self._connection)
        before = self.of(job) or Run(now)
        if trouble:
            troubled = now if before.troubled is None else before.troubled
            run = replace(before, ended=now, trouble=trouble, troubled=troubled, lasting=lasting)
            self._keep(job, run)
        else:
            self._keep(job, Run(before.began, now, well=now))

    def _keep(self, job: str, run: Run) -> None:
        self._connection.hset(keys.RUNS, job, json.dumps(asdict(run)))


def _read(raw: bytes | str) -> Run | None:
    """Read a run; nothing of one that is damaged, so that the next one takes its place."""
    return if_readable(keys.RUNS, lambda: Run(**json.loads(raw)))
