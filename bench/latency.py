"""Section `latency`: how soon an answered webhook is a write at HubSpot, on an idle system."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

import requests

from bench.figures import Figure, at_most
from bench.stage import Stage, answering, until
from bench.traffic import call, callers, contacts_of
from worker.intake.tokens import PATH
from worker.workshop import Workshop

SECTION = "latency"
CALLS = 60
WARM_UP = 5
TARGET_MS = 150
CREATE, FIRST = "/calls/batch/create", "/contacts/search"


def measure() -> Iterable[Figure]:
    """Yield the figures of the section, by the clock that both processes share."""
    those = [caller for caller in callers(2 * CALLS) if caller.known][: WARM_UP + CALLS]
    sent: list[float] = []
    answered: list[float] = []
    with Stage() as stage:
        workshop = stage.workshop()
        stage.seed(contacts_of(those))
        stage.run("worker")
        stage.run("intake")
        door = f"http://127.0.0.1:{stage.port}"
        until(lambda: answering(f"{door}/readyz"), "the door's opening")
        until(lambda: workshop.connection.exists("rq:workers"), "the worker's start")
        dice = random.Random(1)
        with requests.Session() as aircall:
            for id_, caller in enumerate(those, 1):
                ended = call(id_, caller, "inbound_missed")[-1]
                sent.append(time.time())
                assert aircall.post(f"{door}{PATH}", json=ended, timeout=10).status_code == 200
                answered.append(time.time())
                until(partial(_reached, workshop, id_), "a write")
                time.sleep(dice.uniform(0.02, 0.12))  # the worker goes back to waiting
        log = stage.asked()
    asked = _after(sent, answered, _times(log, FIRST))[WARM_UP:]
    created = _after(sent, answered, _times(log, CREATE))[WARM_UP:]
    yield at_most(
        SECTION, "webhook answered to call created, median", statistics.median(created),
        TARGET_MS, "ms",
    )  # fmt: skip
    yield Figure(SECTION, "  of these until HubSpot is first asked", statistics.median(asked), "ms")
    yield Figure(SECTION, "  one in ten is slower than", sorted(created)[-CALLS // 10], "ms")


def _reached(workshop: Workshop, wanted: int) -> bool:
    totals = workshop.connection.hgetall("ah:totals")
    logged = sum(int(count) for name, count in totals.items() if name.startswith(b"logged|"))
    return logged >= wanted


def _times(log: Iterable[Mapping[str, Any]], ending: str) -> list[float]:
    return [one["time"] for one in log if one["path"].endswith(ending)]


def _after(sent: list[float], answered: list[float], arrived: list[float]) -> list[float]:
    """Return the milliseconds from each answer to the first request since its call was sent."""
    first = (next(time for time in arrived if time >= begun) for begun in sent)
    return [1000 * (end - start) for start, end in zip(answered, first, strict=True)]
