"""Records and marks of interactions as compact JSON: what was left at its default is left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeVar

from pydantic import TypeAdapter, ValidationError

from rules.plan import Mark, Record


@dataclass(frozen=True, slots=True)
class Ids:
    """The map Aircall id -> HubSpot ids: kept longer than the record it came from."""

    result: str
    type: str = ""
    activity: str | None = None
    ticket: str | None = None
    contact: str | None = None


class DamagedError(ValueError):
    """What is kept of an interaction is not what was written; names the places, not the values."""


_Kept = TypeVar("_Kept")
_RECORD: Final = TypeAdapter(Record)
_MARK: Final = TypeAdapter(Mark)
_IDS: Final = TypeAdapter(Ids)


def record_json(record: Record) -> str:
    """Write a record as it is kept."""
    return _RECORD.dump_json(record, exclude_defaults=True).decode()


def read_record(raw: bytes | None) -> Record:
    """Read a record back; nothing kept is an empty record. Raises DamagedError."""
    return Record() if raw is None else _read(_RECORD, raw)


def mark_json(mark: Mark) -> str:
    """Write a mark as it is kept."""
    return _MARK.dump_json(mark, exclude_defaults=True).decode()


def read_mark(raw: bytes) -> Mark:
    """Read a mark back. Raises DamagedError."""
    return _read(_MARK, raw)


def ids_json(ids: Ids) -> str:
    """Write the map of one interaction as it is kept."""
    return _IDS.dump_json(ids, exclude_defaults=True).decode()


def read_ids(raw: bytes | None) -> Ids | None:
    """Read the map of one interaction; None if there is none. Raises DamagedError."""
    return None if raw is None else _read(_IDS, raw)


def _read(shape: TypeAdapter[_Kept], raw: bytes) -> _Kept:
    try:
        return shape.validate_json(raw)
    except ValidationError as error:
        # pydantic's own words quote what they refuse: names, phones and texts, which a log would
        # show.
        faults = (f"{_path(fault['loc'])}: {fault['type']}" for fault in error.errors())
        raise DamagedError(f"what is kept cannot be read ({'; '.join(faults)})") from None


def _path(place: tuple[int | str, ...]) -> str:
    return ".".join(map(str, place)) or "record"
