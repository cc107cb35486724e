"""Call for a drain: an RQ job that is only a nudge, for the due set is the truth."""

from __future__ import annotations

from typing import Final

import redis
from rq import Queue
from rq.exceptions import DeserializationError
from rq.job import Job
from rq.serializers import JSONSerializer

from store.due import Due

DRAIN: Final = "drain"
BACKGROUND: Final = "background"
TIMEOUT: Final = 120
"""Seconds that a job may take before RQ ends it."""
KEEP_FAILED: Final = 24 * 3600
"""Seconds; RQ's own default is a year."""
SWEEP_EVERY: Final = 5.0
"""Seconds between two sweeps of one process."""


def queue(connection: redis.Redis, name: str) -> Queue:
    """Return one of our two RQ queues; its jobs are JSON."""
    return Queue(name, connection=connection, serializer=JSONSerializer, default_timeout=TIMEOUT)


def enqueue(connection: redis.Redis, name: str, job: str, *args: str | float | None) -> bool:
    """Put a job, by its dotted name, on a queue; False if the same one waits there already.

    One that waits will see whatever changed until it begins, so a queue that nobody works on holds
    each job once.
    """
    jobs = queue(connection, name)
    there = Job.fetch_many(jobs.job_ids, connection, JSONSerializer)
    if any(_is(each, job, args) for each in there if each is not None):
        return False
    _push(jobs, job, *args)
    return True


def _is(job: Job, name: str, args: tuple[str | float | None, ...]) -> bool:
    try:
        return job.func_name == name and tuple(job.args) == args
    except DeserializationError:
        return False  # it is none of ours


def _push(jobs: Queue, job: str, *args: str | float | None) -> None:
    jobs.enqueue_call(
        job, args=args, timeout=TIMEOUT, result_ttl=0, failure_ttl=KEEP_FAILED, description=job
    )


def nudge(connection: redis.Redis) -> None:
    """Ask for a drain, unless one is asked for already and nobody has begun it.

    A drain claims after it has begun, so one that waits will see whatever is due now; while no
    worker runs, the queue does not grow.
    """
    drains = queue(connection, DRAIN)
    # Its length is asked instead of its jobs: this is on the way of every event.
    if not drains.count:
        _push(drains, "worker.jobs.drain")


def sweep(connection: redis.Redis) -> int:
    """Look for work nobody does and call for a drain; returns ms the wall clock stepped back."""
    call, step = Due(connection).sweep()
    if call:
        nudge(connection)
    return step
