"""Records as HubSpot answers them, what is sent to make or change them, what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from clients.errors import Misunderstood, Rejected, Unavailable
from clients.refusals import hubspot_refusal, is_temporary, items, mapping, text

UNIQUE_PROPERTIES = ("aircall_id", "aircall_phone")
"""Our own unique properties: on calls, communications and tickets; and on contacts."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record: property values are texts, or None where HubSpot holds nothing."""

    id: str
    properties: Mapping[str, str | None]
    archived: bool = False
    trace: str | None = None
    """The key under which we sent it, in the answer to that very request."""


@dataclass(frozen=True, slots=True)
class Link:
    """A record that a new one is linked with, e.g. `contacts`, `12345`."""

    to_type: str
    to_id: str


@dataclass(frozen=True, slots=True)
class New:
    """A record to create; `key` is unique in its batch and finds its result again."""

    key: str
    properties: Mapping[str, str]
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """Properties to write to an existing record; `key` is unique in its batch."""

    id: str
    properties: Mapping[str, str]
    key: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of each input of a batch, by its key.

    Whatever was not plainly answered is `unanswered`: it may or may not be written. `trouble` says
    why, if the whole request failed. `whole` is a refusal of the batch that names no input:
    nothing of it was written, and it is to be halved until the guilty one stands alone.
    """

    done: Mapping[str, Record] = field(default_factory=dict)
    refused: Mapping[str, Rejected] = field(default_factory=dict)
    unanswered: tuple[str, ...] = ()
    whole: Rejected | None = None
    trouble: Unavailable | None = None


def results_of(body: object, *, wrote: bool = False) -> list[Mapping[str, Any]]:
    """Read `results` of an answer; Misunderstood if it has none.

    `wrote` says whether the request may have changed something at HubSpot.
    """
    rows = mapping(body).get("results")
    if not isinstance(rows, list):
        raise Misunderstood("hubspot", "HubSpot answered without results", maybe_written=wrote)
    return [mapping(row) for row in rows]


def id_of(value: object) -> str:
    """Give an id, told as text or number, as text."""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def record_of(fields: Mapping[str, Any]) -> Record | None:
    """Read one record of an answer; None if it has no id."""
    id_ = id_of(fields.get("id"))
    if not id_:
        return None
    properties = {
        name: content if content is None else str(content)
        for name, content in mapping(fields.get("properties")).items()
    }
    return Record(
        id=id_,
        properties=MappingProxyType(properties),
        archived=fields.get("archived") is True,
        trace=text(fields.get("objectWriteTraceId")) or None,
    )


def records_of(body: object, *, wrote: bool = False) -> list[Record]:
    """Read `results` of an answer as records; Misunderstood if it has none, or one without an id.

    `wrote` says whether the request may have changed something at HubSpot.
    """
    records = [record_of(row) for row in results_of(body, wrote=wrote)]
    if None in records:
        sentence = "HubSpot answered with a record without an id"
        raise Misunderstood("hubspot", sentence, maybe_written=wrote)
    return [record for record in records if record is not None]


def batch_of(body: object, keys: Sequence[str], key_of: Callable[[Record], str | None]) -> Batch:
    """Sort the answer to a batch by key, never by order; Misunderstood if it cannot be read.

    `key_of` finds the key of a record that came back without its trace id.
    """
    left = dict.fromkeys(keys)
    done: dict[str, Record] = {}
    for record in records_of(body, wrote=True):
        key = record.trace if record.trace in left else key_of(record)
        if key in left:
            done[key] = record
    errors = items(mapping(body).get("errors"))
    refused: dict[str, Rejected] = {}
    for error in errors:
        if is_temporary(error):
            continue
        named = [key for key in _named(error, key_of) if key in left and key not in done]
        if not named and len(keys) == 1 and not done:
            named = list(keys)
        refused |= dict.fromkeys(named, hubspot_refusal(error))
    open_keys = tuple(key for key in left if key not in done and key not in refused)
    return Batch(MappingProxyType(done), MappingProxyType(refused), open_keys)


def _named(error: object, key_of: Callable[[Record], str | None]) -> list[str]:
    context = mapping(mapping(error).get("context"))
    traces = _texts(context.get("objectWriteTraceId"))
    ids = (*_texts(context.get("ids")), *_texts(context.get("id")))
    keys = (key_of(Record(id_, {})) for id_ in ids)
    return [*traces, *filter(None, keys)]


def _texts(value: object) -> list[str]:
    return [each for each in (value, *items(value)) if isinstance(each, str)]


def key_by_unique(inputs: Sequence[New]) -> Callable[[Record], str | None]:
    """Find a created record's key by our unique property, where the trace id did not come back."""
    keys = {
        (name, each.properties[name]): each.key
        for each in inputs
        for name in UNIQUE_PROPERTIES
        if name in each.properties
    }

    def key_of(record: Record) -> str | None:
        found = (keys.get((name, record.properties.get(name) or "")) for name in UNIQUE_PROPERTIES)
        return next(filter(None, found), None)

    return key_of


def key_by_id(changes: Sequence[Change]) -> Callable[[Record], str | None]:
    """Find a changed record's key by its id."""
    keys = {each.id: each.key for each in changes}
    return lambda record: keys.get(record.id)


def next_cursor(body: object) -> str:
    """Give the `after` of the next page, or nothing on the last one."""
    cursor = mapping(mapping(mapping(body).get("paging")).get("next")).get("after")
    return id_of(cursor)


def check_nothing_temporary(body: object) -> None:
    """Raise Unavailable if the error of an input passes by itself: the same is to be sent again."""
    if any(is_temporary(error) for error in items(mapping(body).get("errors"))):
        sentence = "HubSpot could not do all of a batch just now"
        raise Unavailable("hubspot", sentence, reason="down", wait=5)


def check_nothing_unread(body: object) -> None:
    """Raise unless every input that is not in the answer is plainly said not to exist.

    An input that could not be read is not absent: to take it for absent would double it.
    Raises Unavailable or Rejected.
    """
    check_nothing_temporary(body)
    errors = items(mapping(body).get("errors"))
    if mapping(body).get("numErrors") and not errors:
        raise Misunderstood("hubspot", "HubSpot read only a part", maybe_written=False)
    for error in errors:
        if text(mapping(error).get("category")) != "OBJECT_NOT_FOUND":
            raise hubspot_refusal(error)
