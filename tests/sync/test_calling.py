"""Jobs are called once when they are due, and again where a call came to nothing."""

import json

import pytest

from store import keys
from store.connection import now_ms
from store.operations import Operations
from store.runs import Runs
from store.schedule import AGAIN, LOST
from sync.calling import LONGEST_HELD, LONGEST_WAIT, call_due, loosen
from sync.operations import JOBS, TELL
from sync.slices import in_slices
from sync.watches.operations import watch_operations
from worker import workshop
from worker.nudge import BACKGROUND, queue

JOB = "sync.gaps.repair.repair"
PLAN = {JOB: 3600}


def waiting(client) -> list[tuple[str, ...]]:
    return [(job.func_name, *job.args) for job in queue(client, BACKGROUND).jobs]


def begin_all(client) -> None:
    client.delete("rq:queue:background")


def age(client, ms: int) -> None:
    """Let so much time pass since all calls and runs; a negative one steps the wall clock back."""
    for job in client.hkeys(keys.JOBS):
        client.hincrby(keys.JOBS, job, -ms)
    for job, raw in client.hgetall(keys.RUNS).items():
        run = json.loads(raw)
        moved = {k: v - ms if isinstance(v, int) else v for k, v in run.items()}
        client.hset(keys.RUNS, job, json.dumps(moved))


@pytest.fixture
def called(redis_client):
    """A job that was called and taken off the queue, and whatever its test lets it do then."""
    call_due(redis_client, PLAN)
    assert waiting(redis_client) == [(JOB,)]
    begin_all(redis_client)
    return Runs(redis_client)


def test_a_job_that_waits_is_not_called_beside_itself(redis_client):
    for _ in range(3):
        call_due(redis_client, PLAN)
        age(redis_client, 3_600_000)
    assert waiting(redis_client) == [(JOB,)]


def test_after_an_hour_without_a_clock_each_job_is_called_once(redis_client):
    plan = {"sync.a.b": 60, "sync.c.d": 5, JOB: 3600}
    call_due(redis_client, plan)
    runs = Runs(redis_client)
    for job in plan:
        runs.begin(job)
        runs.end(job)
    begin_all(redis_client)
    age(redis_client, 3_600_000)
    for _ in range(60):
        call_due(redis_client, plan)
    assert sorted(waiting(redis_client)) == sorted((job,) for job in plan)


def test_a_run_whose_process_died_is_called_again_long_before_its_interval(called, redis_client):
    called.begin(JOB)
    call_due(redis_client, PLAN)
    assert waiting(redis_client) == []
    age(redis_client, LOST)
    call_due(redis_client, PLAN)
    assert waiting(redis_client) == [(JOB,)]


def test_a_successor_that_was_lost_is_called_again_long_before_its_interval(product, called):
    in_slices(JOB, lambda *_: True)
    assert waiting(product.redis) == [(JOB,)]
    call_due(product.redis, PLAN)
    begin_all(product.redis)
    age(product.redis, LOST)
    call_due(product.redis, PLAN)
    assert waiting(product.redis) == [(JOB,)]


def test_a_run_that_is_still_at_work_is_left_alone(called, redis_client):
    called.begin(JOB)
    age(redis_client, LOST)
    redis_client.set(keys.working(JOB), "somebody", px=20_000)
    call_due(redis_client, PLAN)
    assert waiting(redis_client) == []


def test_what_a_vendor_kept_from_its_work_is_called_again_after_a_minute(called, redis_client):
    called.begin(JOB)
    called.end(JOB, "Aircall does not answer.")
    age(redis_client, AGAIN - 5_000)
    call_due(redis_client, PLAN)
    assert waiting(redis_client) == []
    age(redis_client, 5_000)
    call_due(redis_client, PLAN)
    assert waiting(redis_client) == [(JOB,)]


def test_a_call_that_was_lost_on_the_way_is_made_again(called, redis_client):
    called.begin(JOB)
    called.end(JOB)
    age(redis_client, 3_600_000)
    call_due(redis_client, PLAN)
    begin_all(redis_client)
    age(redis_client, LOST)
    call_due(redis_client, PLAN)
    assert waiting(redis_client) == [(JOB,)]


def test_what_is_lost_time_and_again_is_not_called_with_every_beat(called, redis_client):
    called.begin(JOB)
    age(redis_client, LOST)
    for _ in range(6):
        call_due(redis_client, PLAN)
        begin_all(redis_client)
    call_due(redis_client, PLAN)
    assert waiting(redis_client) == []


def test_what_went_well_is_not_called_before_its_time(called, redis_client):
    called.begin(JOB)
    called.end(JOB)
    age(redis_client, 3_590_000)
    call_due(redis_client, PLAN)
    assert waiting(redis_client) == []


def test_a_minute_never_becomes_more_than_a_minute(redis_client):
    plan = {"sync.a.b": 60}
    call_due(redis_client, plan)
    begin_all(redis_client)
    age(redis_client, 55_000)
    call_due(redis_client, plan)
    assert waiting(redis_client) == [("sync.a.b",)]


def test_a_wall_clock_that_steps_holds_no_job_up(called, redis_client):
    called.begin(JOB)
    called.end(JOB)
    for step in (-7_200_000, 7_200_000):
        age(redis_client, step)
        call_due(redis_client, PLAN)
        assert waiting(redis_client) == [(JOB,)]
        begin_all(redis_client)
        called.begin(JOB)
        called.end(JOB)


def test_locks_of_the_dead_do_not_last_for_as_long_as_a_clock_stepped_back(redis_client):
    hour = 3_600_000
    held = {
        keys.working(JOB): LONGEST_HELD,
        keys.working(JOBS["backfill"]): LONGEST_HELD,
        keys.operation_telling("backfill"): LONGEST_WAIT,
        keys.ANNOUNCING: LONGEST_WAIT,
    }
    for key in held:
        redis_client.set(key, "dead", px=hour)
    loosen(redis_client, PLAN)
    for key, most in held.items():
        assert 0 < redis_client.pttl(key) <= most


def test_a_wall_clock_that_stepped_back_does_not_let_a_dead_teller_silence_alerts(redis_client):
    redis_client.set(keys.working(workshop.TELL), "a dead process", px=3_600_000)
    loosen(redis_client, PLAN)
    assert redis_client.pttl(keys.working(workshop.TELL)) <= LONGEST_HELD


def test_locks_that_are_held_in_order_are_left_alone(redis_client):
    redis_client.set(keys.working(JOB), "at work", px=LONGEST_HELD - 1_000)
    redis_client.set(keys.ANNOUNCING, "for ever")
    ends = redis_client.pexpiretime(keys.working(JOB))
    loosen(redis_client, PLAN)
    assert redis_client.pexpiretime(keys.working(JOB)) == ends
    assert redis_client.ttl(keys.ANNOUNCING) == -1


def test_a_long_work_that_nobody_works_at_is_called_with_every_beat(redis_client):
    Operations(redis_client).start("backfill", "U1", "Ada", {})
    wanted = [(JOBS["backfill"],), (TELL, "backfill")]
    for _ in range(2):
        watch_operations(redis_client)
        assert waiting(redis_client) == wanted
    begin_all(redis_client)
    watch_operations(redis_client)
    assert waiting(redis_client) == wanted


def test_a_long_work_that_fails_is_called_each_minute_and_not_with_every_beat(redis_client):
    Operations(redis_client).start("backfill", "U1", "Ada", {})
    runs, job = Runs(redis_client), JOBS["backfill"]
    runs.begin(job)
    runs.end(job, "It failed (KeyError): see the log of the process sync.", lasting=True)
    watch_operations(redis_client)
    assert waiting(redis_client) == [(TELL, "backfill")]
    age(redis_client, AGAIN)
    watch_operations(redis_client)
    assert (job,) in waiting(redis_client)


def test_a_long_work_that_somebody_is_at_is_left_alone(redis_client):
    Operations(redis_client).start("backfill", "U1", "Ada", {})
    redis_client.set(keys.working(JOBS["backfill"]), "somebody", px=20_000)
    redis_client.set(keys.operation_telling("backfill"), "somebody", px=20_000)
    watch_operations(redis_client)
    assert waiting(redis_client) == []


def test_one_that_has_ended_is_told_of_until_that_is_done(redis_client):
    operations = Operations(redis_client)
    ended = operations.end(operations.start("removal", "U1", "Ada", {}), "done")
    watch_operations(redis_client)
    assert waiting(redis_client) == [(TELL, "removal")]
    begin_all(redis_client)
    redis_client.set(
        keys.operation_message("removal"),
        json.dumps({"operation": ended.id, "over": True, "samples": []}),
    )
    watch_operations(redis_client)
    assert waiting(redis_client) == []


def test_nobody_is_called_where_nothing_was_asked_for(redis_client):
    watch_operations(redis_client)
    assert waiting(redis_client) == []


def test_the_moment_of_a_call_is_redis_own(redis_client):
    before = now_ms(redis_client)
    call_due(redis_client, PLAN)
    assert before <= int(redis_client.hget(keys.JOBS, JOB)) <= now_ms(redis_client)
