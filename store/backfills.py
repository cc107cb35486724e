"""What backfills would do (previews, for an hour), and who had which past time logged."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final, Literal

import redis

from store import keys
from store.connection import now_ms, text

LASTS: Final = 3_600
"""Seconds for which a preview may be started, and its counting may stand still."""
MOST: Final = 100
"""Backfills that are remembered."""

State = Literal["counting", "ready", "failed"]


@dataclass(frozen=True, slots=True)
class Preview:
    """One past time before it is logged; `start` and `end` in UNIX seconds, both included."""

    id: str
    by: str
    """Slack id of whoever asked."""
    name: str
    start: int
    end: int
    revision: int
    """Number of the settings that it was counted by."""
    began: int
    """Milliseconds since 1970."""
    state: State = "counting"
    walk: Mapping[str, Any] = field(default_factory=dict)
    """Where the counting stands."""
    counts: Mapping[str, int] = field(default_factory=dict)
    total: int | None = None
    """Calls that Aircall has of this time; None while nobody asked."""
    trouble: str = ""
    """Why it failed, or what the counting waits for, in one sentence."""
    moved: int = 0
    """When the counting last went on (ms)."""
    channel: str = ""
    ts: str = ""
    """Slack's name of the message that tells of it."""
    told: str = ""
    """The state that the message last told in full."""


class Previews:
    """The previews of one Redis; every method raises redis-py's errors."""

    def __init__(self, connection: redis.Redis) -> None:
        self._connection = connection

    def begin(self, by: str, name: str, start: int, end: int, revision: int) -> Preview:
        """Note that a time is to be counted."""
        now = now_ms(self._connection)
        preview = Preview(uuid.uuid4().hex, by, name, start, end, revision, now, moved=now)
        asked = ("id", "by", "name", "start", "end", "revision", "began")
        kept = {name: value for name, value in asdict(preview).items() if name in asked}
        pipeline = self._connection.pipeline(transaction=True)
        pipeline.hset(keys.backfill_preview(preview.id), "asked", json.dumps(kept))
        pipeline.expire(keys.backfill_preview(preview.id), LASTS)
        pipeline.rpush(keys.BACKFILL_PREVIEWS, preview.id)
        pipeline.execute()
        return preview

    def of(self, id_: str) -> Preview | None:
        """Return a preview; None if it is over: started, cancelled, or expired."""
        kept = self._connection.hgetall(keys.backfill_preview(id_))
        return _parsed({text(name): text(value) for name, value in kept.items()})

    def counted(
        self, preview: Preview, phones: frozenset[str] = frozenset(), moved: int | None = None
    ) -> Preview:
        """Keep how far the counting is, and the phones that it found since.

        `moved` is since when it stands still, if it does.
        """
        preview = replace(preview, moved=now_ms(self._connection) if moved is None else moved)
        counted = ("state", "walk", "counts", "total", "trouble", "moved")
        kept = {name: value for name, value in asdict(preview).items() if name in counted}
        pipeline = self._connection.pipeline(transaction=True)
        pipeline.hset(keys.backfill_preview(preview.id), "counted", json.dumps(kept))
        pipeline.expire(keys.backfill_preview(preview.id), LASTS)
        if phones:
            pipeline.sadd(keys.backfill_phones(preview.id), *phones)
        pipeline.expire(keys.backfill_phones(preview.id), LASTS)
        pipeline.execute()
        return preview

    def phones(self, id_: str) -> int:
        """Count the phones that a preview found."""
        return int(self._connection.scard(keys.backfill_phones(id_)))

    def tell(self, preview: Preview, channel: str, ts: str, told: str) -> None:
        """Note where the message on it stands, and what it says."""
        message = json.dumps({"channel": channel, "ts": ts, "told": told})
        pipeline = self._connection.pipeline(transaction=True)
        pipeline.hset(keys.backfill_preview(preview.id), "message", message)
        # One that was taken meanwhile must not come back for ever.
        pipeline.expire(keys.backfill_preview(preview.id), LASTS, nx=True)
        if told != "counting":
            pipeline.lrem(keys.BACKFILL_PREVIEWS, 0, preview.id)
        pipeline.execute()

    def open(self) -> tuple[str, ...]:
        """Name those that are being counted or were not told of in full, oldest first."""
        return tuple(text(each) for each in self._connection.lrange(keys.BACKFILL_PREVIEWS, 0, -1))

    def take(self, id_: str) -> bool:
        """End a preview, as it is started or cancelled; True for the one who ended it."""
        pipeline = self._connection.pipeline(transaction=True)
        pipeline.hdel(keys.backfill_preview(id_), "asked")
        pipeline.delete(keys.backfill_preview(id_), keys.backfill_phones(id_))
        pipeline.lrem(keys.BACKFILL_PREVIEWS, 0, id_)
        return bool(pipeline.execute()[0])


@dataclass(frozen=True, slots=True)
class Backfill:
    """One past time that was logged on purpose."""

    id: str
    """The operation's."""
    by: str
    name: str
    began: int
    """Milliseconds since 1970."""
    start: int
    end: int
    """UNIX seconds, both included."""


class Backfills:
    """Who had which past time logged; every method raises redis-py's errors."""

    def __init__(self, connection: redis.Redis) -> None:
        self._connection = connection

    def note(self, backfill: Backfill) -> None:
        """Remember one that begins."""
        pipeline = self._connection.pipeline(transaction=True)
        pipeline.lpush(keys.BACKFILLS, json.dumps(asdict(backfill)))
        pipeline.ltrim(keys.BACKFILLS, 0, MOST - 1)
        pipeline.execute()

    def at(self, ms: int) -> Backfill | None:
        """Return the one that brought what arrived then: only one is at work at a time."""
        raws = self._connection.lrange(keys.BACKFILLS, 0, -1)
        kept = (Backfill(**json.loads(raw)) for raw in raws)
        return next((each for each in kept if each.began <= ms), None)


def _parsed(kept: Mapping[str, str]) -> Preview | None:
    if "asked" not in kept:
        return None
    parts = (json.loads(kept[name]) for name in ("asked", "counted", "message") if name in kept)
    found: dict[str, Any] = {name: value for part in parts for name, value in part.items()}
    return Preview(**{"moved": found["began"], **found})
