"""Fold an interaction's events into what is known of it, whatever the order and the repeats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from rules.events import Event
from rules.payloads import CallSnapshot
from rules.records import Arrival, Call, Choice, Comment, Interaction, Line, Message, Version

NEVER: Final = Version(-1, -1, -1)
"""The version of tags that no event carried: none at all and none left must not be confused."""

_CALL_FIELDS: Final = (
    *("direction", "phone", "started_at", "answered_at", "ended_at", "missed_reason"),
    *("hangup_cause", "asset", "agent", "person", "assigned_to", "transferred_by"),
    *("transferred_to", "transferred_to_phone", "tags"),
)
_MESSAGE_FIELDS: Final = (
    *("direction", "channel", "phone", "participants", "body", "template", "media"),
    *("status", "sent_at", "agent", "person"),
)
_LINE_FIELDS: Final = ("name", "digits", "country", "time_zone", "availability", "open")

_Told = TypeVar("_Told", Comment, Choice)
_State = dict[str, tuple[Version, Any]]


def fold(known: Interaction | None, events: Sequence[Event]) -> Interaction:
    """What is known after these events: any order, any repeats and any steps give the same.

    Per field the newest version that carries a value wins (a line's fields one by one, as payloads
    are abridged); tags are those of the newest event carrying them; comments and IVR choices are
    united by id; voicemail, recording, hung up and ended stay once seen; `accepted` is the earliest
    arrival of an ending event, `backfilled` the earliest of a backfill.

    Raises ValueError if there is nothing to fold, or events of another interaction.
    """
    if not events:
        if known is None:
            raise ValueError("nothing to fold: neither a record nor an event")
        return known
    own = known.id if known else events[0].id
    if any(event.id != own for event in events):
        raise ValueError(f"events of several interactions, among them {own}")
    is_call = isinstance(events[0].snapshot, CallSnapshot)
    fields = _CALL_FIELDS if is_call else _MESSAGE_FIELDS
    state: _State = dict(_held(known, fields)) if known else {}
    for event in events:
        for path, value in _carried(event, fields):
            _offer(state, path, event.version, value)
    as_of = max([event.version for event in events] + ([known.as_of] if known else []))
    built: dict[str, Any] = {name: state[name][1] for name in fields if name in state}
    built["line"], built["other_lines"] = _lines(state)
    built |= _arrivals(known, events)
    versions = {path: version for path, (version, _) in state.items() if version < as_of}
    if not is_call:
        group = own.startswith("group-")
        return Message(id=own, group=group, as_of=as_of, versions=versions, **built)
    if "tags" not in state:
        versions["tags"] = NEVER
    return Call(id=own, as_of=as_of, versions=versions, **built, **_lasting(known, events))


def _held(known: Interaction, fields: Iterable[str]) -> Iterator[tuple[str, tuple[Version, Any]]]:
    """Each value of a record with its version: the inverse of what `fold` builds."""
    versions, as_of = known.versions, known.as_of
    for name in fields:
        value = getattr(known, name)
        version = versions.get(name, as_of)
        if version != NEVER and (name == "tags" or value not in (None, "", ())):
            yield name, (version, value)
    if known.line is not None:
        yield "line", (versions.get("line", as_of), known.line.id)
        for line in (known.line, *known.other_lines):
            for path, value in _line_values(line):
                yield path, (versions.get(path, as_of), value)


def _carried(event: Event, fields: Iterable[str]) -> Iterator[tuple[str, Any]]:
    snapshot = event.snapshot
    for name in fields:
        value = getattr(snapshot, name)
        if value is not None:
            yield name, value
    if snapshot.line is not None:
        yield "line", snapshot.line.id
        yield from _line_values(snapshot.line)


def _line_values(line: Line) -> Iterator[tuple[str, Any]]:
    for name in _LINE_FIELDS:
        value = getattr(line, name)
        if value is not None and value != "":
            yield f"line.{line.id}.{name}", value


def _offer(state: _State, path: str, version: Version, value: object) -> None:
    """Keep the newer value; two of one version (the same millisecond) are told apart by value."""
    held = state.get(path)
    if (
        held is None
        or version > held[0]
        or (version == held[0] and value != held[1] and repr(value) > repr(held[1]))
    ):
        state[path] = (version, value)


def _lines(state: _State) -> tuple[Line | None, tuple[Line, ...]]:
    """The newest event's line, and the others, each with the newest of its own fields."""
    if "line" not in state:
        return None, ()
    values: dict[int, dict[str, Any]] = {state["line"][1]: {}}
    for path, (_, value) in state.items():
        if path.startswith("line."):
            _, number, name = path.split(".")
            values.setdefault(int(number), {})[name] = value
    lines = {number: Line(id=number, **fields) for number, fields in values.items()}
    newest = lines.pop(state["line"][1])
    return newest, tuple(lines[number] for number in sorted(lines))


def _lasting(known: Interaction | None, events: Sequence[Event]) -> Mapping[str, Any]:
    """What only grows: unions by id, and what stays true once it was seen."""
    before = known if isinstance(known, Call) else Call(id="")
    snapshots = [e.snapshot for e in events if isinstance(e.snapshot, CallSnapshot)]
    return {
        "comments": _united(before.comments, (s.comments for s in snapshots)),
        "ivr_choices": _united(before.ivr_choices, (s.ivr_choices for s in snapshots)),
        "voicemail": before.voicemail or any(event.voicemail_left for event in events),
        "recording": before.recording or any(snapshot.recording for snapshot in snapshots),
        "hung_up": before.hung_up or any(event.hung_up for event in events),
        "ended": before.ended or any(event.ended for event in events),
    }


def _united(before: tuple[_Told, ...], told: Iterable[tuple[_Told, ...]]) -> tuple[_Told, ...]:
    """One of each id, by time, then id; of two that differ the one that says more."""
    by_id = {one.id: one for one in before}
    for several in told:
        for one in several:
            held = by_id.setdefault(one.id, one)
            if held != one and (len(repr(one)), repr(one)) > (len(repr(held)), repr(held)):
                by_id[one.id] = one
    return tuple(sorted(by_id.values(), key=lambda one: (one.at is None, one.at or 0, one.id)))


def _arrivals(known: Interaction | None, events: Sequence[Event]) -> Mapping[str, Arrival | None]:
    """`accepted` and `backfilled`: the earliest of those known and those of ending events."""
    ending = [event.arrival for event in events if event.ended]
    backfills = [arrival for arrival in ending if arrival.source == "backfill"]
    if known and known.accepted:
        ending.append(known.accepted)
    if known and known.backfilled:
        backfills.append(known.backfilled)
    return {"accepted": min(ending, default=None), "backfilled": min(backfills, default=None)}
