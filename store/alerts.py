"""What an admin should know: one entry per problem, open until it is resolved."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import redis
import structlog

from store import keys
from store.connection import now_ms, text


@dataclass(frozen=True, slots=True)
class Alert:
    """A problem: its stable name, one sentence, since when (ms), and what it is about."""

    name: str
    sentence: str
    since: int
    about: Mapping[str, str]


log = structlog.get_logger(__name__)


class Alerts:
    """The open alerts of one Redis."""

    def __init__(
        self, connection: redis.Redis, changed: Callable[[], object] = lambda: None
    ) -> None:
        """Prepare; `changed` is called after each change, so that it is said at once."""
        self._connection = connection
        self._changed = changed

    def raise_(self, name: str, sentence: str, about: Mapping[str, str] | None = None) -> bool:
        """Open an alert, or renew its sentence; True if it was not open before."""
        before = self._connection.hget(keys.ALERTS, name)
        since = json.loads(before)["since"] if before else now_ms(self._connection)
        entry = {"sentence": sentence, "since": since, "about": dict(about or {})}
        raw = json.dumps(entry)
        opened = bool(self._connection.hset(keys.ALERTS, name, raw))
        if opened:
            log.warning("alert", name=name, sentence=sentence)
        if before is None or text(before) != raw:
            self._changed()
        return opened

    def resolve(self, name: str, because: str = "") -> bool:
        """Close an alert, saying in a sentence why where that helps; True if it was open."""
        closed = bool(self._connection.hdel(keys.ALERTS, name))
        if closed:
            log.info("alert resolved", name=name, because=because)
            self._changed()
        return closed

    def names(self) -> frozenset[str]:
        """Return the names of the open ones: cheaper than `open`, for whoever may resolve some."""
        return frozenset(text(name) for name in self._connection.hkeys(keys.ALERTS))

    def open(self) -> tuple[Alert, ...]:
        """Return the open ones, oldest first."""
        alerts = [
            Alert(text(name), **json.loads(raw))
            for name, raw in self._connection.hgetall(keys.ALERTS).items()
        ]
        return tuple(sorted(alerts, key=lambda each: each.since))
