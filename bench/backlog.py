"""Section `drain`: how fast one worker writes a backlog when no vendor limits it."""

from __future__ import annotations

import cProfile
import pstats
import statistics
import time
from collections.abc import Iterable

from bench.figures import Figure, at_least
from bench.stage import Stage, deliver, drain, until
from bench.traffic import callers, calls, contacts_of
from store.due import Due
from worker.nudge import nudge
from worker.workshop import Workshop

SECTION = "drain"
BACKLOG = 2_000
ROUNDS = 3
TARGET = 200
LINES = 45


def measure() -> Iterable[Figure]:
    """Yield the figures of the section."""
    rates = [_process() for _ in range(ROUNDS)]
    yield at_least(
        SECTION, "one worker process, median", statistics.median(rates), TARGET, "calls/s"
    )
    yield Figure(SECTION, "  slowest round", min(rates), "calls/s")
    yield Figure(SECTION, "  fastest round", max(rates), "calls/s")
    rate, own = _here()
    yield Figure(SECTION, "the same drain inside the bench", rate, "calls/s")
    yield Figure(SECTION, "  its own processor time", own, "ms/call")


def profile() -> None:
    """Print where a drain inside this process spends its time."""
    with Stage() as stage:
        workshop = _filled(stage)
        watch = cProfile.Profile()
        watch.runcall(drain, workshop)
        _check(stage, workshop)
    stats = pstats.Stats(watch).strip_dirs()
    stats.sort_stats("cumulative").print_stats(LINES)
    stats.sort_stats("tottime").print_stats(LINES)


def _filled(stage: Stage) -> Workshop:
    workshop = stage.workshop()
    those = callers(BACKLOG)
    stage.seed(contacts_of(those))
    deliver(workshop, calls(those))
    return workshop


def _process() -> float:
    """Measure the real worker, warm and idle when the backlog is called out."""
    with Stage() as stage:
        workshop = stage.workshop()
        stage.run("worker")
        until(lambda: workshop.connection.exists("rq:workers"), "the worker's start")
        workshop.connection.set("ah:called", "1")
        those = callers(BACKLOG)
        stage.seed(contacts_of(those))
        deliver(workshop, calls(those))
        due = Due(workshop.connection)
        began = time.monotonic()
        nudge(workshop.connection)
        until(lambda: due.waiting() == 0, "the end of the backlog")
        took = time.monotonic() - began
        _check(stage, workshop)
    return BACKLOG / took


def _here() -> tuple[float, float]:
    with Stage() as stage:
        workshop = _filled(stage)
        began, cpu = time.monotonic(), time.process_time()
        drain(workshop)
        took, own = time.monotonic() - began, time.process_time() - cpu
        _check(stage, workshop)
    return BACKLOG / took, 1000 * own / BACKLOG


def _check(stage: Stage, workshop: Workshop) -> None:
    totals = workshop.connection.hgetall("ah:totals")
    logged = sum(int(count) for name, count in totals.items() if name.startswith(b"logged|"))
    written = len(stage.state()["objects"]["calls"])
    assert logged == written == BACKLOG, f"{logged} logged, {written} written: {totals}"
