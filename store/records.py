"""Records and marks of interactions as compact JSON: what was left at its default is left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter

from rules.plan import Mark, Record


@dataclass(frozen=True, slots=True)
class Ids:
    """The map Aircall id -> HubSpot ids: kept longer than the record it came from."""

    result: str
    type: str = ""
    activity: str | None = None
    ticket: str | None = None
    contact: str | None = None


_RECORD: Final = TypeAdapter(Record)
_MARK: Final = TypeAdapter(Mark)
_IDS: Final = TypeAdapter(Ids)


def record_json(record: Record) -> str:
    """Write a record as it is kept."""
    return _RECORD.dump_json(record, exclude_defaults=True).decode()


def read_record(raw: bytes | None) -> Record:
    """Read a record back; nothing kept is an empty record. Raises pydantic's ValidationError."""
    return Record() if raw is None else _RECORD.validate_json(raw)


def mark_json(mark: Mark) -> str:
    """Write a mark as it is kept."""
    return _MARK.dump_json(mark, exclude_defaults=True).decode()


def read_mark(raw: bytes) -> Mark:
    """Read a mark back. Raises pydantic's ValidationError."""
    return _MARK.validate_json(raw)


def ids_json(ids: Ids) -> str:
    """Write the map of one interaction as it is kept."""
    return _IDS.dump_json(ids, exclude_defaults=True).decode()


def read_ids(raw: bytes | None) -> Ids | None:
    """Read the map of one interaction; None if there is none."""
    return None if raw is None else _IDS.validate_json(raw)
