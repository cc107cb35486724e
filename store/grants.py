"""Who was granted the right to change settings in Slack, by whom and until when."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

import redis
from redis.exceptions import WatchError

from store import keys
from store.connection import now_ms, text


@dataclass(frozen=True, slots=True)
class Grant:
    """One person's right; times in ms since 1970, `until` None for good."""

    user: str
    by: str
    at: int
    until: int | None = None
    name: str = ""
    """What the person was called then, for whoever has the list read aloud."""


class Grants:
    """The grants of one Redis; every method raises redis-py's errors."""

    def __init__(self, connection: redis.Redis) -> None:
        self._connection = connection

    def give(self, user: str, by: str, seconds: int | None = None, name: str = "") -> Grant:
        """Grant the right, for good or for so many seconds; a later grant replaces the former."""
        at = now_ms(self._connection)
        grant = Grant(user, by, at, None if seconds is None else at + seconds * 1000, name)
        kept = {name: value for name, value in asdict(grant).items() if name != "user"}
        self._connection.hset(keys.GRANTS, user, json.dumps(kept))
        return grant

    def take(self, user: str) -> bool:
        """Revoke the right; False if it was not granted."""
        return bool(self._connection.hdel(keys.GRANTS, user))

    def take_unless_last(self, user: str) -> bool:
        """Revoke the right, unless nobody would hold it then; False if it was kept.

        Who holds it for good is only revoked while somebody else holds it for good.
        """
        with self._connection.pipeline() as pipe:
            while True:
                pipe.watch(keys.GRANTS)  # type: ignore[no-untyped-call]
                if _is_last(user, self._held(pipe.hgetall(keys.GRANTS))):
                    return False
                pipe.multi()
                pipe.hdel(keys.GRANTS, user)
                try:
                    pipe.execute()
                except WatchError:
                    continue  # somebody granted or revoked meanwhile
                return True

    def is_last(self, user: str) -> bool:
        """Tell whether without this person's grant nobody would hold the right (for good)."""
        return _is_last(user, self.all())

    def of(self, user: str) -> Grant | None:
        """Return a person's grant, if it still holds."""
        raw = self._connection.hget(keys.GRANTS, user)
        return self._valid(user, raw) if raw else None

    def all(self) -> tuple[Grant, ...]:
        """Return the grants that hold, oldest first; those that ran out are forgotten."""
        kept = self._connection.hgetall(keys.GRANTS)
        held = self._held(kept)
        if over := {text(user) for user in kept} - {grant.user for grant in held}:
            self._connection.hdel(keys.GRANTS, *over)
        return held

    def _held(self, kept: Mapping[bytes | str, bytes | str]) -> tuple[Grant, ...]:
        """Read the grants that hold, oldest first."""
        grants = (self._valid(text(user), raw) for user, raw in kept.items())
        return tuple(
            sorted((each for each in grants if each), key=lambda each: (each.at, each.user))
        )

    def _valid(self, user: str, raw: bytes | str) -> Grant | None:
        grant = Grant(user, **json.loads(raw))
        over = grant.until is not None and grant.until <= now_ms(self._connection)
        return None if over else grant


def _is_last(user: str, held: Iterable[Grant]) -> bool:
    grants = {grant.user: grant for grant in held}
    mine = grants.pop(user, None)
    if mine is None:
        return False
    if mine.until is None:
        return all(grant.until is not None for grant in grants.values())
    return not grants
