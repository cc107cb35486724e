"""Every step of a batch, stopped in every way: in the end the world is as after a clean run.

To stop before a step is to stop after the one before it, so only `after` is enumerated.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from faulty import (
    Crash,
    Hook,
    Steps,
    in_haste,
    interfere,
    leftovers,
    let_time_pass,
    settle,
    state,
)
from product import ADMIN, Product
from redis.exceptions import BusyLoadingError, ReadOnlyError, RedisError, ResponseError
from redis.exceptions import ConnectionError as Gone
from scenarios import FURTHER, KNOWN, MAIN, SCENARIOS, START, settings

from rules.settings import Settings, with_values
from sandbox.faults import Fault
from sandbox.traffic import Story, call_events
from worker.drain import Drain


class Bench:
    """Puts a prepared product on the bench again and again, cheaply."""

    def __init__(self, product: Product, other: Product) -> None:
        self.product, self.other = product, other
        self.portal = product.hubspot.portal.copy()
        self.store = {key: product.redis.dump(key) for key in product.redis.scan_iter("ah:*")}
        for each in (product, other):
            in_haste(each)

    def prepare(self, scenario: str) -> None:
        self.product.redis.flushdb()
        for key, dump in self.store.items():
            self.product.redis.restore(key, 0, dump)
        self.product.sandbox.reset()
        self.product.hubspot.portal = self.portal.copy()
        SCENARIOS[scenario](self.product)

    def run(self, steps: Steps) -> None:
        """Let the first worker go as far as it comes."""
        undo = interfere(self.product, steps)
        try:
            Drain(self.product.shop).run()
        except (Crash, RedisError):
            pass
        finally:
            undo()

    def clean(self, scenario: str):
        """What a run without faults comes to, and how many steps it takes."""
        self.prepare(scenario)
        self.run(Steps())  # the server now knows every script: the next run's steps count
        self.prepare(scenario)
        steps = Steps()
        self.run(steps)
        settle(self.other)
        return state(self.product), steps.counts

    def assert_as_clean(self, expected, what: str) -> None:
        settle(self.other)
        assert state(self.product) == expected, what
        assert leftovers(self.product.redis) == [], what
        assert self.product.hubspot.surprises == [], what


UNIQUE, FALLBACK = frozenset(), frozenset({"calls", "communications", "tickets"})
both_key_modes = pytest.mark.parametrize(
    "bench", [UNIQUE, FALLBACK], ids=["unique", "fallback"], indirect=True
)
with_keys = pytest.mark.parametrize("bench", [UNIQUE], ids=["unique"], indirect=True)
without_keys = pytest.mark.parametrize("bench", [FALLBACK], ids=["fallback"], indirect=True)
each_scenario = pytest.mark.parametrize("scenario", [one.__name__ for one in (*MAIN, *FURTHER)])
main_scenarios = pytest.mark.parametrize("scenario", [one.__name__ for one in MAIN])


@pytest.fixture
def bench(request, redis_client, redis_server, stand_ins, monkeypatch) -> Bench:
    stand_ins.reset()
    stand_ins.hubspot.world.switches.no_unique_on = request.param
    monkeypatch.setattr("worker.drain.planning.LAG_MS", 0)
    product = Product(redis_server.url, redis_server.data_dir, stand_ins)
    product.shop.revisions.save(with_values(Settings(), settings()), ADMIN, 0)
    product.read_directory()
    assert product.shop.directory.read().all_unique is not bool(request.param)
    return Bench(product, Product(redis_server.url, redis_server.data_dir, stand_ins))


def crash() -> None:
    raise Crash


def gone() -> None:
    raise Gone("connection reset")


def out_of_memory() -> None:
    raise ResponseError("OOM command not allowed when used memory > 'maxmemory'.")


def loading() -> None:
    raise BusyLoadingError("LOADING Redis is loading the dataset in memory")


def read_only() -> None:
    raise ReadOnlyError("READONLY You can't write against a read only replica.")


def wrong_type() -> None:
    raise ResponseError("WRONGTYPE Operation against a key holding the wrong kind of value")


def stop_everywhere(
    bench: Bench, scenario: str, where: str, *hooks: dict[str, Hook], every: int = 1
) -> None:
    """Run a scenario once per step; step n is interfered with by the n-th hook, in turn.

    On a busy machine a request may come too late and be sent twice, so that one run has a step or
    two more than another.
    """
    expected, counts = bench.clean(scenario)
    points, reached = range(1, counts[where] + 1, every), 0
    for at in points:
        hook = hooks[at % len(hooks)]
        bench.prepare(scenario)
        steps = Steps(at, where, **hook)
        bench.run(steps)
        reached += steps.reached
        bench.assert_as_clean(expected, f"{hook} at {where} step {at} of {counts[where]}")
    assert reached >= max(2, len(points) - 2)


@both_key_modes
@each_scenario
@pytest.mark.parametrize("where", ["redis", "http"])
def test_a_crash_at_any_step_changes_nothing_in_the_end(bench, scenario, where):
    stop_everywhere(bench, scenario, where, {"after": crash})


@both_key_modes
@each_scenario
def test_a_redis_that_fails_at_any_step_changes_nothing_in_the_end(bench, scenario):
    """Each step meets one of six failures, in turn; the steps of a batch are far more than six."""
    refusals = (gone, out_of_memory, loading, read_only, wrong_type)
    failures = [{"after": gone}, *({"before": each} for each in refusals)]
    shift = [one.__name__ for one in (*MAIN, *FURTHER)].index(scenario) % len(failures)
    stop_everywhere(bench, scenario, "redis", *failures[shift:], *failures[:shift])


@with_keys
@each_scenario
def test_a_redis_that_forgets_its_scripts_at_any_step_is_told_them_again(bench, scenario):
    def forget() -> None:
        bench.other.redis.script_flush()

    stop_everywhere(bench, scenario, "redis", {"before": forget}, every=2)


@with_keys
@each_scenario
@pytest.mark.parametrize("where", ["redis", "http"])
def test_a_worker_frozen_while_another_takes_over_harms_nothing(bench, scenario, where):
    every = 2 if where == "redis" else 1
    take_over = {"after": lambda: settle(bench.other)}
    stop_everywhere(bench, scenario, where, take_over, every=every)


@both_key_modes
def test_a_backlog_of_every_kind_stopped_here_and_there_is_written_once(bench):
    stop_everywhere(bench, "backlog", "http", {"after": crash})
    stop_everywhere(bench, "backlog", "redis", {"after": crash}, every=5)


@with_keys
def test_a_backlog_that_another_takes_over_is_written_once(bench):
    take_over = {"after": lambda: settle(bench.other)}
    stop_everywhere(bench, "backlog", "http", take_over, every=2)
    stop_everywhere(bench, "backlog", "redis", take_over, every=5)


@with_keys
@pytest.mark.parametrize("which", ["first", "last"])
def test_a_backlog_that_fails_in_part_is_written_once(bench, which):
    fault_everywhere(bench, "backlog", Fault("partial", which=which))


@with_keys
def test_a_worker_frozen_while_another_writes_newer_facts_does_not_undo_them(bench):
    expected, counts = newer_facts_written(bench, Steps())
    for at in range(1, counts["redis"] + 1):

        def take_over() -> None:
            bench.product.deliver(untagged())
            settle(bench.other)

        state_, _ = newer_facts_written(bench, Steps(at, "redis", before=take_over))
        assert state_ == expected, f"frozen before redis step {at}"
        (call,) = bench.product.all("calls")
        known = bench.product.record("call-1").written
        assert known.properties["hs_call_body"] == call["properties"]["hs_call_body"]


def newer_facts_written(bench: Bench, steps: Steps):
    """Let one worker write a late tag; then, unless it is there already, the tag is taken away."""
    bench.prepare("late_tag")
    bench.run(steps)
    if not steps.reached:
        bench.product.deliver(untagged())
    settle(bench.other)
    assert leftovers(bench.product.redis) == []
    return state(bench.product), steps.counts


def untagged() -> list[dict]:
    story = Story(later_tags=(33,), untagged=True)
    events = call_events(1, "inbound_answered", start=START, phone=KNOWN, story=story)
    return [event for event in events if event["event"] == "call.untagged"]


DOUBTFUL = ("reset_after", "timeout_after", "500_after", "cut", "empty_200_after")
"""Faults after which nobody knows what was written."""
PLAIN = ("reset", "timeout", "500", "502", "503", "423", "trickle", "empty_200")


def fault_everywhere(bench: Bench, scenario: str, fault: Fault, times: int = 1) -> None:
    """Run a scenario once per request of a clean run; that request, and the next, go wrong."""
    expected, counts = bench.clean(scenario)
    for at in range(1, counts["http"] + 1):
        bench.prepare(scenario)
        bench.product.hubspot.faults.add(replace(fault, nth=at, times=times))
        bench.run(Steps())
        bench.product.hubspot.faults.clear()
        bench.assert_as_clean(expected, f"{fault} at request {at} of {counts['http']}")


@with_keys
@main_scenarios
@pytest.mark.parametrize("kind", [*PLAIN, *DOUBTFUL])
def test_a_request_that_goes_wrong_changes_nothing_in_the_end(bench, scenario, kind):
    fault_everywhere(bench, scenario, Fault(kind, hold=0.2))


@both_key_modes
@main_scenarios
@pytest.mark.parametrize("kind", ["reset_after", "500_after", "cut"])
def test_an_outcome_unknown_twice_changes_nothing_in_the_end(bench, scenario, kind):
    fault_everywhere(bench, scenario, Fault(kind), times=2)


@with_keys
@main_scenarios
@pytest.mark.parametrize(
    "how",
    [
        {},
        {"retry_after": 3},
        {"policy": "DAILY"},
        {"policy": "SECONDLY"},
    ],
    ids=str,
)
def test_a_limit_that_is_reached_changes_nothing_in_the_end(bench, scenario, how):
    fault_everywhere(bench, scenario, Fault("429", **how))


@with_keys
@main_scenarios
@pytest.mark.parametrize("which", ["first", "last", "every"])
def test_a_batch_that_fails_in_part_changes_nothing_in_the_end(bench, scenario, which):
    fault_everywhere(bench, scenario, Fault("partial", which=which))


@with_keys
@pytest.mark.parametrize("scenario", ["fresh_call_from_unknown", "voicemail_after_the_end"])
def test_a_crash_while_recovering_from_a_crash_changes_nothing_in_the_end(bench, scenario):
    expected, counts = bench.clean(scenario)
    for first in range(1, counts["http"] + 1):
        for second in range(1 + first % 2, 40, 2):
            bench.prepare(scenario)
            bench.run(Steps(first, "http", after=crash))
            let_time_pass(bench.product.redis)
            again = Steps(second, "redis", after=crash)
            bench.run(again)
            if not again.reached:
                break
            bench.assert_as_clean(expected, f"crash at request {first}, then at step {second}")
