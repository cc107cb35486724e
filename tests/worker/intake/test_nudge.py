"""Calling for a drain: one job that waits is enough, and a lost one is made up by a sweep."""

import json
import zlib

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


def test_background_jobs_are_all_kept(redis_client):
    for part in ("users", "numbers"):
        enqueue(redis_client, BACKGROUND, "sync.directory.refresh_part", part)
    assert [job.args for job in queue(redis_client, BACKGROUND).jobs] == [["users"], ["numbers"]]


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
