"""How it goes, as one frozen value: read from our own store only, no vendor is asked on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

import redis

from bot.integration.switch import Switch, switched
from rules.settings import Settings
from store import keys
from store.alerts import Alert
from store.channel import Channel, Trouble
from store.connection import now_ms, text
from store.directory import Directory
from store.leader import lead_now
from store.operations import Operation, Operations
from store.promise import told_by
from store.quiet import Quiet, Quieted
from store.schedule import Planned, Schedule
from store.settings import Revision
from store.tally import Tally, tally_since
from store.tombstone import DELETED
from store.waiting import Waits, waits
from worker.workshop import Workshop

LATE_BEAT: Final = 60_000
"""Milliseconds without a beat after which the clock is said to stand still."""


@dataclass(frozen=True, slots=True)
class Paused:
    """A vendor that is not asked for now: since when (ms) and our word for why."""

    since: int
    reason: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the status tells; times in ms since 1970."""

    now: int
    name: str
    revision: int
    switch: Switch
    numbers: Literal["all"] | tuple[str, ...]
    """Names of the connected numbers, an id where Aircall has none of it."""
    hours_count: bool
    """Only what falls into business hours is logged."""
    channel: str
    """Its id; empty while none is chosen."""
    channel_in_file: bool = False
    """It stands in settings.toml, so nobody chooses it in Slack."""
    deleted: bool = False
    """Somebody deleted the integration, and nobody has begun anew since."""
    last_event: int | None = None
    today: Tally = field(default_factory=Tally)
    waiting: int = 0
    waits: Waits = field(default_factory=lambda: Waits({}, None))
    failures: int = 0
    unreadable: int = 0
    without_ticket: int = 0
    """Interactions whose ticket was left out because its stage was missing."""
    paused: Mapping[str, Paused] = field(default_factory=dict)
    trouble: Trouble | None = None
    """Why we cannot post in the channel."""
    causes: Mapping[str, int] = field(default_factory=dict)
    """Hangup causes that settings.toml does not map -> times seen."""
    alerts: tuple[Alert, ...] = ()
    quiets: Mapping[str, Quiet] = field(default_factory=dict)
    """Alerts that somebody wants to hear no more of for now, by name."""
    beat: int | None = None
    beating: int = 0
    """Since when clocks beat without having stood still."""
    jobs: tuple[Planned, ...] = ()
    """The background jobs as the clock calls them."""
    operations: tuple[Operation, ...] = ()
    """Long works that are under way."""
    looked: int | None = None
    """When all that Aircall and HubSpot have had been read at least once since."""
    not_unique: tuple[str, ...] = ()
    """HubSpot's types without our unique property."""
    redis: tuple[str, ...] = ()
    """What one's own Redis keeps less well than promised, a sentence each."""

    @property
    def clock_stands(self) -> bool:
        """Whether the clock has not been seen for a minute."""
        return self.beat is None or self.now - self.beat > LATE_BEAT


def gather(shop: Workshop, time_zone: str) -> Facts:
    """Read the facts for a reader of this time zone (IANA; empty: the portal's).

    Raises redis-py's errors, NoSettingsError and DamagedSettingsError.
    """
    connection = shop.connection
    now = now_ms(connection)
    current = shop.revisions.current()
    directory = shop.directory.read()
    channel = shop.file.slack.channel or Channel(connection).chosen()
    zone = time_zone or (directory.account.time_zone if directory.account else "")
    singles = _singles(connection)
    return Facts(
        now=now,
        name=current.settings.name,
        revision=current.number,
        switch=_switch(shop, current),
        numbers=connected(current.settings, directory),
        hours_count=current.settings.business_hours_only,
        channel=channel,
        deleted=current.note == DELETED,
        channel_in_file=bool(shop.file.slack.channel),
        last_event=singles.last_event,
        today=tally_since(connection, midnight(now, zone), now),
        waiting=shop.due.waiting(),
        waits=waits(connection),
        failures=singles.failures,
        unreadable=singles.unreadable,
        without_ticket=singles.without_ticket,
        paused={vendor: paused for vendor in keys.VENDORS if (paused := _paused(shop, vendor))},
        trouble=Channel(connection).trouble(channel),
        causes={text(k): int(v) for k, v in connection.hgetall(keys.CAUSES).items()},
        alerts=shop.alerts.open(),
        quiets=Quieted(connection).all(),
        beat=singles.beat,
        beating=lead_now(connection).since,
        jobs=Schedule(connection).read(),
        operations=Operations(connection).active(),
        looked=min(directory.read_at.values(), default=None),
        not_unique=tuple(sorted(k for k, made in (directory.unique or {}).items() if not made)),
        redis=tuple(told_by(connection)),
    )


def _switch(shop: Workshop, current: Revision) -> Switch:
    if current.note == DELETED:
        return Switch(current.settings.enabled, current.at, current.author)
    return switched(shop.revisions.changing("enabled"), current)


def midnight(now: int, time_zone: str) -> int:
    """Return when today began there (ms); for a zone that nobody knows, in UTC."""
    try:
        zone = ZoneInfo(time_zone or "UTC")
    except (LookupError, ValueError, OSError):
        zone = ZoneInfo("UTC")
    today = datetime.fromtimestamp(now / 1000, UTC).astimezone(zone)
    start = today.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return int(start.timestamp() * 1000)


def connected(settings: Settings, directory: Directory) -> Literal["all"] | tuple[str, ...]:
    """Name the connected numbers, by id what Aircall has no more."""
    if settings.numbers == "all":
        return "all"
    names = {each.id: each.name or each.digits for each in directory.numbers or ()}
    return tuple(sorted((names.get(id_, str(id_)) for id_ in settings.numbers), key=str.casefold))


def _paused(shop: Workshop, vendor: str) -> Paused | None:
    pause = shop.limits.paused(vendor)
    return Paused(int(pause["since"]), pause.get("reason", "")) if "since" in pause else None


@dataclass(frozen=True, slots=True)
class _Singles:
    last_event: int | None
    beat: int | None
    failures: int
    unreadable: int
    without_ticket: int


def _singles(connection: redis.Redis) -> _Singles:
    pipeline = connection.pipeline(transaction=False)
    pipeline.get(keys.LAST_EVENT)
    pipeline.get(keys.BEAT)
    pipeline.zcard(keys.FAILURES)
    pipeline.llen(keys.UNREADABLE)
    pipeline.zcard(keys.UNLOGGED)
    last, beat, *counts = pipeline.execute()
    return _Singles(_moment(last), _moment(beat), *counts)


def _moment(raw: bytes | None) -> int | None:
    return None if raw is None else int(raw)
