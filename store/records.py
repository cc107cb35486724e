"""Events, records and marks as compact JSON, each with a checksum; defaults are left out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter, ValidationError

from rules.plan import Mark, Record
from store.seal import BrokenSealError, check_seal, seal


@dataclass(frozen=True, slots=True)
class Ids:
    """The map Aircall id -> HubSpot ids: kept longer than the record it came from."""

    result: str
    type: str = ""
    activity: str | None = None
    ticket: str | None = None
    contact: str | None = None


DAMAGED: Final = "what was stored of it is damaged"


class DamagedError(ValueError):
    """What is kept of an interaction is not what was written; names the places, not the values."""


_Kept = TypeVar("_Kept")
_RECORD: Final = TypeAdapter(Record)
_MARK: Final = TypeAdapter(Mark)
_IDS: Final = TypeAdapter(Ids)


def read_event(raw: bytes, id_: str) -> dict[str, Any]:
    """Read an envelope that is kept of an interaction. Raises DamagedError."""
    try:
        envelope = json.loads(check_seal(raw, id_))
    except (ValueError, RecursionError):
        raise DamagedError(DAMAGED) from None
    if not isinstance(envelope, dict):
        raise DamagedError(DAMAGED)
    return envelope


def record_json(record: Record) -> str:
    """Write a record as it is kept."""
    return seal(_RECORD.dump_json(record, exclude_defaults=True).decode())


def read_record(raw: bytes | None, id_: str = "") -> Record:
    """Read a record back; nothing kept is an empty record.

    Raises DamagedError; with `id_` also where it is another interaction's.
    """
    record = Record() if raw is None else _read(_RECORD, raw)
    if id_ and record.interaction is not None and record.interaction.id != id_:
        raise DamagedError(DAMAGED)
    return record


def mark_json(mark: Mark) -> str:
    """Write a mark as it is kept."""
    return seal(_MARK.dump_json(mark, exclude_defaults=True).decode())


def read_mark(raw: bytes | None, id_: str) -> Mark | None:
    """Read the mark of an interaction; None if there is none.

    Raises DamagedError, also where it is another interaction's.
    """
    if raw is None:
        return None
    mark = _read(_MARK, raw)
    if mark.plan.id != id_:
        raise DamagedError(DAMAGED)
    return mark


def ids_json(ids: Ids, id_: str) -> str:
    """Write the map of one interaction as it is kept; it does not name it, its checksum does."""
    return seal(_IDS.dump_json(ids, exclude_defaults=True).decode(), id_)


def read_ids(raw: bytes | None, id_: str) -> Ids | None:
    """Read the map of one interaction; None if there is none. Raises DamagedError."""
    return None if raw is None else _read(_IDS, raw, id_)


def _read(shape: TypeAdapter[_Kept], raw: bytes, about: str = "") -> _Kept:
    try:
        return shape.validate_json(check_seal(raw, about))
    except BrokenSealError:
        raise DamagedError(DAMAGED) from None
    except ValidationError as error:
        # pydantic's own words quote what they refuse: names, phones and texts, which a log would
        # show.
        faults = (f"{_path(fault['loc'])}: {fault['type']}" for fault in error.errors())
        raise DamagedError(f"what is kept cannot be read ({'; '.join(faults)})") from None


def _path(place: tuple[int | str, ...]) -> str:
    return ".".join(map(str, place)) or "record"
