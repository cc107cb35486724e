"""Call for a drain: an RQ job that is only a nudge, for the due set is the truth."""

from __future__ import annotations

from typing import Final

import redis
from rq import Queue
from rq.serializers import JSONSerializer

from store.due import Due

DRAIN: Final = "drain"
BACKGROUND: Final = "background"
TIMEOUT: Final = 120
"""Seconds that a job may take before RQ ends it."""
KEEP_FAILED: Final = 24 * 3600
"""Seconds; RQ's own default is a year."""


def queue(connection: redis.Redis, name: str) -> Queue:
    """Return one of our two RQ queues; its jobs are JSON."""
    return Queue(name, connection=connection, serializer=JSONSerializer, default_timeout=TIMEOUT)


def enqueue(connection: redis.Redis, name: str, job: str, *args: str | float | None) -> None:
    """Put a job, by its dotted name, on a queue."""
    queue(connection, name).enqueue_call(
        job, args=args, timeout=TIMEOUT, result_ttl=0, failure_ttl=KEEP_FAILED, description=job
    )


def nudge(connection: redis.Redis) -> None:
    """Ask for a drain, unless one is asked for already and nobody has begun it.

    A drain claims after it has begun, so one that waits will see whatever is due now; while no
    worker runs, the queue does not grow.
    """
    if not queue(connection, DRAIN).count:
        enqueue(connection, DRAIN, "worker.jobs.drain")


def sweep(connection: redis.Redis) -> int:
    """Look for work nobody does and call for a drain; returns ms the wall clock stepped back."""
    call, step = Due(connection).sweep()
    if call:
        nudge(connection)
    return step
