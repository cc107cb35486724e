"""A copy in a real process that is killed with -9 in the middle: nobody is there twice."""

import os
import signal
import subprocess
import sys

import pytest

from store import keys
from sync.contacts import copy
from sync.operations import go_on
from tests.patience import until
from tests.sync.contacts.copyworld import CopyWorld

SETTINGS = "[limits]\nhubspot_burst = 100000\nhubspot_search = 100000\naircall = 100000\n"


@pytest.fixture
def world(product, tmp_path):
    world = CopyWorld(product)
    (tmp_path / "settings.toml").write_text(SETTINGS, encoding="utf-8")
    return world


@pytest.fixture
def process(world, tmp_path):
    """Start the process `sync`; all are killed at the end."""
    started = []

    def start():
        variables = {
            **world.product.variables,
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.getcwd(),  # noqa: PTH109 - as it is
            "SETTINGS_FILE": str(tmp_path / "settings.toml"),
            "LOG_LEVEL": "warning",
        }
        command = [sys.executable, "-m", "run", "sync"]
        # It must not hold the pipe of pytest, should that be killed itself.
        with (tmp_path / "sync.log").open("ab") as log:
            one = subprocess.Popen(command, cwd=tmp_path, env=variables, stdout=log, stderr=log)
        started.append(one)
        return one

    yield start
    for one in started:
        one.kill()
        one.wait()


def test_killed_three_times_it_goes_on_where_it_stood_and_makes_none_twice(world, process):
    count = 240
    world.hubspot_has(0, count)
    world.aircall_has(0, 60)
    world.ask(count)
    for part in (1, 2, 3):
        worker = process()
        go_on(world.redis, "contacts")
        until(lambda part=part: world.now().counts.get("done", 0) >= part * 55, "some progress")
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        assert world.now().active
        _forget_the_dead(world)
    process()
    go_on(world.redis, "contacts")
    until(lambda: not world.now().active, "the end")
    ended = world.now()
    assert (ended.state, ended.counts["done"]) == ("done", count)
    assert len(world.book) == count
    assert world.doubled() == {}
    assert world.asked()["GET search"] <= 3


def _forget_the_dead(world):
    """Let the half minute pass for which the work of a dead process is its own."""
    world.redis.delete(keys.working(copy.JOB))
    for key in world.redis.keys("ah:carrying:*"):
        world.redis.delete(key)
