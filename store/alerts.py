"""What an admin should know: one entry per problem, open until it is resolved."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import redis

from store import keys
from store.connection import now_ms, text


@dataclass(frozen=True, slots=True)
class Alert:
    """A problem: its stable name, one sentence, since when (ms), and what it is about."""

    name: str
    sentence: str
    since: int
    about: Mapping[str, str]


class Alerts:
    """The open alerts of one Redis."""

    def __init__(self, connection: redis.Redis) -> None:
        self._connection = connection

    def raise_(self, name: str, sentence: str, about: Mapping[str, str] | None = None) -> bool:
        """Open an alert, or renew its sentence; True if it was not open before."""
        before = self._connection.hget(keys.ALERTS, name)
        since = json.loads(before)["since"] if before else now_ms(self._connection)
        entry = {"sentence": sentence, "since": since, "about": dict(about or {})}
        return bool(self._connection.hset(keys.ALERTS, name, json.dumps(entry)))

    def resolve(self, name: str) -> bool:
        """Close an alert; True if it was open."""
        return bool(self._connection.hdel(keys.ALERTS, name))

    def open(self) -> tuple[Alert, ...]:
        """Return the open ones, oldest first."""
        alerts = [
            Alert(text(name), **json.loads(raw))
            for name, raw in self._connection.hgetall(keys.ALERTS).items()
        ]
        return tuple(sorted(alerts, key=lambda each: each.since))
