"""Whoever dies on the way of a backfill: each call is logged once, and counted once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from store import keys
from store.operations import Operations
from sync import slices
from sync.backfill import going
from sync.backfill.going import JOB
from tests.sync.backfill.past import DAY, START, by_another_app, dated, many, past_call
from tests.sync.backfill.steps import logged, now, once, ours, through


@pytest.mark.parametrize("step", range(1, 16))
def test_a_kill_between_any_two_steps_doubles_nothing_and_counts_each_once(
    product, begun, at_once, monkeypatch, step
):
    many(product, 60)
    by_another_app(product, 7)
    past_call(product, 70, 10, number=1002)
    dated(product, START - DAY, numbers=(1001,))
    begun(total=61)
    steps = 0

    def dying(real):
        def act(*args, **more):
            nonlocal steps
            answer = real(*args, **more)
            steps += 1
            if steps == step:
                raise KeyboardInterrupt
            return answer

        return act

    with monkeypatch.context() as patched:
        patched.setattr(Operations, "progress", dying(Operations.progress))
        patched.setattr(going, "enter", every(20, dying(going.enter), going.enter))
        try:
            for _ in range(4):
                once(product)
                product.drain()
        except KeyboardInterrupt:
            pass
    product.redis.delete(keys.working(JOB))
    ended = through(product)
    assert len(logged(product)) == 59
    assert len(set(logged(product))) == 59
    assert ended.counts["done"] == 61
    assert (ended.counts["logged"], ended.counts["ignored|number not connected"]) == (59, 1)
    assert ended.counts["skipped|elsewhere"] == 1


def every(count, special, usual):
    """Let each so-many-th call be a special one."""
    calls = 0

    def act(*args, **more):
        nonlocal calls
        calls += 1
        return (special if calls % count == 0 else usual)(*args, **more)

    return act


KILLED = """
import os, signal, sys
from store.operations import Operations
from sync.backfill import going

left = int(sys.argv[1])
real = Operations.progress

def progress(*args, **more):
    global left
    kept = real(*args, **more)
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    return kept

Operations.progress = progress
going.go_on()
"""


@pytest.mark.parametrize("step", [1, 2, 4])
def test_another_process_goes_on_after_a_kill_9(product, begun, at_once, tmp_path, step):
    many(product, 130, every=10)
    begun(total=130)
    settings = tmp_path / "settings.toml"
    settings.write_text("[limits]\nhubspot_burst = 90\naircall = 100000\n")
    places = {"SETTINGS_FILE": str(settings), "PYTHONPATH": "."}
    died = subprocess.run(
        [sys.executable, "-c", KILLED, str(step)],
        env={"PATH": os.environ["PATH"], **product.variables, **places},
        check=False,
        capture_output=True,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    kept = now(product)
    assert kept.state == "running"
    # Nobody goes on while the dead one's lock stands.
    once(product)
    assert now(product) == kept
    assert 0 < product.redis.pttl(keys.working(JOB)) <= slices.HELD * 1000
    product.redis.delete(keys.working(JOB))
    ended = through(product)
    assert (ended.state, ended.counts["logged"], ended.counts["done"]) == ("done", 130, 130)
    assert len(ours(product)) == 130
