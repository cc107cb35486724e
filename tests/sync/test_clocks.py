"""Real clocks, killed and ended, and none at all: calls flow all the same."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from sandbox.traffic import call_events
from store import keys
from store.leader import PATIENCE, lead_now
from sync import clock
from sync.clock import jobs
from tests.patience import PATIENCE as LONG
from tests.patience import until
from tests.worker.product import KNOWN, START
from worker.nudge import BACKGROUND, queue


@pytest.fixture
def run(product, redis_server, tmp_path):
    """Start one of the product's processes by its name; all end with the test."""
    (tmp_path / "settings.toml").write_text("")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        **product.variables,
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "INTAKE_PORT": str(port),
    }
    started = []

    def start(name: str) -> subprocess.Popen:
        command = [sys.executable, "-m", "run", name]
        process = subprocess.Popen(command, cwd=tmp_path, env=environment)
        process.url = f"http://127.0.0.1:{port}"
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def leader(client) -> int:
    """The process id of the clock that leads; 0 while none does."""
    lead = lead_now(client)
    return int(lead.token.split(":")[1]) if lead.held else 0


def forget_calls(client) -> None:
    client.delete(keys.JOBS, "rq:queue:background")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_another_clock_leads_after_the_first_is_killed_or_ended(run, redis_client, product, how):
    clocks = {each.pid: each for each in (run("clock"), run("clock"))}
    first = until(lambda: leader(redis_client))
    assert first in clocks
    victim = clocks.pop(first)
    victim.send_signal(how)
    assert victim.wait(LONG) == (0 if how == signal.SIGTERM else -signal.SIGKILL)
    forget_calls(redis_client)
    if how == signal.SIGKILL:
        # So long it waits for the dead one; the rest of it is only the next beat.
        redis_client.hincrby(keys.LEADER, "at", -PATIENCE)
    until(lambda: leader(redis_client) in clocks)
    until(lambda: redis_client.exists(keys.JOBS))
    every = set(jobs(product.file.intervals))
    until(lambda: every <= {job.func_name for job in queue(redis_client, BACKGROUND).jobs})


def test_without_any_clock_calls_flow_though_their_nudge_was_lost(run, redis_client, product):
    door = run("intake")

    def ready() -> bool:
        assert door.poll() is None
        with suppress(requests.ConnectionError):
            return requests.get(f"{door.url}/readyz", timeout=LONG).status_code == 200
        return False

    until(ready)
    for event in call_events(1, "inbound_missed", start=START, phone=KNOWN):
        told = {**event, "token": product.variables["AIRCALL_WEBHOOK_TOKEN"]}
        answer = requests.post(f"{door.url}/aircall/webhook", json=told, timeout=LONG)
        assert answer.status_code == 200
    redis_client.delete("rq:queue:drain", keys.CALLED)
    run("worker")
    until(lambda: product.all("calls"))
    assert not redis_client.exists(keys.BEAT)
    assert len(product.all("calls")) == 1


def test_a_clock_that_does_not_lead_sweeps_and_lets_go_and_calls_no_job(product, redis_client):
    other = clock.Leader(redis_client, "another")
    assert other.lead()
    product.deliver(call_events(1, "inbound_missed", start=START, phone=KNOWN))
    product.set(enabled=False)
    product.drain()
    product.set(enabled=True)
    clock.tick(product.shop)
    assert queue(redis_client, BACKGROUND).count == 0
    assert not redis_client.exists(keys.parked("disabled"))
    product.drain()
    assert len(product.all("calls")) == 1


def test_a_wall_clock_that_steps_makes_no_beat_fail(product, redis_client):
    clock.tick(product.shop)
    for step in (3_600_000, -7_200_000):
        for field in ("at", "since"):
            redis_client.hincrby(keys.LEADER, field, step)
        redis_client.incrby(keys.CLOCK, step)
        redis_client.incrby(keys.BEAT, step)
        clock.tick(product.shop)
        assert lead_now(redis_client).held


def test_every_job_of_the_clock_notes_when_it_ran(product, redis_client, monkeypatch):
    """Whatever is planned and notes no run would be said to stand still."""
    from importlib import import_module  # noqa: PLC0415 - only here

    import worker.jobs  # noqa: PLC0415 - the same
    from store.runs import Runs  # noqa: PLC0415 - the same

    worker.jobs.workshop.cache_clear()
    monkeypatch.setattr(worker.jobs, "load_environment", lambda: product.environment)
    monkeypatch.setattr(worker.jobs, "load_file", lambda _: product.file)
    monkeypatch.setattr(worker.jobs, "open_workshop", lambda *_: product.shop)
    for job in jobs(product.file.intervals):
        module, _, name = job.rpartition(".")
        getattr(import_module(module), name)()
    worker.jobs.workshop.cache_clear()
    assert set(jobs(product.file.intervals)) <= set(Runs(redis_client).all())
