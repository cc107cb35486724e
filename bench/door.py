"""Section `intake`: what the door takes in beside the barest one, and how soon it answers."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import statistics
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bench import bare
from bench.figures import Figure, at_least, at_most
from bench.stage import Stage, answering, free_port, until
from rules.settings import from_defaults
from store.settings import BY_FILE
from worker.intake.tokens import PATH
from worker.workshop import Workshop

SECTION = "intake"
ROUNDS = 7
ROUND_SECONDS = 3
RATE = 500
RATE_SECONDS = 20
RATE_ROUNDS = 3
RATIO, ANSWER_MS = 0.8, 50
MEMORY_DISK = "/dev/shm"
FLUSH = b"aof-fsync-always"
"""Redis' name for the moment in which it waits for the disk."""


@dataclass(frozen=True, slots=True)
class Way:
    """Where a load goes: a port of loopback and a path."""

    port: int
    path: str


def measure() -> Iterable[Figure]:
    """Yield the figures of the section."""
    with _opened() as (stage, workshop):
        yield from _beside_bare(stage, workshop)
    # On a store of its own: behind such a load a disk is busy for a while with forgetting it.
    with _opened() as (stage, workshop):
        yield from _answers(stage, workshop)
        stage.run("worker")
        until(lambda: workshop.connection.exists("rq:workers"), "the worker's start")
        found = _load(stage, workshop, Way(stage.port, PATH), RATE_SECONDS, RATE)
        yield Figure(SECTION, "p50 while a worker writes them", found["p50"], "ms")
        yield Figure(SECTION, "p99 while a worker writes them", found["p99"], "ms")
    if os.access(MEMORY_DISK, os.W_OK):
        with _opened(MEMORY_DISK) as (stage, workshop):
            found = _load(stage, workshop, Way(stage.port, PATH), RATE_SECONDS, RATE)
            yield Figure(SECTION, "p99 with the store on a memory disk", found["p99"], "ms")


@contextlib.contextmanager
def _opened(disk: str | None = None) -> Iterator[tuple[Stage, Workshop]]:
    with Stage(disk=disk) as stage:
        workshop = stage.workshop()
        stage.run("intake")
        until(lambda: answering(f"http://127.0.0.1:{stage.port}/readyz"), "the door's opening")
        yield stage, workshop


def _beside_bare(stage: Stage, workshop: Workshop) -> Iterable[Figure]:
    port = free_port()
    other = stage.bench("bare", str(port))
    until(lambda: _listens(port), "the bare door's opening")
    ours_at, theirs_at = Way(stage.port, PATH), Way(port, bare.PATH)
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(ROUNDS):
        theirs.append(_load(stage, workshop, theirs_at, ROUND_SECONDS)["per_second"])
        ours.append(_load(stage, workshop, ours_at, ROUND_SECONDS)["per_second"])
    stage.stop(other)
    ratio = statistics.median(ours) / statistics.median(theirs)
    pairs = [mine / its for mine, its in zip(ours, theirs, strict=True)]
    yield at_least(SECTION, "of a bare Starlette + XADD, medians", ratio, RATIO)
    yield Figure(SECTION, "  median of the rounds' ratios", statistics.median(pairs))
    yield Figure(SECTION, "  the door", statistics.median(ours), "events/s")
    yield Figure(SECTION, "  the bare one", statistics.median(theirs), "events/s")


def _answers(stage: Stage, workshop: Workshop) -> Iterable[Figure]:
    """Measure at a steady rate, in turn with the bare door: its p99 is the machine's part."""
    port = free_port()
    other = stage.bench("bare", str(port))
    until(lambda: _listens(port), "the bare door's opening")
    ours: list[dict[str, Any]] = []
    theirs: list[dict[str, Any]] = []
    workshop.connection.config_set("latency-monitor-threshold", 10)
    for _ in range(RATE_ROUNDS):
        theirs.append(_load(stage, workshop, Way(port, bare.PATH), RATE_SECONDS, RATE))
        ours.append(_load(stage, workshop, Way(stage.port, PATH), RATE_SECONDS, RATE))
    stage.stop(other)
    yield Figure(SECTION, f"p50 at {RATE} events/s, median", _median(ours, "p50"), "ms")
    yield at_most(SECTION, f"p99 at {RATE} events/s, median", _median(ours, "p99"), ANSWER_MS, "ms")
    yield Figure(SECTION, "  best round's p99", min(each["p99"] for each in ours), "ms")
    yield Figure(SECTION, "  worst round's p99", max(each["p99"] for each in ours), "ms")
    yield Figure(SECTION, "  p99 of the bare one, median", _median(theirs, "p99"), "ms")
    worst = max(each["p99"] for each in theirs)
    yield Figure(SECTION, "  worst round's p99 of the bare one", worst, "ms")
    yield Figure(SECTION, "  the sender's own lateness, p99", _median(ours, "late"), "ms")
    told = workshop.connection.execute_command("LATENCY", "LATEST")
    longest = max((worst for name, _, _, worst, *_ in told if name == FLUSH), default=0)
    yield Figure(SECTION, "  the disk's longest flush in all rounds", longest, "ms")


def _median(rounds: list[dict[str, Any]], name: str) -> float:
    return statistics.median(each[name] for each in rounds)


def _load(
    stage: Stage, workshop: Workshop, way: Way, seconds: int, rate: int | None = None
) -> dict[str, Any]:
    """Send a load to a door whose store was emptied first."""
    _empty(stage, workshop)
    words = [str(way.port), way.path, str(seconds), *(["--rate", str(rate)] if rate else [])]
    process = stage.bench("load", *words)
    told, _ = process.communicate()
    found: dict[str, Any] = json.loads(told)
    assert set(found["statuses"]) == {"200"}, f"not all were answered 200: {found}"
    assert not found["broken"], f"connections were lost: {found}"
    return found


def _empty(stage: Stage, workshop: Workshop) -> None:
    """Forget the last round's events; settings and directory stay."""
    connection = workshop.connection
    directory = connection.hgetall("ah:directory")
    workers = connection.smembers("rq:workers")
    connection.flushdb()
    connection.hset("ah:directory", mapping=directory)
    if workers:
        connection.sadd("rq:workers", *workers)
    workshop.revisions.save(from_defaults(stage.file().defaults), BY_FILE, 0)


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.5):
        return True
    return False
