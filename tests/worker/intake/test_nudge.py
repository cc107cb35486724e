"""Calling for a drain: one job that waits is enough, and a lost one is made up by a sweep."""

import json
import zlib

import pytest

from store.due import Due
from worker.nudge import BACKGROUND, DRAIN, enqueue, nudge, queue, sweep


def test_a_nudge_is_one_job_of_json_that_leaves_nothing_behind(redis_client):
    nudge(redis_client)
    (job,) = queue(redis_client, DRAIN).jobs
    assert (job.func_name, job.args) == ("worker.jobs.drain", [])
    assert (job.timeout, job.result_ttl, job.failure_ttl) == (120, 0, 86_400)
    kept = redis_client.hget(f"rq:job:{job.id}", "data")
    assert json.loads(zlib.decompress(kept))[0] == "worker.jobs.drain"


def test_while_no_worker_runs_the_queue_does_not_grow(redis_client):
    for _ in range(10):
        nudge(redis_client)
    assert queue(redis_client, DRAIN).count == 1
    redis_client.delete("rq:queue:drain")
    nudge(redis_client)
    assert queue(redis_client, DRAIN).count == 1


PART = "sync.directory.reading.refresh_part"
WHOLE = "sync.directory.reading.refresh_all"


def test_a_background_job_that_waits_already_is_not_queued_again(redis_client):
    told = [enqueue(redis_client, BACKGROUND, PART, part) for part in ("users", "numbers") * 5]
    told += [
        enqueue(redis_client, BACKGROUND, "sync.directory.reading.refresh_all") for _ in range(5)
    ]
    assert [n for n, queued in enumerate(told) if queued] == [0, 1, 10]
    waiting = [(job.func_name, job.args) for job in queue(redis_client, BACKGROUND).jobs]
    assert waiting == [
        (PART, ["users"]),
        (PART, ["numbers"]),
        ("sync.directory.reading.refresh_all", []),
    ]


def test_a_background_job_that_began_may_be_queued_again(redis_client):
    enqueue(redis_client, BACKGROUND, PART, "users")
    redis_client.lmove("rq:queue:background", "rq:queue:background:intermediate")
    assert enqueue(redis_client, BACKGROUND, PART, "users")
    assert queue(redis_client, BACKGROUND).count == 1


def test_a_job_that_cannot_be_read_or_is_gone_keeps_no_other_from_being_queued(redis_client):
    for name in ("users", "numbers"):
        enqueue(redis_client, BACKGROUND, PART, name)
    unread, gone = queue(redis_client, BACKGROUND).job_ids
    redis_client.hset(f"rq:job:{unread}", "data", b"no json at all")
    redis_client.delete(f"rq:job:{gone}")
    assert enqueue(redis_client, BACKGROUND, PART, "users")
    assert enqueue(redis_client, BACKGROUND, PART, "numbers")


def test_a_sweep_calls_for_idle_work_once_while_somebody_is_called(redis_client):
    due = Due(redis_client)
    assert sweep(redis_client) == 0
    assert queue(redis_client, DRAIN).count == 0
    due.enter("call-1", "{}", ending=True)
    sweep(redis_client)  # the door has called already
    assert queue(redis_client, DRAIN).count == 0
    redis_client.delete("ah:called")
    sweep(redis_client)
    assert queue(redis_client, DRAIN).count == 1
    redis_client.delete("rq:queue:drain")
    sweep(redis_client)
    assert queue(redis_client, DRAIN).count == 0


@pytest.mark.parametrize(
    ("field", "damaged"), [("status", b"queue\xe4"), ("created_at", b"x"), ("timeout", b"1\xb20")]
)
def test_a_job_that_a_disk_changed_keeps_no_other_from_being_called(redis_client, field, damaged):
    assert enqueue(redis_client, BACKGROUND, "tests.one")
    (job,) = queue(redis_client, BACKGROUND).job_ids
    redis_client.hset(f"rq:job:{job}", field, damaged)
    assert enqueue(redis_client, BACKGROUND, "tests.two")
    assert not enqueue(redis_client, BACKGROUND, "tests.two")
    # What calls it calls again.
    assert enqueue(redis_client, BACKGROUND, "tests.one")
    assert queue(redis_client, BACKGROUND).count == 2
    assert not redis_client.exists(f"rq:job:{job}")


def test_the_name_of_a_job_that_a_disk_changed_neither(redis_client):
    redis_client.rpush("rq:queue:background", b"7dbef5d0-\xb1")
    assert enqueue(redis_client, BACKGROUND, "tests.one")
    assert not enqueue(redis_client, BACKGROUND, "tests.one")
    assert queue(redis_client, BACKGROUND).count == 1
