"""Section `gaps`: of 10,000 calls one in a hundred never reached us: just those are found."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from unittest.mock import patch

import requests

from bench.figures import Figure, at_least, at_most
from bench.stage import Stage, deliver, drain
from bench.traffic import callers, contacts_of
from rules.events import interaction_id
from sandbox.traffic import CALL_KINDS, call_events, ended_of
from store import keys
from store.gaps import Gaps
from sync import slices
from sync.gaps.repair import repair
from worker.workshop import Workshop

SECTION = "gaps"
CALLS = 10_000
MISSING_EVERY = 100
APART = 7
"""Seconds between two calls: all of them lie within the day that is looked at."""
DAY = 86_400
PEOPLE = 1_000
AT_ONCE = 1_000
PAGES = CALLS / 50
HALVED = 5
"""Requests beside one per page: the window is halved, and each half ends within a page."""

Event = Mapping[str, Any]


def measure() -> Iterable[Figure]:
    """Yield the figures of the section; limits are open, so that the rate is our own."""
    with Stage() as stage:
        workshop = stage.workshop()
        _age(workshop)
        told = _happened(workshop)
        _seed(stage, told)
        missing = {_id(event) for event in told[::MISSING_EVERY]}
        deliver(workshop, (event for event in told if _id(event) not in missing))
        drain(workshop)
        before = _logged(stage)
        assert len(before) == CALLS - len(missing), f"{len(before)} calls were logged"
        asked, took = _repaired(stage, workshop)
        drain(workshop)
        logged = _logged(stage)
        found = set(logged) - set(before)
        again, _ = _repaired(stage, workshop)
        drain(workshop)
        second = _logged(stage)
        totals = Gaps(workshop.connection).totals()
    yield at_least(SECTION, f"found, of {len(missing)} missing", len(found & missing), len(missing))
    extra = len(found - missing) + totals["found"] - len(found & missing)
    yield at_most(SECTION, "found that were known", extra, 0)
    yield at_most(SECTION, "in HubSpot twice", len(second) - len(set(second)), 0)
    yield at_most(SECTION, "known calls taken in again", totals.get("updated", 0), 0)
    yield at_most(SECTION, "requests to Aircall", asked, PAGES + HALVED)
    yield Figure(SECTION, "  per 1,000 calls", asked * 1000 / CALLS)
    yield Figure(SECTION, "  of a second look", again)
    yield Figure(SECTION, "time, without Aircall's limit", took, "s")


def _age(workshop: Workshop) -> None:
    """Let the settings be two days old: what ended before there were any is nobody's."""
    raw = json.loads(workshop.connection.hget(keys.SETTINGS_REVISIONS, "1") or b"{}")
    del raw["sum"]  # it would not fit any more
    raw["at"] -= 2 * DAY * 1000
    workshop.connection.hset(keys.SETTINGS_REVISIONS, "1", json.dumps(raw))


def _happened(workshop: Workshop) -> list[Event]:
    """Return the `call.ended` of every call."""
    those = callers(PEOPLE)
    start = int(workshop.connection.time()[0]) - (CALLS + 200) * APART
    return [
        ended_of(
            call_events(
                at + 1,
                CALL_KINDS[at % len(CALL_KINDS)],
                start=start + at * APART,
                phone=those[at % PEOPLE].phone,
            )
        )
        for at in range(CALLS)
    ]


def _seed(stage: Stage, told: Sequence[Event]) -> None:
    stage.seed(contacts_of(callers(PEOPLE)))
    for first in range(0, CALLS, AT_ONCE):
        body = {"calls": list(told[first : first + AT_ONCE])}
        requests.post(
            f"{stage.environ['AIRCALL_BASE_URL']}/_sandbox/seed", json=body, timeout=60
        ).raise_for_status()


def _repaired(stage: Stage, workshop: Workshop) -> tuple[int, float]:
    """Run the job until its look has ended; requests to Aircall's list, and seconds."""
    before, began = _requests(stage), time.monotonic()
    with patch.object(slices, "workshop", lambda: workshop):
        repair()
        while Gaps(workshop.connection).look() is not None:
            workshop.connection.delete("rq:queue:background")
            repair()
    took = time.monotonic() - began
    return _requests(stage) - before, took


def _requests(stage: Stage) -> int:
    answer = requests.get(f"{stage.environ['AIRCALL_BASE_URL']}/_sandbox/requests", timeout=60)
    answer.raise_for_status()
    counts: dict[str, int] = answer.json()["counts"]
    return counts.get("GET /v1/calls", 0)


def _logged(stage: Stage) -> list[str]:
    records = stage.state()["objects"]["calls"].values()
    return [str(one["properties"]["aircall_id"]) for one in records]


def _id(event: Event) -> str:
    return interaction_id(event) or ""
