"""Where in Slack open alerts are told, what is said there, and whether there is more to tell."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any, Final, Literal

import redis
from pydantic import TypeAdapter

from store import keys
from store.alerts import Alert
from store.connection import now_ms, text
from store.damaged import if_readable, strict

LONGEST_WAIT: Final = 610_000
"""Milliseconds: Slack never asks for a longer wait, so that one was noted before the wall clock
stepped back."""
LONGEST_REST: Final = 3_600_000
"""Milliseconds after which we look again whatever was noted, for the same reason."""
Why = Literal["again", "moved", "joined"]
"""A message was left because its alert was told again below, elsewhere, or in a list."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One message in Slack; `reader` (Slack id) where it is a direct one."""

    channel: str
    ts: str
    reader: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """A message that was left and is to say so, since when (ms)."""

    spot: Spot
    why: Why
    since: int
    tried: int = 0
    """When (ms) Slack last refused to have it changed."""


@dataclass(frozen=True, slots=True)
class Member:
    """An alert as a message tells it; `ended` (ms) once it is resolved."""

    alert: Alert
    ended: int | None = None
    because: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """A message on one alert, or on several that opened at once; times in ms."""

    id: str
    members: tuple[Member, ...]
    spots: tuple[Spot, ...]
    """Where it stands: one place in a channel, or one for each admin."""
    home: str
    """The channel; empty where it went to the admins directly."""
    first: int
    """When it was first told."""
    posted: int
    """When it was last told anew: reminders count from here."""
    updated: int
    state: str = ""
    """Digest of what matters in it, as it was last said."""
    shown: str = ""
    """Digest of all that it last said."""
    asked_by: str = ""
    """Who asked to be reminded by this one."""
    left: tuple[Left, ...] = ()
    tried: int = 0
    """When something about it was last tried in vain."""

    @property
    def open(self) -> tuple[Alert, ...]:
        """The alerts in it that are not resolved."""
        return tuple(each.alert for each in self.members if each.ended is None)

    @property
    def is_list(self) -> bool:
        """Whether it tells of several."""
        return len(self.members) > 1


@dataclass(frozen=True, slots=True)
class Seen:
    """How far we are: `state` was told; `next` (ms) there is more; Slack is asked from `wait`."""

    state: str = ""
    next: int | None = None
    wait: int = 0

    def waits(self, now: int) -> bool:
        """Tell whether Slack is to be left alone now (ms)."""
        return now < self.wait <= now + LONGEST_WAIT

    def is_time(self, now: int) -> bool:
        """Tell whether there is more by now (ms), though nothing changed."""
        return self.next is not None and not now < self.next <= now + LONGEST_REST


_POST: Final = TypeAdapter(Post)
_SEEN: Final = TypeAdapter(Seen)


class Told:
    """What one Redis knows of our messages; every method raises redis-py's errors."""

    def __init__(self, connection: redis.Redis) -> None:
        self._connection = connection

    def posts(self) -> tuple[Post, ...]:
        """Return the messages that may change yet, oldest first."""
        kept = self._connection.hgetall(keys.ALERT_POSTS)
        read = (
            if_readable(keys.ALERT_POSTS, partial(read_post, id_, raw)) for id_, raw in kept.items()
        )
        found = (each for each in read if each is not None)
        return tuple(sorted(found, key=lambda each: (each.first, each.id)))

    def keep(self, *posts: Post) -> None:
        """Note messages as they are now, in one piece."""
        kept: dict[Any, Any] = {each.id: json.dumps(asdict(each)) for each in posts}
        if kept:
            self._connection.hset(keys.ALERT_POSTS, mapping=kept)

    def replace(self, gone: tuple[Post, ...], kept: Post) -> None:
        """Note a message that stands for others from now on."""
        pipeline = self._connection.pipeline()
        if ids := [each.id for each in gone if each.id != kept.id]:
            pipeline.hdel(keys.ALERT_POSTS, *ids)
        pipeline.hset(keys.ALERT_POSTS, kept.id, json.dumps(asdict(kept)))
        pipeline.execute()

    def drop(self, post: Post) -> None:
        """Forget a message that will not change any more."""
        self._connection.hdel(keys.ALERT_POSTS, post.id)

    def seen(self) -> Seen:
        """Return how far we are."""
        raw = self._connection.get(keys.ALERTS_SEEN)
        seen = if_readable(keys.ALERTS_SEEN, partial(read_seen, raw)) if raw else None
        return seen or Seen()

    def all_said(self, state: str, next_: int | None) -> None:
        """Note that all was told of a `state`, and when (ms) there is more even if it stays so."""
        self._connection.set(keys.ALERTS_SEEN, json.dumps(asdict(Seen(state, next_))))

    def wait(self, milliseconds: int) -> None:
        """Note that Slack is not to be asked for so long."""
        until = now_ms(self._connection) + milliseconds
        kept = replace(self.seen(), wait=until)
        self._connection.set(keys.ALERTS_SEEN, json.dumps(asdict(kept)))

    def state(self, channel: str) -> str:
        """Return what there is to tell, as a word that changes with it; `channel` is where."""
        version, trouble = self._connection.mget(keys.ALERTS_VERSION, keys.CHANNEL_TROUBLE)
        return f"{text(version or b'0')} {channel} {'in trouble' if trouble else ''}".strip()

    def is_due(self, channel: str) -> bool:
        """Tell whether there is something to tell now, and Slack may be asked."""
        seen, now = self.seen(), now_ms(self._connection)
        if seen.waits(now) or not self._connection.exists(keys.ALERTS_VERSION):
            return False
        return seen.is_time(now) or self.state(channel) != seen.state


def read_post(id_: bytes | str, raw: bytes | str) -> Post:
    """Read an entry of ALERT_POSTS; raises ValueError where it is not what we write."""
    post = _POST.validate_json(raw)
    if post.id != strict(id_):
        raise ValueError("kept under another id")
    return post


def read_seen(raw: bytes | str) -> Seen:
    """Read ALERTS_SEEN; raises as `read_post` does."""
    return _SEEN.validate_json(raw)
