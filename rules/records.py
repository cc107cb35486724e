"""What is known of one Aircall interaction: the typed records that its events are folded into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple

Direction = Literal["inbound", "outbound"]
Source = Literal["webhook", "gap", "backfill", "api"]


class Version(NamedTuple):
    """How new a value is: a later tuple wins.

    `timestamp` is Aircall's, in UNIX seconds; `stage` orders the events of one second (created,
    ringing, answered, hungup, ended, after-call); `arrived` is our clock, in milliseconds.
    """

    timestamp: int
    stage: int
    arrived: int


FIRST_VERSION = Version(0, 0, 0)


class Arrival(NamedTuple):
    """When an interaction came to be logged, and the settings revision in force at that moment."""

    at: int
    """Milliseconds since 1970, by the store's clock."""
    revision: int
    source: Source = "webhook"


@dataclass(frozen=True, slots=True)
class Line:
    """One Aircall number, as far as an event told of it."""

    id: int | None = None
    name: str = ""
    digits: str = ""
    """E.164 where they parse, else as Aircall displays them."""
    country: str | None = None
    """ISO 3166 code of two letters."""
    time_zone: str | None = None
    availability: str | None = None
    """Aircall's `availability_status`: open, custom or closed."""
    open: bool | None = None


@dataclass(frozen=True, slots=True)
class Agent:
    """An Aircall user: the e-mail is the key to a HubSpot owner."""

    id: int | None = None
    name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Aircall's own contact of the other party."""

    id: int | None = None
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    emails: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """First and last name, as far as known; may be empty."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag that an agent set on a call."""

    id: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on a call; immutable in Aircall."""

    id: int
    text: str
    at: int | None = None
    """UNIX seconds."""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One option that a caller chose in a line's voice menu (IVR)."""

    id: str
    title: str
    at: int | None = None
    """UNIX seconds."""


@dataclass(frozen=True, slots=True)
class Call:
    """One Aircall call: the newest value of each field that any event carried."""

    id: str
    """The interaction id: `call-4001`."""
    direction: Direction | None = None
    phone: str | None = None
    """The other party's `raw_digits`, as sent: a display format, or `anonymous`."""
    started_at: int | None = None
    answered_at: int | None = None
    ended_at: int | None = None
    missed_reason: str | None = None
    hangup_cause: str | None = None
    voicemail: bool = False
    recording: bool = False
    asset: str | None = None
    line: Line | None = None
    other_lines: tuple[Line, ...] = ()
    """Lines of older events: an IVR's parent and child numbers both tell of one call."""
    agent: Agent | None = None
    person: Person | None = None
    assigned_to: Agent | None = None
    transferred_by: Agent | None = None
    transferred_to: Agent | None = None
    transferred_to_phone: str | None = None
    tags: tuple[Tag, ...] = ()
    comments: tuple[Comment, ...] = ()
    ivr_choices: tuple[Choice, ...] = ()
    hung_up: bool = False
    ended: bool = False
    accepted: Arrival | None = None
    """The first arrival of `call.ended` (or of an API read that shows the call ended)."""
    backfilled: Arrival | None = None
    """The first arrival by `backfill`, which an admin asked for on purpose."""
    as_of: Version = FIRST_VERSION
    versions: Mapping[str, Version] = field(default_factory=dict)
    """Version of each field that is older than `as_of`; `line.1001.open` for a line's own."""

    @property
    def own_id(self) -> str:
        """Aircall's own id: `4001`."""
        return self.id.removeprefix("call-")

    @property
    def start(self) -> int:
        """When it began, in UNIX seconds; the nearest known moment if Aircall did not say."""
        known = self.started_at or self.answered_at or self.ended_at
        return known or _first_seen(self.accepted, self.as_of)

    @property
    def finish(self) -> int:
        """When it ended, in UNIX seconds; its start while that is not known."""
        return self.ended_at or self.start


@dataclass(frozen=True, slots=True)
class Message:
    """One SMS, MMS, WhatsApp or group message."""

    id: str
    """The interaction id: `message-<uuid>` or `group-<uuid>`."""
    group: bool = False
    direction: Direction | None = None
    channel: str | None = None
    """Aircall's `channel`: `whatsapp`, else null for SMS and MMS."""
    phone: str | None = None
    participants: tuple[str, ...] = ()
    """Of a group message: the phones as sent."""
    body: str = ""
    template: str = ""
    """Of a WhatsApp template message: the template's content."""
    media: tuple[str, ...] = ()
    """File names."""
    status: str | None = None
    sent_at: int | None = None
    """UNIX seconds."""
    line: Line | None = None
    other_lines: tuple[Line, ...] = ()
    agent: Agent | None = None
    person: Person | None = None
    accepted: Arrival | None = None
    backfilled: Arrival | None = None
    as_of: Version = FIRST_VERSION
    versions: Mapping[str, Version] = field(default_factory=dict)

    @property
    def own_id(self) -> str:
        """Aircall's own id: the part after `message-` or `group-`."""
        return self.id.partition("-")[2]

    @property
    def start(self) -> int:
        """When it was sent, in UNIX seconds; the nearest known moment if Aircall did not say."""
        return self.sent_at or _first_seen(self.accepted, self.as_of)

    @property
    def finish(self) -> int:
        """A message takes no time."""
        return self.start


Interaction = Call | Message


def with_known_line(interaction: Interaction, lines: Mapping[int, Line]) -> Interaction:
    """Fill in the name, digits and country that no event told of the line; `lines` are ours by id.

    What is filled in is of the first version, older than any event: one that tells wins later on.
    """
    line = interaction.line
    known = lines.get(line.id) if line and line.id is not None else None
    if line is None or known is None:
        return interaction
    filled: Mapping[str, Any] = {
        name: getattr(known, name)
        for name in ("name", "digits", "country")
        if getattr(known, name) and not getattr(line, name)
    }
    if not filled:
        return interaction
    versions = {f"line.{line.id}.{name}": FIRST_VERSION for name in filled}
    return replace(
        interaction,
        line=replace(line, **filled),
        versions={**interaction.versions, **versions},
    )


def _first_seen(accepted: Arrival | None, as_of: Version) -> int:
    return accepted.at // 1000 if accepted else as_of.timestamp
