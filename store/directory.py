"""What Aircall and HubSpot have, as last read: numbers, users, owners, outcomes, pipelines ..."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Literal, get_args

import redis
from pydantic import TypeAdapter

from rules.owners import Owner
from rules.settings import Former, Known
from store import keys
from store.connection import now_ms, text
from store.damaged import if_readable
from store.seal import check_seal, seal

Part = Literal[
    "numbers", "users", "tags", "owners", "outcomes", "pipelines", "account", "properties", "unique"
]
PARTS: Final[tuple[Part, ...]] = get_args(Part)
FORMER: Final = "former"
"""Beside the parts, which are read, one that is remembered."""
MOST_FORMER: Final = 500
"""Pipelines, and stages of one, that are remembered."""


@dataclass(frozen=True, slots=True)
class Number:
    """An Aircall line: E.164 where it could be parsed."""

    id: int
    name: str
    digits: str
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A ticket pipeline: stage ids to labels, in HubSpot's order."""

    id: str
    label: str
    stages: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Account:
    """The portal, for links and for the day of its limits."""

    portal_id: str = ""
    ui_domain: str = "app.hubspot.com"
    time_zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Directory:
    """All parts together; a part is None until it was read once."""

    numbers: tuple[Number, ...] | None = None
    users: Mapping[int, str] | None = None
    """Aircall user id -> e-mail."""
    tags: Mapping[int, str] | None = None
    owners: tuple[Owner, ...] | None = None
    outcomes: Mapping[str, str] | None = None
    """HubSpot outcome GUID -> label."""
    pipelines: tuple[Pipeline, ...] | None = None
    account: Account | None = None
    properties: Mapping[str, tuple[str, ...]] | None = None
    """Object type -> those of the properties we search by that it has."""
    unique: Mapping[str, bool] | None = None
    """Object type -> whether our unique property exists there."""
    former: tuple[Pipeline, ...] = ()
    """All pipelines and stages that were ever there, by their last names: for what is gone."""
    read_at: Mapping[str, int] = field(default_factory=dict)
    """Part -> when it was read (ms)."""

    @property
    def complete(self) -> bool:
        """Whether all that a plan needs was read at least once."""
        return None not in (self.owners, self.properties, self.unique, self.outcomes)

    @property
    def all_unique(self) -> bool:
        """Whether every object type has its unique property: drains may run side by side."""
        return bool(self.unique) and all((self.unique or {}).values())


_TYPES: Final[Mapping[str, TypeAdapter[Any]]] = {
    "numbers": TypeAdapter(tuple[Number, ...]),
    "users": TypeAdapter(Mapping[int, str]),
    "tags": TypeAdapter(Mapping[int, str]),
    "owners": TypeAdapter(tuple[Owner, ...]),
    "outcomes": TypeAdapter(Mapping[str, str]),
    "pipelines": TypeAdapter(tuple[Pipeline, ...]),
    "account": TypeAdapter(Account),
    "properties": TypeAdapter(Mapping[str, tuple[str, ...]]),
    "unique": TypeAdapter(Mapping[str, bool]),
    FORMER: TypeAdapter(tuple[Pipeline, ...]),
}


class DirectoryStore:
    """The directory of one Redis, parsed again only when it changed."""

    def __init__(self, connection: redis.Redis) -> None:
        self._connection = connection
        # Together, for threads read at the same time: never the one with another's other.
        self._read: tuple[dict[str, str], Directory] = ({}, Directory())

    def read(self) -> Directory:
        """Return the directory as it is now."""
        raw = {text(k): text(v) for k, v in self._connection.hgetall(keys.DIRECTORY).items()}
        before, parsed = self._read
        if raw != before:
            parsed = _parse(raw)
            self._read = raw, parsed
        return parsed

    def write(self, part: Part, value: object) -> None:
        """Replace one part; dated by the store's clock."""
        written: dict[str, Any] = {part: value}
        if part == "pipelines":
            written[FORMER] = _remembered(self.read().former, written[part])
        now = now_ms(self._connection)
        items = {
            name: _TYPES[name].dump_python(each, mode="json") for name, each in written.items()
        }
        for name, each in items.items():
            kept = json.dumps({"at": now, "is": each}, separators=(",", ":"))
            self._connection.hset(keys.DIRECTORY, name, seal(kept, name))

    def refresh_allowed(self, part: Part, every: int) -> bool:
        """Whether `part` may be read again for a miss: once in `every` seconds, by anyone."""
        return bool(self._connection.set(keys.missed(part), "1", nx=True, ex=every))


def known_from_store(connection: redis.Redis) -> Known:
    """Return the directory as the settings are checked against it; unread parts are not checked."""
    return known_of(DirectoryStore(connection).read())


def known_of(now: Directory) -> Known:
    """Return what the settings are checked against, of a directory that was read."""
    return Known(
        numbers=None
        if now.numbers is None
        else {each.id: each.name or each.digits for each in now.numbers},
        pipelines=None
        if now.pipelines is None
        else {each.id: dict(each.stages) for each in now.pipelines},
        pipeline_labels={each.id: each.label for each in now.pipelines or ()},
        former=Former(
            {each.id: each.label for each in now.former},
            {each.id: each.stages for each in now.former},
        ),
        owners=None if now.owners is None else {each.id: each.active for each in now.owners},
        owner_names={each.id: each.name or each.email for each in now.owners or ()},
        outcomes=now.outcomes,
        tags=None if now.tags is None else {str(id_): name for id_, name in now.tags.items()},
    )


def _remembered(former: Iterable[Pipeline], now: Iterable[Pipeline]) -> tuple[Pipeline, ...]:
    """Add what is there now to what was; the names of now count, and the oldest are forgotten."""
    known = {each.id: each for each in former}
    for each in now:
        before = known.pop(each.id, None)
        gone = dict(before.stages if before else {})
        stages = {id_: label for id_, label in gone.items() if id_ not in each.stages}
        kept = [*stages.items(), *each.stages.items()][-MOST_FORMER:]
        known[each.id] = Pipeline(each.id, each.label, dict(kept))
    return tuple(known.values())[-MOST_FORMER:]


def _parse(raw: Mapping[str, str]) -> Directory:
    parts: dict[str, Any] = {}
    read_at: dict[str, int] = {}
    for name, item in raw.items():
        if name not in _TYPES:
            continue  # written by a newer version
        found = if_readable(f"{keys.DIRECTORY} {name}", partial(_part, name, item))
        if found is None:
            continue  # a part that is damaged counts as not read yet
        parts[name], at = found
        if name != FORMER:
            read_at[name] = at
    return Directory(**parts, read_at=read_at)


def _part(name: str, item: str) -> tuple[Any, int]:
    kept = json.loads(check_seal(item, name))
    return _TYPES[name].validate_python(kept["is"]), int(kept["at"])
