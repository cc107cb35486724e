"""Background work in slices: short, never beside itself, gone on with by another after a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from rq import Worker

from clients.errors import Rejected, Unavailable
from store import keys
from store.operations import Operations
from store.runs import Runs
from sync import clock, operations
from sync.clock import tick
from sync.operations import TELL
from sync.slices import HELD, LEAST, LONGEST, Slice, in_slices
from tests.patience import until
from tests.sync import sliced
from worker.nudge import BACKGROUND, enqueue, queue

JOB = "tests.sync.some.job"


def waiting(client) -> list[str]:
    return [job.func_name for job in queue(client, BACKGROUND).jobs]


class Time:
    """A clock that a test sets."""

    at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def piece(redis_client):
    lock = redis_client.lock(keys.working(JOB), timeout=HELD, blocking=False, thread_local=False)
    assert lock.acquire()
    time = Time()
    made = Slice(redis_client, lock, time)
    made.time = time
    return made


def test_a_slice_lasts_twenty_seconds(piece):
    assert LONGEST == 20
    piece.time.at = LONGEST - 0.1
    assert not piece.over()
    piece.time.at = LONGEST
    assert piece.over()


def test_a_slice_gives_way_to_a_job_that_waits(piece, redis_client):
    assert not piece.over()
    enqueue(redis_client, BACKGROUND, "sync.retention.prune")
    piece.time.at = LEAST - 0.1
    assert not piece.over(), "what it cost to begin is to be worth something"
    piece.time.at = LEAST
    assert piece.over()


def test_each_step_holds_the_work_anew(piece, redis_client):
    redis_client.pexpire(keys.working(JOB), 10_000)
    piece.keep()
    assert redis_client.pttl(keys.working(JOB)) > 20_000


def test_more_to_do_calls_a_successor_with_the_same_words(product):
    in_slices("sync.watches.pauses.probe", lambda *_: True, "hubspot")
    job = queue(product.redis, BACKGROUND).jobs[0]
    assert (job.func_name, list(job.args)) == ("sync.watches.pauses.probe", ["hubspot"])


def test_a_slice_that_goes_well_ends_the_trouble_though_there_is_more(product):
    runs = Runs(product.redis)
    runs.end(JOB, "It failed.", lasting=True)
    in_slices(JOB, lambda *_: True)
    run = runs.of(JOB)
    assert (run.ended, run.troubled, run.lasting) == (None, None, False)


def test_nothing_more_to_do_calls_nobody(product):
    in_slices(JOB, lambda *_: False)
    assert waiting(product.redis) == []
    assert not product.redis.exists(keys.working(JOB))


def test_a_job_never_overlaps_itself(product):
    inside, tried = [], []

    def work(*_):
        inside.append(1)
        other = threading.Thread(target=in_slices, args=(JOB, lambda *_: tried.append(1)))
        other.start()
        other.join()
        return False

    in_slices(JOB, work)
    assert (len(inside), tried) == (1, [])


def test_work_that_was_taken_over_is_left_without_another_write(product):
    wrote = []

    def work(_, piece):
        product.redis.set(keys.working(JOB), "somebody else")
        piece.keep()
        wrote.append(1)
        return True

    in_slices(JOB, work)
    assert wrote == []
    assert waiting(product.redis) == []
    assert product.redis.get(keys.working(JOB)) == b"somebody else"


def test_a_vendor_that_is_away_ends_the_slice_and_is_noted(product):
    def work(*_):
        raise Unavailable("aircall", "Aircall does not answer", reason="down", wait=5)

    in_slices(JOB, work)
    run = Runs(product.redis).of(JOB)
    assert (run.trouble, run.lasting) == ("Aircall does not answer", False)
    assert waiting(product.redis) == []
    assert not product.redis.exists(keys.working(JOB))


def test_what_a_vendor_refuses_does_not_pass_by_itself(product):
    def work(*_):
        raise Rejected("aircall", "No such parameter", status=422)

    in_slices(JOB, work)
    run = Runs(product.redis).of(JOB)
    assert (run.trouble, run.lasting) == ("No such parameter", True)
    in_slices(JOB, lambda *_: False)
    assert not Runs(product.redis).of(JOB).lasting


def test_what_nobody_expected_is_noted_and_raised(product):
    def work(*_):
        raise KeyError("x")

    with pytest.raises(KeyError):
        in_slices(JOB, work)
    run = Runs(product.redis).of(JOB)
    assert run.trouble == "It failed (KeyError): see the log of the process sync."
    assert run.lasting
    assert not product.redis.exists(keys.working(JOB))


def test_requests_of_a_slice_are_counted(product):
    in_slices(JOB, lambda shop, _: bool(shop.aircall.ping()) and False)
    assert product.redis.hgetall(keys.REQUESTS) == {b"aircall|200": b"1"}


def test_a_slice_of_a_long_work_has_told_how_far_it_is(product):
    in_slices(operations.JOBS["contacts"], lambda *_: False)
    job = queue(product.redis, BACKGROUND).jobs[0]
    assert (job.func_name, list(job.args)) == (TELL, ["contacts"])


@pytest.fixture
def processes(product, redis_server, stand_ins, tmp_path):
    """Two real processes `sync`; the test itself is the clock."""
    (tmp_path / "settings.toml").write_text("")
    environment = {
        **product.variables,
        "SLACK_BASE_URL": f"{stand_ins.slack.url}/api/",
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    command = [sys.executable, "-m", "run", "sync"]
    both = [subprocess.Popen(command, cwd=tmp_path, env=environment) for _ in range(2)]
    yield both
    for process in both:
        process.kill()
        process.wait()


def workers(client) -> dict[int, str]:
    """The state of each process that works on background jobs, by its process id."""
    return {each.pid: each.get_state() for each in Worker.all(queue=queue(client, BACKGROUND))}


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_another_process_goes_on_where_a_killed_or_frozen_one_stood_and_does_nothing_twice(
    product, redis_client, processes, monkeypatch, how
):
    monkeypatch.setattr(operations, "JOBS", {"removal": sliced.JOB})
    monkeypatch.setattr(clock, "jobs", lambda _: {})
    begun = Operations(redis_client).start("removal", "U1", "Ada", {})
    tick(product.shop)
    pid = until(lambda: redis_client.lpop(sliced.WAITS))
    victim = next(each for each in processes if each.pid == int(pid))
    victim.send_signal(how)
    if how == signal.SIGKILL:
        victim.wait()
    assert 0 < redis_client.pttl(keys.working(sliced.JOB)) <= HELD * 1000
    tick(product.shop)
    assert sliced.JOB not in waiting(redis_client), "it may still be at work"
    assert sliced.done(redis_client) == list(range(sliced.HANGS_AT))
    redis_client.pexpire(keys.working(sliced.JOB), 1)
    redis_client.set(sliced.GO, "1")
    until(lambda: not redis_client.exists(keys.working(sliced.JOB)))

    def all_done():
        tick(product.shop)
        return len(sliced.done(redis_client)) == sliced.ALL

    until(all_done)
    if how == signal.SIGSTOP:
        victim.send_signal(signal.SIGCONT)
        # It ends its job in order, and takes up the next one.
        until(lambda: workers(redis_client)[victim.pid] != "busy")
    assert sliced.done(redis_client) == list(range(sliced.ALL))
    Operations(redis_client).end(begun, "done")
