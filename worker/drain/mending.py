"""What was stored of an interaction and is damaged: parked for a person, mended at their wish."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from clients.errors import NotFound, Rejected, Unavailable
from rules.events import Event, parse
from rules.folding import fold
from rules.plan import Decision, Mark, Record
from store import keys
from store.due import Loaded, Settled
from store.records import (
    DAMAGED,
    DamagedError,
    Ids,
    read_event,
    read_ids,
    read_mark,
    record_json,
)
from store.unreadable import damaged_json, put_aside
from worker.drain.settle import record_of
from worker.fetched import ask
from worker.workshop import Workshop

_Kept = TypeVar("_Kept")


class NotReadAgainError(DamagedError):
    """It stays damaged; the sentence says why, in our words or Aircall's."""


@dataclass(frozen=True, slots=True)
class Mended:
    """What can be believed of an interaction that was found damaged before."""

    events: list[Event]
    ids: Ids | None
    mark: Mark | None


def was_damaged(record: Record) -> bool:
    """Whether it was found damaged before, so that whoever has it tried wants it mended."""
    return record.decision is not None and record.decision.reason == DAMAGED


def mend(shop: Workshop, loaded: Loaded, record: Record, now: int) -> Mended | Settled:
    """Leave out what is damaged, and read a call from Aircall anew; a message cannot be.

    What came since may tell of its end by itself: then nothing need be read.

    While Aircall does not answer, the call waits for it. Raises DamagedError where that does not
    help, LeaseLostError and redis-py's errors.
    """
    events, broken = _sound(loaded)
    ids = _if_sound(shop, keys.ids(loaded.id), loaded.ids, lambda raw: read_ids(raw, loaded.id))
    mark = _if_sound(shop, keys.mark(loaded.id), loaded.mark, lambda raw: read_mark(raw, loaded.id))
    if not loaded.id.startswith("call-"):
        if broken or (record.interaction is None and not events):
            raise NotReadAgainError("Aircall does not tell messages again")
        return Mended(events, ids, mark)
    if not broken and any(event.ended for event in events):
        return Mended(events, ids, mark)
    try:
        read = ask(shop, int(loaded.id.removeprefix("call-")), now)
    except (NotFound, Rejected) as error:
        raise NotReadAgainError(error.sentence) from None
    except ValueError:
        raise NotReadAgainError("it is no call of Aircall's") from None
    except Unavailable:
        _put_aside(shop, broken)
        return _waiting(loaded, record, events, now)
    if not isinstance(read, Event) or read.id != loaded.id:
        raise NotReadAgainError("Aircall tells nothing of it that can be read")
    _put_aside(shop, broken)
    return Mended([*events, read], ids, mark)


def _sound(loaded: Loaded) -> tuple[list[Event], list[bytes]]:
    events, broken = [], []
    for raw in loaded.events:
        try:
            read = parse(read_event(raw, loaded.id))
        except DamagedError:
            broken.append(raw)
            continue
        if isinstance(read, Event) and read.id == loaded.id:
            events.append(read)
    return events, broken


def _if_sound(
    shop: Workshop, key: str, raw: bytes | None, read: Callable[[bytes | None], _Kept | None]
) -> _Kept | None:
    """Do without a damaged mark or map where a unique property tells what was written."""
    try:
        return read(raw)
    except DamagedError:
        if not shop.directory.read().all_unique:
            raise
        # Whoever must wait now would else find the same damage again.
        _put_aside(shop, [raw or b""], key)
        return None


def _put_aside(shop: Workshop, broken: Iterable[bytes], *keys_: str) -> None:
    """Keep for a person what was damaged; of `keys_` nothing stays where it was."""
    pipeline = shop.connection.pipeline()
    for raw in broken:
        put_aside(pipeline, DAMAGED, damaged_json(raw))
    if keys_:
        pipeline.delete(*keys_)
    pipeline.execute()


def _waiting(loaded: Loaded, record: Record, events: list[Event], now: int) -> Settled:
    known = fold(record.interaction, events) if events else record.interaction
    decision = Decision("pending", DAMAGED, at=now)
    return Settled(
        loaded.id,
        "park:aircall",
        eaten=len(loaded.events),
        record=record_json(record_of(known, record.written, decision)),
        keep_mark=True,
    )
