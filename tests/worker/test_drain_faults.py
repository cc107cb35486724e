"""Every step of a batch, stopped in every way: in the end the world is as after a clean run."""

from __future__ import annotations

import pytest
from faulty import Crash, Steps, in_haste, interfere, leftovers, settle, state
from product import Product
from scenarios import SCENARIOS, settings
from redis.exceptions import ConnectionError as Gone
from redis.exceptions import RedisError, ResponseError

from sandbox.faults import Fault
from worker.drain import Drain


class Bench:
    """Puts a prepared product on the bench again and again, cheaply."""

    def __init__(self, product: Product, other: Product) -> None:
        self.product, self.other = product, other
        self.portal = product.hubspot.portal.copy()
        self.store = {
            key: product.redis.dump(key) for key in product.redis.scan_iter("ah:*")
        }
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


@pytest.fixture(params=["unique", "fallback"])
def bench(request, redis_client, redis_server, stand_ins, tmp_path, monkeypatch) -> Bench:
    stand_ins.reset()
    if request.param == "fallback":
        kinds = frozenset({"calls", "communications", "tickets"})
        stand_ins.hubspot.world.switches.no_unique_on = kinds
    monkeypatch.setattr("worker.planning.LAG_MS", 0)
    product = Product(redis_server.url, tmp_path, stand_ins)
    product.start(**settings())
    return Bench(product, Product(redis_server.url, tmp_path, stand_ins))


def crash() -> None:
    raise Crash


def gone() -> None:
    raise Gone("connection reset")


def refused() -> None:
    raise ResponseError("OOM command not allowed when used memory > 'maxmemory'.")


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("crash before", crash, None),
        ("crash after", None, crash),
        ("connection refused", gone, None),
        ("reply lost", None, gone),
        ("command refused", refused, None),
    ],
)
def test_a_redis_step_that_fails_changes_nothing_in_the_end(bench, scenario, kind, before, after):
    expected, counts = bench.clean(scenario)
    for at in range(1, counts["redis"] + 1):
        bench.prepare(scenario)
        steps = Steps(at, "redis", before, after)
        bench.run(steps)
        assert steps.reached
        bench.assert_as_clean(expected, f"{kind} at Redis step {at} of {counts['redis']}")


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize(
    ("kind", "before", "after"), [("crash before", crash, None), ("crash after", None, crash)]
)
def test_a_crash_around_a_request_changes_nothing_in_the_end(bench, scenario, kind, before, after):
    expected, counts = bench.clean(scenario)
    for at in range(1, counts["http"] + 1):
        bench.prepare(scenario)
        steps = Steps(at, "http", before, after)
        bench.run(steps)
        assert steps.reached
        bench.assert_as_clean(expected, f"{kind} at request {at} of {counts['http']}")


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("where", ["redis", "http"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_worker_frozen_while_another_takes_over_harms_nothing(bench, scenario, where, moment):
    if bench.product.shop.directory.read().all_unique is False:
        pytest.skip("said in the docs: without unique properties a frozen process may double")
    expected, counts = bench.clean(scenario)
    for at in range(1, counts[where] + 1):
        bench.prepare(scenario)

        def take_over() -> None:
            settle(bench.other)

        hook = {moment: take_over}
        steps = Steps(at, where, hook.get("before"), hook.get("after"))
        bench.run(steps)
        assert steps.reached
        bench.assert_as_clean(expected, f"frozen {moment} {where} step {at} of {counts[where]}")


VENDOR_FAULTS = [
    Fault("reset"),
    Fault("reset_after"),
    Fault("timeout", hold=0.3),
    Fault("timeout_after", hold=0.3),
    Fault("429"),
    Fault("429", retry_after=3),
    Fault("429", policy="DAILY"),
    Fault("429", policy="SECONDLY"),
    Fault("500"),
    Fault("500_after"),
    Fault("502"),
    Fault("503"),
    Fault("423"),
    Fault("477", retry_after=30),
    Fault("partial", which="first"),
    Fault("partial", which="last"),
    Fault("partial", which="every"),
    Fault("cut"),
    Fault("trickle", hold=0.2),
    Fault("empty_200"),
    Fault("empty_200_after"),
]


def _name(fault: Fault) -> str:
    return f"{fault.kind}-{fault.policy if fault.kind == '429' else fault.which}-{fault.retry_after}"


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("fault", VENDOR_FAULTS, ids=_name)
def test_a_request_that_goes_wrong_changes_nothing_in_the_end(bench, scenario, fault):
    expected, counts = bench.clean(scenario)
    for at in range(1, counts["http"] + 1):
        for times in (1, 2):
            bench.prepare(scenario)
            bench.product.hubspot.faults.add(_at(fault, at, times))
            bench.run(Steps())
            bench.product.hubspot.faults.clear()
            bench.assert_as_clean(
                expected, f"{fault.kind} x{times} at request {at} of {counts['http']}"
            )


def _at(fault: Fault, at: int, times: int) -> Fault:
    from dataclasses import replace

    return replace(fault, nth=at, times=times)
