"""Compare one page of Aircall's calls with what is known, and take in what never reached us."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rules.events import READ, Event, interaction_id, is_over, parse, read_envelope
from rules.records import Call
from rules.scalars import seconds
from store import keys
from store.gaps import Gaps
from store.records import DamagedError, read_record
from store.settings import Revision
from sync.gaps.differing import differs
from worker.fetched import enter, unseen
from worker.workshop import Workshop

Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Compared:
    """How many calls of a page were taken in: never seen before, and known but with news."""

    found: int
    updated: int


def compare(
    shop: Workshop, calls: Iterable[Told], revisions: Sequence[Revision], asked: int
) -> Compared:
    """Take in what is new to us of these calls; `revisions` are all, oldest first.

    `asked` (ms) is when Aircall was asked: what a webhook told since then is newer. A call
    that has not ended is left for a later look, one that ended before there were settings for good.
    Raises redis-py's errors.
    """
    birth = revisions[0].at
    over = {id_: told for told in calls if is_over(told) and (id_ := _id(told))}
    missing = set(unseen(shop.connection, list(over)))
    found = {id_: told for id_, told in over.items() if id_ in missing and _ended(told) >= birth}
    known = {id_: told for id_, told in over.items() if id_ not in missing}
    news = [known[id_] for id_ in _with_news(shop, known, asked)]
    if found:
        Gaps(shop.connection).note_found({id_: _ended(told) for id_, told in found.items()})
    called = False
    for told in (*found.values(), *news):
        called |= enter(shop.due, told, "gap", revisions, asked)
    if called:
        shop.nudge()
    return Compared(len(found), len(news))


def _with_news(shop: Workshop, known: Mapping[str, Told], asked: int) -> list[str]:
    """Return those of which Aircall tells more than we know, and nobody is about to learn it."""
    pipeline = shop.connection.pipeline(transaction=False)
    for id_ in known:
        pipeline.get(keys.record(id_))
        pipeline.exists(keys.new(id_))
    answers = zip(*[iter(pipeline.execute())] * 2, strict=True)
    return [
        id_
        for (id_, told), (raw, events) in zip(known.items(), answers, strict=True)
        if raw is not None and not events and _has_news(shop, raw, told, asked)
    ]


def _has_news(shop: Workshop, raw: bytes, told: Told, asked: int) -> bool:
    try:
        record = read_record(raw)
    except DamagedError:
        return False
    call, decision = record.call, record.decision
    # What was ignored stays so, whatever happens to it.
    if call is None or (decision is not None and decision.result == "ignored"):
        return False
    # Its end may be on its way, and after that time the drain itself asks for it.
    waits = shop.file.intervals.pending * 1000
    if call.hung_up and not call.ended and _ended(told) > asked - waits:
        return False
    return _differs(call, told, asked)


def _differs(call: Call, told: Told, asked: int) -> bool:
    read = parse(read_envelope(told, asked, 0, "gap"))
    return isinstance(read, Event) and read.id == call.id and differs(call, read)


def _id(told: Told) -> str | None:
    return interaction_id({"event": READ, "data": dict(told)})


def _ended(told: Told) -> int:
    """When it ended, in ms."""
    return (seconds(told.get("ended_at")) or 0) * 1000
