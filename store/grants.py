"""Who was granted the right to change settings in Slack, by whom and until when."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

import redis

from store import keys
from store.connection import now_ms, text


@dataclass(frozen=True, slots=True)
class Grant:
    """One person's right; times in ms since 1970, `until` None for good."""

    user: str
    by: str
    at: int
    until: int | None = None


class Grants:
    """The grants of one Redis; every method raises redis-py's errors."""

    def __init__(self, connection: redis.Redis) -> None:
        self._connection = connection

    def give(self, user: str, by: str, seconds: int | None = None) -> Grant:
        """Grant the right, for good or for so many seconds; a later grant replaces the former."""
        at = now_ms(self._connection)
        grant = Grant(user, by, at, None if seconds is None else at + seconds * 1000)
        kept = {name: value for name, value in asdict(grant).items() if name != "user"}
        self._connection.hset(keys.GRANTS, user, json.dumps(kept))
        return grant

    def take(self, user: str) -> bool:
        """Revoke the right; False if it was not granted."""
        return bool(self._connection.hdel(keys.GRANTS, user))

    def of(self, user: str) -> Grant | None:
        """Return a person's grant, if it still holds."""
        raw = self._connection.hget(keys.GRANTS, user)
        return self._valid(user, raw) if raw else None

    def all(self) -> tuple[Grant, ...]:
        """Return the grants that hold, oldest first; those that ran out are forgotten."""
        held = []
        for user, raw in self._connection.hgetall(keys.GRANTS).items():
            if grant := self._valid(text(user), raw):
                held.append(grant)
            else:
                self._connection.hdel(keys.GRANTS, user)
        return tuple(sorted(held, key=lambda each: each.at))

    def _valid(self, user: str, raw: bytes | str) -> Grant | None:
        grant = Grant(user, **json.loads(raw))
        over = grant.until is not None and grant.until <= now_ms(self._connection)
        return None if over else grant
