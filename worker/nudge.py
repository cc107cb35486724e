"""Call for a drain: an RQ job that is only a nudge, for the due set is the truth."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import redis
import structlog
from rq import Queue
from rq.exceptions import DeserializationError
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.timeouts import BaseTimeoutException

from store.due import Due

DRAIN: Final = "drain"
BACKGROUND: Final = "background"
TIMEOUT: Final = 120
"""Seconds that a job may take before RQ ends it."""
KEEP_FAILED: Final = 24 * 3600
"""Seconds; RQ's own default is a year."""
SWEEP_EVERY: Final = 5.0
"""Seconds between two sweeps of one process."""

log = structlog.get_logger(__name__)


def queue(connection: redis.Redis, name: str) -> Queue:
    """Return one of our two RQ queues; its jobs are JSON."""
    return Queue(name, connection=connection, serializer=JSONSerializer, default_timeout=TIMEOUT)


def enqueue(connection: redis.Redis, name: str, job: str, *args: str | float | None) -> bool:
    """Put a job, by its dotted name, on a queue; False if the same one waits there already.

    One that waits will see whatever changed until it begins, so a queue that nobody works on holds
    each job once.
    """
    jobs = queue(connection, name)
    if any(_is(each, job, args) for each in _waiting(connection, jobs)):
        return False
    _push(jobs, job, *args)
    return True


def _waiting(connection: redis.Redis, jobs: Queue) -> Iterable[Job]:
    """Return what waits. What a disk changed of it is dropped: whoever called it calls again."""
    try:
        return [each for each in Job.fetch_many(jobs.job_ids, connection, JSONSerializer) if each]
    except (redis.RedisError, BaseTimeoutException):
        raise
    except Exception:  # noqa: BLE001 - RQ believes what it reads, and fails in many ways
        return _sound(connection, jobs.key)


def _sound(connection: redis.Redis, key: str) -> list[Job]:
    """Return the jobs of a list, and drop those that cannot be read."""
    ids: list[Any] = connection.lrange(key, 0, -1)
    found = (_fetched(connection, key, id_) for id_ in ids)
    return [each for each in found if each is not None]


def _fetched(connection: redis.Redis, key: str, id_: bytes) -> Job | None:
    try:
        return Job.fetch(id_.decode(), connection, JSONSerializer)
    except (redis.RedisError, BaseTimeoutException):
        raise
    except Exception as error:  # noqa: BLE001 - the same
        log.warning("a waiting job cannot be read", because=type(error).__name__)
        connection.lrem(key, 0, id_)  # type: ignore[arg-type]  # as it was read
        connection.delete(Job.redis_job_namespace_prefix.encode() + id_)
        return None


def drop_damaged(connection: redis.Redis, name: str) -> None:
    """Drop what waits on a queue, or was taken from it, and a disk changed.

    RQ's worker ends when it takes such a job, and again with each of its clearings. Raises
    redis-py's errors.
    """
    jobs = queue(connection, name)
    for key in (jobs.key, jobs.intermediate_queue_key):
        _sound(connection, key)


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
