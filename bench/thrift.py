"""Section `requests`: how many requests HubSpot sees per interaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bench.figures import Figure, at_most
from bench.stage import Stage, deliver, drain
from bench.traffic import Caller, call, callers, calls, contacts_of
from sandbox.traffic import Story, call_events
from worker.workshop import Workshop

SECTION = "requests"
BACKLOG = 1_000


def measure() -> Iterable[Figure]:
    """Yield the figures of the section; start-up and polling are not counted."""
    yield from _backlog(emails=False)
    yield from _backlog(emails=True)
    yield from _single()


def _backlog(*, emails: bool) -> Iterable[Figure]:
    those = callers(BACKLOG)
    with Stage() as stage:
        workshop = stage.workshop()
        stage.seed(contacts_of(those))
        deliver(workshop, calls(those, emails=emails))
        seen = _requests(stage, lambda: drain(workshop))
        _check(stage, BACKLOG)
    each = sum(seen.values()) / BACKLOG
    if emails:
        yield Figure(SECTION, "per call of a backlog, all with e-mails", each)
        return
    yield at_most(SECTION, f"per call, backlog of {BACKLOG:,}, 30 % unknown", each, 0.10)
    for what, count in seen.most_common():
        yield Figure(SECTION, f"  of these: {what}", count)


def _single() -> Iterable[Figure]:
    known, unknown = callers(1)[0], callers(8)[7]
    with Stage() as stage:
        workshop = stage.workshop()
        stage.seed(contacts_of([known]))
        yield _one(stage, workshop, "fresh call, known contact", _ended(1, known), 3)
        yield _one(stage, workshop, "fresh call, unknown phone", _ended(2, unknown), 5)
        tagged = _later(1, known)
        yield _one(stage, workshop, "a later change (tag)", tagged, 2)
        yield _one(stage, workshop, "the same event once more", tagged, 0)
        yield _one(stage, workshop, "call.ended once more", _ended(1, known), 0)


def _one(
    stage: Stage, workshop: Workshop, name: str, events: list[dict[str, Any]], most: int
) -> Figure:
    def work() -> None:
        deliver(workshop, events)
        drain(workshop)

    return at_most(SECTION, name, sum(_requests(stage, work).values()), most)


def _ended(id_: int, caller: Caller) -> list[dict[str, Any]]:
    events = call(id_, caller, "inbound_missed")
    return [event for event in events if event["event"] == "call.ended"]


def _later(id_: int, caller: Caller) -> list[dict[str, Any]]:
    story = Story(later_tags=(33,))
    before = call(id_, caller, "inbound_missed")
    start = before[0]["timestamp"] - 1
    events = call_events(id_, "inbound_missed", start=start, phone=caller.phone, story=story)
    tagged = [event for event in events if event["event"] == "call.tagged"]
    assert tagged, "the story has no tag"
    return tagged


def _requests(stage: Stage, work: Callable[[], None]) -> Counter[str]:
    """Count HubSpot's requests during `work`, by method and path."""
    before = len(stage.asked())
    work()
    return Counter(_name(one) for one in stage.asked()[before:])


def _name(logged: Mapping[str, Any]) -> str:
    assert logged["status"] < 300, f"HubSpot's stand-in refused: {logged}"
    words = str(logged["path"]).strip("/").split("/")
    return " ".join([str(logged["method"]), *words[-3:]])


def _check(stage: Stage, wanted: int) -> None:
    """Stop if the figures stand for less than was to be written."""
    state = stage.state()
    for kind in ("calls", "tickets"):
        written = len(state["objects"][kind])
        assert written == wanted, f"{written} {kind} instead of {wanted}"
    assert not state["surprises"], state["surprises"]
