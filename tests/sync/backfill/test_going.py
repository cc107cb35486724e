"""A backfill logs exactly what it said, once each, whoever dies, stops or disables on its way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from rules.settings import Settings
from store import keys
from store.connection import now_ms
from store.operations import Operations
from store.tombstone import DELETED
from sync import slices
from sync.backfill import going, page
from sync.backfill.going import JOB, MOST, Run, go_on
from tests.sync.backfill.past import (
    DAY,
    START,
    a_known_world,
    by_another_app,
    dated,
    many,
    past_call,
)
from tests.worker.product import ADMIN, later
from worker.nudge import BACKGROUND, queue


@pytest.fixture(autouse=True)
def jobs_of(product, monkeypatch):
    monkeypatch.setattr(slices, "workshop", lambda: product.shop)


@pytest.fixture
def begun(product):
    """Start a backfill of 30,000 seconds from START on."""

    def begin(start=START, end=START + 30_000, total=None):
        about = {"start": start, "end": end, "revision": 1}
        return Operations(product.redis).start("backfill", "U1", "Ada", about, total)

    return begin


@pytest.fixture
def at_once(monkeypatch):
    """Let nobody wait: a slice with nothing to do ends."""
    monkeypatch.setattr(going, "PATIENCE", 0.0)


def now(product):
    return Operations(product.redis).current("backfill")


def once(product):
    """Run one slice, as the clock or its predecessor calls for it."""
    queue(product.redis, BACKGROUND).empty()
    go_on()


def through(product, rounds=60):
    """Go on, and let the drain work, until it has ended."""
    for _ in range(rounds):
        once(product)
        if not now(product).active:
            return now(product)
        product.recover()
    raise AssertionError(f"it does not end: {now(product)}")


def logged(product):
    return sorted(one["properties"]["aircall_id"] for one in ours(product))


def ours(product):
    return [one for one in product.all("calls") if one["properties"].get("aircall_id")]


def test_it_logs_exactly_what_the_preview_said(product, begun, at_once):
    a_known_world(product)
    begun(total=16)
    ended = through(product)
    assert ended.state == "done"
    assert logged(product) == [f"call-{n}" for n in (1, 10, 11, 16, 2, 3, 4, 5, 6, 9)]
    assert {name: count for name, count in ended.counts.items() if count} == {
        "done": 16,
        "entered": 12,
        "logged": 8,
        "ignored|number not connected": 3,
        "ignored|outside business hours": 1,
        "skipped|logged": 1,
        "skipped|elsewhere": 1,
        "skipped|unended": 1,
        "skipped|waiting": 1,
    }
    assert ended.total == 16
    assert len(product.all("tickets")) == 4


def test_a_long_time_is_logged_where_each_slice_may_ask_but_twice(
    product, begun, at_once, monkeypatch
):
    from sync.backfill import walk  # noqa: PLC0415 - only here

    monkeypatch.setattr(walk, "REASSURING", 30)
    many(product, 120, every=200)
    begun(total=120)
    for _ in range(40):
        product.aircall.fault("429", path="/v1/calls", nth=3, times=None, retry_after=1)
        once(product)
        product.aircall.faults.clear()
        product.pass_time(120)
        product.recover()
    assert now(product).state == "done"
    assert now(product).counts["logged"] == now(product).counts["done"] == 120
    assert len(ours(product)) == 120


def test_what_it_ignores_can_be_explained(product, begun, at_once):
    dated(product, START - DAY, numbers=(1001,))
    past_call(product, 1, 0, number=1002)
    begun()
    through(product)
    decision = product.decision("call-1")
    assert (decision.result, decision.reason) == ("ignored", "number not connected")
    assert product.record("call-1").call.backfilled is not None


def test_a_second_time_it_does_nothing_more(product, begun, at_once):
    a_known_world(product)
    begun()
    through(product)
    before = product.hubspot.dump()
    with product.asking("batch") as asked, product.asking("create") as made:
        begun()
        ended = through(product)
    assert product.hubspot.dump() == before
    assert made == []
    assert "POST calls/batch/update" not in asked
    assert ended.counts.get("entered", 0) == 0
    assert ended.counts["skipped|logged"] == 10
    assert ended.counts["ignored|number not connected"] == 3


def test_it_tells_hubspot_of_contacts_and_choices_as_a_webhook_would(product, begun, at_once):
    from sandbox.story import Story  # noqa: PLC0415 - only here

    past_call(product, 1, 0, story=Story(ivr="Sales", comments=("Called back",), tags=(31,)))
    begun()
    through(product)
    body = product.body()
    assert "Sales" in body
    assert "Called back" in body
    assert "Quote" in body
    assert "Call ID: 1" in body


def test_calls_that_aircall_has_no_more_are_not_left_to_do(product, begun, at_once):
    many(product, 3)
    begun(total=5)
    ended = through(product)
    assert (ended.state, ended.total, ended.counts["done"]) == ("done", 3, 3)


def test_calls_are_taken_in_in_order_of_time(product, begun, at_once):
    for n in range(120):
        past_call(product, 1000 - n, n * 60)
    begun()
    once(product)
    assert now(product).cursor["waiting"] == [f"call-{1000 - n}" for n in range(120)]


def test_no_more_than_two_batches_wait_at_a_time(product, begun, at_once):
    many(product, 500, every=10)
    begun(total=500)
    once(product)
    assert product.redis.zcard(keys.DUE) == MOST
    once(product)
    assert product.redis.zcard(keys.DUE) == MOST
    assert len(now(product).cursor["waiting"]) == MOST
    product.drain()
    once(product)
    assert product.redis.zcard(keys.DUE) == MOST
    assert now(product).counts["logged"] == MOST
    assert through(product).counts["logged"] == 500


def test_it_waits_while_fresh_calls_wait(product, begun, at_once):
    many(product, 3)
    for n in range(MOST):
        product.redis.zadd(keys.DUE, {f"call-{9000 + n}": 1})
    begun()
    once(product)
    assert product.redis.zcard(keys.DUE) == MOST
    assert now(product).active
    product.redis.zremrangebyrank(keys.DUE, 0, 9)
    once(product)
    assert product.redis.zcard(keys.DUE) == MOST - 10 + 3


def test_within_a_slice_it_goes_on_as_soon_as_the_drain_is_through(product, begun, monkeypatch):
    """One slice suffices if somebody drains meanwhile."""
    many(product, 450, every=10)
    begun(total=450)
    monkeypatch.setattr(going, "PAUSE", 0.0)
    waited = Run._wait

    def drained(self, *, enabled):
        product.drain()
        return waited(self, enabled=enabled)

    monkeypatch.setattr(Run, "_wait", drained)
    once(product)
    assert now(product).state == "done"
    assert now(product).counts["logged"] == 450


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


def test_stop_ends_it_after_its_step_and_what_was_taken_in_follows(product, begun, at_once):
    many(product, 500, every=10)
    operation = begun(total=500)
    once(product)
    assert Operations(product.redis).stop("backfill", operation.id, "U2") is not None
    once(product)
    ended = now(product)
    assert (ended.state, ended.stopped_by) == ("stopped", "U2")
    assert ended.counts["following"] == MOST
    product.recover()
    assert len(logged(product)) == MOST
    # Begun anew, it goes on with the others.
    begun(total=500)
    ended = through(product)
    assert (ended.counts["skipped|logged"], ended.counts["logged"]) == (MOST, 300)
    assert len(logged(product)) == 500


def test_disabled_meanwhile_it_pauses_and_says_so(product, begun, at_once):
    many(product, 300, every=10)
    begun(total=300)
    once(product)
    product.set(enabled=False)
    product.drain()
    assert len(product.parked("disabled")) == MOST
    once(product)
    once(product)
    assert now(product).state == "running"
    assert now(product).trouble == going.DISABLED
    assert len(product.parked("disabled")) == MOST
    assert logged(product) == []
    product.set(enabled=True)
    product.shop.due.resume("disabled")
    assert through(product).counts["logged"] == 300
    assert now(product).trouble == ""


def test_deleted_meanwhile_it_ends(product, begun, at_once):
    many(product, 3)
    begun()
    current = product.shop.revisions.current()
    product.shop.revisions.save(Settings(), ADMIN, current.number, DELETED, even_unchanged=True)
    once(product)
    assert (now(product).state, now(product).trouble) == ("failed", DELETED)
    assert product.redis.zcard(keys.DUE) == 0


@pytest.mark.parametrize("fault", ["403", "405", "422", "500", "503", "429", "reset", "cut"])
def test_an_aircall_in_trouble_is_waited_for(product, begun, at_once, fault):
    many(product, 420, every=10)
    begun(total=420)
    once(product)
    product.aircall.fault(fault, times=None)
    product.drain()
    once(product)
    assert now(product).state == "running"
    own = {"405": "Method Not Allowed", "422": "Unprocessable"}.get(fault, "Aircall")
    assert now(product).trouble.startswith(own)
    product.aircall.faults.clear()
    product.pass_time(120)
    assert through(product).counts["logged"] == 420


def test_a_hubspot_in_trouble_is_said_and_waited_for(product, begun, at_once):
    many(product, 250, every=10)
    begun(total=250)
    once(product)
    product.hubspot.fault("503", times=None)
    product.drain()
    once(product)
    assert now(product).state == "running"
    assert "HubSpot" in now(product).trouble
    product.hubspot.faults.clear()
    product.recover()
    assert through(product).counts["logged"] == 250


def test_what_hubspot_refuses_is_counted_as_failed_and_stops_no_other(product, begun, at_once):
    many(product, 3)
    product.hubspot.fault("partial", path="*/calls/batch/create", which="first", permanent=True)
    begun(total=3)
    ended = through(product)
    assert (ended.counts["logged"], ended.counts["failed"]) == (2, 1)
    assert ended.state == "done"
    assert len(product.failures()) == 1


def test_what_changes_on_its_way_stays_changed(product, begun, at_once):
    """A webhook's newer word is not undone by the list that was read before."""
    events = past_call(product, 1, 0)
    begun()
    once(product)
    ahead = now_ms(product.redis) // 1000 - events[-1]["timestamp"] + 5
    product.deliver([later(events[-1], ahead, tags=[{"id": 31, "name": "Quote"}])])
    through(product)
    assert "Quote" in product.body()
    assert len(ours(product)) == 1


def test_what_a_webhook_tells_while_a_page_waits_its_turn_is_newer_than_it(
    product, begun, at_once, monkeypatch
):
    """A page may wait for seconds until fewer calls wait: it does not grow newer by that."""
    asked = now_ms(product.redis) - 10_000
    monkeypatch.setattr(page, "now_ms", lambda _: asked)
    events = past_call(product, 1, 0)
    ahead = asked // 1000 - events[-1]["timestamp"] + 5
    begun()
    once(product)
    product.deliver([later(events[-1], ahead, tags=[{"id": 31, "name": "Quote"}])])
    through(product)
    assert "Quote" in product.body()


def test_one_that_is_over_is_left_alone(product, begun, at_once):
    many(product, 2)
    operation = begun()
    Operations(product.redis).end(operation, "stopped")
    once(product)
    assert product.redis.zcard(keys.DUE) == 0
    assert now(product).counts == {}


def test_without_one_nothing_is_done(product):
    once(product)
    assert now(product) is None


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


def test_while_as_many_wait_as_may_no_vendor_is_asked(product, begun, at_once):
    many(product, MOST + 50)
    begun()
    for _ in range(3):
        once(product)
    assert len(now(product).cursor["waiting"]) == MOST
    asked = product.redis.hgetall(keys.REQUESTS)
    once(product)
    assert product.redis.hgetall(keys.REQUESTS) == asked
    assert through(product).counts["logged"] == MOST + 50
