"""The clock: each job once per interval however many clocks there are, and what it lets go."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from redis.exceptions import ResponseError

from sandbox.traffic import call_events
from settings.file import Intervals
from store import keys
from store.connection import now_ms
from store.operations import Operations
from store.settings import NoSettingsError
from sync import clock
from sync.clock import beat, jobs, tick
from sync.operations import JOBS
from tests.patience import PATIENCE, until
from tests.worker.product import Product
from worker import remark
from worker.nudge import BACKGROUND, DRAIN, SWEEP_EVERY, queue

JOB = "sync.directory.reading.refresh_all"
START = 1_790_000_000


def called(client) -> list[str]:
    """The jobs of our own room that wait; the bot's have tests of their own."""
    names = [job.func_name for job in queue(client, BACKGROUND).jobs]
    return [name for name in names if name.startswith("sync.")]


def begin_all(client) -> None:
    """Take every job off the queue, as a worker does that begins it."""
    client.delete("rq:queue:background")


def ended(call_id: int):
    return call_events(call_id, "inbound_answered", start=START, phone="+33199887766")


def test_the_directory_is_read_as_often_as_the_settings_say():
    assert jobs(Intervals(directory=77))[JOB] == 77


def test_two_clocks_call_each_job_once_per_interval(product, redis_client):
    for _ in range(3):
        clocks = [threading.Thread(target=tick, args=(product.shop,)) for _ in range(2)]
        for each in clocks:
            each.start()
        for each in clocks:
            each.join()
    assert sorted(called(redis_client)) == sorted(jobs(product.file.intervals))


def test_a_job_is_called_again_with_the_last_beat_of_its_interval(product, redis_client):
    tick(product.shop)
    every = product.file.intervals.directory * 1000
    for ago, count in ((every - 8000, 0), (every - 5000, 1)):
        begin_all(redis_client)
        redis_client.hset("ah:jobs", JOB, now_ms(redis_client) - ago)
        tick(product.shop)
        assert called(redis_client).count(JOB) == count


def test_a_wall_clock_that_stepped_back_holds_no_job_up(product, redis_client):
    tick(product.shop)
    begin_all(redis_client)
    redis_client.hset("ah:jobs", JOB, now_ms(redis_client) + 3_600_000)
    tick(product.shop)
    assert called(redis_client) == [JOB]
    begin_all(redis_client)
    tick(product.shop)
    assert called(redis_client) == []


def test_while_nobody_works_on_background_jobs_the_queue_does_not_grow(product, redis_client):
    for _ in range(5):
        redis_client.delete("ah:jobs")
        tick(product.shop)
    assert sorted(called(redis_client)) == sorted(jobs(product.file.intervals))


def test_each_beat_is_noted(product, redis_client):
    before = now_ms(redis_client)
    tick(product.shop)
    assert before <= int(redis_client.get("ah:beat")) <= now_ms(redis_client)


def test_a_beat_calls_a_drain_for_idle_work(product, redis_client):
    product.deliver(ended(1))
    redis_client.delete("ah:called")
    tick(product.shop)
    assert queue(redis_client, DRAIN).count == 1


def test_what_waited_for_enabling_is_let_go_after_it_and_not_before(product, redis_client):
    product.deliver(ended(1))
    product.set(enabled=False)
    product.drain()
    tick(product.shop)
    assert redis_client.zcard("ah:parked:disabled") == 1
    product.drain()
    assert not product.all("calls")
    product.set(enabled=True)
    tick(product.shop)
    assert queue(redis_client, DRAIN).count == 1
    product.drain()
    assert product.one("calls", "call-1")
    assert not redis_client.exists("ah:parked:disabled")


def open_alerts(product: Product) -> dict[str, str]:
    return {alert.name: alert.sentence for alert in product.shop.alerts.open()}


@pytest.mark.parametrize(("left", "near"), [(99, True), (0, True), (100, False), (1000, False)])
def test_hubspots_daily_limit_is_near_below_a_tenth(product, left, near):
    product.shop.limits.learn("hubspot", {"daily": 1000, "daily_remaining": left})
    tick(product.shop)
    assert ("daily limit near" in open_alerts(product)) is near


def test_the_daily_limit_is_said_with_its_figures_and_resolved_when_there_is_more(product):
    product.shop.limits.learn("hubspot", {"daily": 250_000, "daily_remaining": 24_999})
    tick(product.shop)
    tick(product.shop)
    sentence = open_alerts(product)["daily limit near"]
    assert "20000 more requests" in sentence
    assert "250000" in sentence
    told = product.shop.alerts.version()
    product.shop.limits.learn("hubspot", {"daily_remaining": 24_900})
    tick(product.shop)
    assert product.shop.alerts.version() == told, "not told anew with every answer of HubSpot"
    product.shop.limits.learn("hubspot", {"daily_remaining": 240_000})
    tick(product.shop)
    assert not open_alerts(product)


def test_without_word_of_a_daily_limit_nothing_is_said(product, redis_client):
    redis_client.delete("ah:learned:hubspot")
    tick(product.shop)
    assert not open_alerts(product)


class Stopping(threading.Event):
    """Lets the clock beat so often, without waiting; `between` is done after each beat."""

    def __init__(self, beats: int, between=lambda left: None) -> None:
        super().__init__()
        self.left, self.between = beats, between

    def wait(self, timeout=None) -> bool:
        assert timeout == SWEEP_EVERY
        self.left -= 1
        self.between(self.left)
        if self.left == 0:
            self.set()
        return self.is_set()


@pytest.fixture
def heard(monkeypatch):
    """What the clock says of the settings."""
    said = []

    class Listener:
        def error(self, _, problem):
            said.append(problem)

        info = error

    monkeypatch.setattr(remark, "log", Listener())
    return said


def test_damaged_settings_stop_no_beat_are_said_once_and_keep_no_job_from_being_called(
    product, redis_client, heard
):
    product.deliver(ended(1))
    product.set(enabled=False)
    product.drain()
    whole = redis_client.hgetall("ah:settings:revisions")
    redis_client.hset("ah:settings:revisions", "2", "{broken")

    def mend(left):
        assert sorted(called(redis_client)) == sorted(jobs(product.file.intervals))
        if left == 1:
            redis_client.hset("ah:settings:revisions", mapping=whole)

    beat(product.shop, Stopping(4, mend))
    assert len(heard) == 2
    assert "cannot be read" in heard[0]
    assert heard[1] == "none any more"


def test_a_data_folder_that_cannot_be_used_stops_no_beat(product, redis_client, heard, tmp_path):
    redis_client.delete("ah:settings:head", "ah:settings:revisions")
    (tmp_path / "initialised").mkdir()

    def forget_the_beat(left):
        assert redis_client.delete("ah:beat")
        if left == 1:
            (tmp_path / "initialised").rmdir()

    beat(product.shop, Stopping(4, forget_the_beat))
    assert heard == [heard[0], "none any more"]
    assert "initialised cannot be read" in heard[0]
    assert product.shop.revisions.current().author.kind == "file"


def test_settings_that_go_while_the_clock_beats_stop_no_beat(product, heard, monkeypatch):
    def tick_without(*_):
        raise NoSettingsError

    monkeypatch.setattr(clock, "tick", tick_without)
    beat(product.shop, Stopping(3))
    assert len(heard) == 1


@pytest.mark.parametrize(
    ("key", "field"),
    [
        (keys.learned("hubspot"), ""),
        (keys.FAILURES, ""),
        (keys.BACKFILL_PREVIEWS, "field"),
    ],
)
def test_a_damaged_key_keeps_the_clock_from_nothing_else(product, redis_client, heard, key, field):
    operation = Operations(redis_client).start("removal", "U1", "Ada", {})
    redis_client.delete(key)
    if field:
        redis_client.hset(key, field, "x")
    else:
        redis_client.set(key, "x")
    with pytest.raises(ResponseError):
        tick(product.shop)
    assert set(jobs(product.file.intervals)) <= set(called(redis_client))
    assert JOBS[operation.kind] in called(redis_client)
    beat(product.shop, Stopping(3))
    assert len(heard) == 1, "said once, and no end of the process"


@pytest.mark.parametrize(
    ("key", "field"),
    [
        (keys.CLOCK, ""),
        (keys.LEADER, "at"),
        (keys.LEADER, "since"),
        (keys.JOBS, JOB),
        (keys.learned("hubspot"), "max"),
        (keys.learned("hubspot"), "daily"),
    ],
)
def test_a_number_that_a_disk_changed_holds_neither_a_beat_nor_a_call_up(
    product, redis_client, key, field
):
    product.log(ended(1))
    tick(product.shop)
    begin_all(redis_client)
    damaged = b"17953\xb186000"
    if field:
        assert redis_client.hset(key, field, damaged) == 0
    else:
        redis_client.set(key, damaged)
    tick(product.shop)
    product.log(ended(2))
    assert product.decision("call-2").result == "logged"
    tick(product.shop)
    assert key != keys.JOBS or JOB in called(redis_client)
    if key in (keys.CLOCK, keys.LEADER, keys.JOBS):
        assert int(redis_client.hget(key, field) if field else redis_client.get(key))


def test_the_process_beats_and_ends_with_0(
    product, redis_client, redis_server, stand_ins, tmp_path
):
    (tmp_path / "settings.toml").write_text("")
    process = subprocess.Popen(
        [sys.executable, "-m", "run", "clock"],
        cwd=tmp_path,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_APP_TOKEN": "xapp-1",
            "AIRCALL_API_ID": "sandbox-id",
            "AIRCALL_API_TOKEN": "sandbox-token",
            "HUBSPOT_ACCESS_TOKEN": "pat-1",
            "AIRCALL_BASE_URL": stand_ins.aircall.url,
            "HUBSPOT_BASE_URL": stand_ins.hubspot.url,
            "REDIS_URL": redis_server.url,
            "DATA_DIR": str(tmp_path),
        },
    )
    try:
        until(lambda: redis_client.exists("ah:beat") or process.poll() is not None)
        assert redis_client.exists("ah:beat")
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    finally:
        process.kill()
        process.wait()
