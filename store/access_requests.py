"""Who asked to be allowed to change settings, and who decided on it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Final, Literal

import redis
from redis.exceptions import WatchError

from store import keys
from store.connection import now_ms

OPEN_FOR: Final = 7 * 86_400
"""Seconds that a request waits for somebody to decide; then it may be made again."""
DECIDED_FOR: Final = 86_400
"""Seconds that a decision is remembered: whoever was refused does not ask again meanwhile."""

Verdict = Literal["granted", "day", "refused"]


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """A person's open request: since when (ms), and the (channel, ts) of the messages about it."""

    user: str
    at: int
    places: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided on a person's request, how, and when (ms)."""

    user: str
    by: str
    verdict: Verdict
    at: int


class AccessRequests:
    """The requests of one Redis; every method raises redis-py's errors."""

    def __init__(self, connection: redis.Redis) -> None:
        self._connection = connection

    def make(self, user: str) -> bool:
        """Open a person's request; False if they have one open already."""
        request = {"at": now_ms(self._connection), "places": []}
        key = keys.access(user)
        return bool(self._connection.set(key, json.dumps(request), nx=True, ex=OPEN_FOR))

    def stands_at(self, user: str, places: Iterable[tuple[str, str]]) -> None:
        """Note the messages about a request that is still open."""
        if request := self.of(user):
            kept = {"at": request.at, "places": [list(each) for each in places]}
            self._connection.set(keys.access(user), json.dumps(kept), xx=True, keepttl=True)

    def of(self, user: str) -> AccessRequest | None:
        """Return a person's open request."""
        raw = self._connection.get(keys.access(user))
        return _request(user, raw) if raw else None

    def drop(self, user: str) -> None:
        """Forget a request that reached nobody."""
        self._connection.delete(keys.access(user))

    def decide(self, user: str, by: str, verdict: Verdict) -> AccessRequest | None:
        """Close a request by a decision; None if somebody else was first or there is none."""
        key = keys.access(user)
        made = asdict(Decision(user, by, verdict, now_ms(self._connection)))
        with self._connection.pipeline() as pipe:
            while True:
                pipe.watch(key)  # type: ignore[no-untyped-call]
                raw = pipe.get(key)
                if raw is None:
                    return None
                pipe.multi()
                pipe.delete(key)
                pipe.set(keys.decided(user), json.dumps(made), ex=DECIDED_FOR)
                try:
                    pipe.execute()
                except WatchError:
                    continue  # decided by somebody else, or its messages were just noted
                return _request(user, raw)

    def decision(self, user: str) -> Decision | None:
        """Return what was decided on a person's request within the last day."""
        raw = self._connection.get(keys.decided(user))
        return Decision(**json.loads(raw)) if raw else None


def _request(user: str, raw: bytes | str) -> AccessRequest:
    kept = json.loads(raw)
    places = tuple((str(channel), str(ts)) for channel, ts in kept["places"])
    return AccessRequest(user, int(kept["at"]), places)
