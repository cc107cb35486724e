"""Parse one stored delivery of Aircall's once, leniently, never raising on any JSON value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypedDict

from rules.payloads import (
    CallSnapshot,
    MessageSnapshot,
    call_snapshot,
    message_snapshot,
)
from rules.records import Arrival, Source, Version
from rules.scalars import seconds, whole

READ: Final = "call.read"
"""Our name for an answer of `GET /v1/calls`: it counts as an event at its fetch time."""

_AFTER_CALL: Final = 7
_STAGES: Final[Mapping[str, int]] = {
    "call.created": 0,
    "call.ringing_on_agent": 1,
    "call.agent_declined": 2,
    "call.ivr_option_selected": 2,
    "call.answered": 3,
    "call.transferred": 4,
    "call.external_transferred": 4,
    "call.unsuccessful_transfer": 4,
    "call.hold": 4,
    "call.unhold": 4,
    "call.hungup": 5,
    "call.ended": 6,
    "call.voicemail_left": _AFTER_CALL,
    "call.comm_assets_generated": _AFTER_CALL,
    "call.tagged": _AFTER_CALL,
    "call.untagged": _AFTER_CALL,
    "call.commented": _AFTER_CALL,
    "call.assigned": _AFTER_CALL,
    "call.archived": _AFTER_CALL,
    "message.sent": 0,
    "message.received": 0,
    "message.status_updated": 1,
    "group_message.sent": 0,
    "group_message.received": 0,
    "group_message.status_updated": 1,
}
KNOWN_EVENTS: Final = frozenset(_STAGES)
"""The events that tell of an interaction; everything else is at most a hint."""

_PREFIXES: Final = {"call": "call-", "message": "message-", "group_message": "group-"}
_ID = re.compile(r"[A-Za-z0-9_-]{1,80}", re.ASCII)
_SOURCES: Final[Mapping[str, Source]] = {
    "webhook": "webhook",
    "gap": "gap",
    "backfill": "backfill",
    "api": "api",
}


class Envelope(TypedDict):
    """What the door stores of a delivery, as JSON: the token is already taken out of the event."""

    arrived: int
    """Milliseconds since 1970, by the store's clock."""
    revision: int
    """The settings revision in force at that moment."""
    source: Source
    event: Mapping[str, Any]
    """`{resource, event, timestamp, data}`, as Aircall sent it."""


@dataclass(frozen=True, slots=True)
class Event:
    """One readable event of an interaction."""

    id: str
    """The interaction's: `call-4001`."""
    name: str
    version: Version
    arrival: Arrival
    snapshot: CallSnapshot | MessageSnapshot
    voicemail_left: bool = False
    hung_up: bool = False
    ended: bool = False
    """The interaction may be logged from now on."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A delivery that tells nothing of an interaction, and why."""

    reason: str


def interaction_id(event: Mapping[str, Any]) -> str | None:
    """`call-4001`, `message-<uuid>`, `group-<uuid>` or `hint-<resource>-<id>`; None if malformed.

    The event's name outweighs `resource`: an AI event of resource `call` must not be taken for a
    call of the AI object's id. Ids are `[A-Za-z0-9_-]`, at most 80 characters.
    """
    data, resource, name = event.get("data"), event.get("resource"), event.get("event")
    if not isinstance(data, dict):
        return None
    if not isinstance(name, str):
        name = ""
    prefix = name.partition(".")[0]
    kind = prefix if prefix in _PREFIXES else (resource if not prefix else "")
    if kind in ("call", "message", "group_message"):
        names = ("group_message_id", "id") if kind == "group_message" else ("id", f"{kind}_id")
        own = _own_id(data, names[0]) or _own_id(data, names[1])
        return f"{_PREFIXES[kind]}{own}" if own else None
    about = resource if isinstance(resource, str) else prefix
    own = _own_id(data, "id") or _own_id(data, f"{about}_id")
    return f"hint-{about}-{own}" if own and _ID.fullmatch(about) else None


def is_ending(event_name: str) -> bool:
    """Whether the event makes its interaction ready to be logged: `call.ended`, any message's."""
    return event_name == "call.ended" or (
        event_name in KNOWN_EVENTS and not event_name.startswith("call.")
    )


def is_over(call: Mapping[str, Any]) -> bool:
    """Whether a Call object of Aircall's API tells of a call that has ended, answered or not."""
    return call.get("status") == "done" and seconds(call.get("ended_at")) is not None


def read_envelope(call: Mapping[str, Any], fetched: int, revision: int, source: Source) -> Envelope:
    """Dress a Call object of Aircall's API as a stored event; `fetched` in milliseconds."""
    event = {"resource": "call", "event": READ, "timestamp": fetched // 1000, "data": call}
    return {"arrived": fetched, "revision": revision, "source": source, "event": event}


def parse(envelope: object) -> Event | Unreadable:
    """Read a stored `Envelope`: any JSON value is taken, and never raises.

    An API read (source `gap`, `backfill` or `api`) is an event at the time it was fetched.
    """
    if not isinstance(envelope, dict) or not isinstance(event := envelope.get("event"), dict):
        return Unreadable("not an envelope of ours")
    arrived, revision = whole(envelope.get("arrived")), whole(envelope.get("revision"))
    named = envelope.get("source")
    source = _SOURCES.get(named) if isinstance(named, str) else None
    if arrived is None or revision is None or source is None:
        return Unreadable("the envelope lacks arrival, revision or source")
    return _parse_event(event, Arrival(arrived, revision, source))


def _parse_event(event: Mapping[str, Any], arrival: Arrival) -> Event | Unreadable:
    name, data = event.get("event"), event.get("data")
    if arrival.source != "webhook":
        name = READ
    elif not isinstance(name, str):
        return Unreadable("no event name")
    elif name not in KNOWN_EVENTS:
        return Unreadable("not an event of a call or message")
    if not isinstance(data, dict) or not data:
        return Unreadable("no data")
    own = interaction_id({"event": name, "data": data})
    if own is None:
        return Unreadable("no usable id")
    fetched = arrival.at // 1000
    timestamp = fetched if name == READ else seconds(event.get("timestamp")) or fetched
    version = Version(timestamp, _STAGES.get(name, _AFTER_CALL), arrival.at)
    if not name.startswith("call."):
        return Event(own, name, version, arrival, message_snapshot(data, name), ended=True)
    snapshot = call_snapshot(data, name)
    # Only the API may say by its status that a call is over: a webhook's `done` comes with hungup.
    ended = name == "call.ended" or (name == READ and is_over(data))
    return Event(
        id=own,
        name=name,
        version=version,
        arrival=arrival,
        snapshot=snapshot,
        voicemail_left=snapshot.voicemail or name == "call.voicemail_left",
        hung_up=ended or name == "call.hungup",
        ended=ended,
    )


def _own_id(data: Mapping[str, Any], name: str) -> str | None:
    value = data.get(name)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        value = str(value) if value < 10**20 else None
    return value if isinstance(value, str) and _ID.fullmatch(value) else None
