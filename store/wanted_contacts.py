"""HubSpot contacts that are to be carried to Aircall: of logged interactions, and changed ones.

A score is the time before which nobody touches a contact, so that of a process that dies nothing
is left to clean up, as in the due set.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import redis

from store import keys
from store.connection import now_ms
from store.scripts import Scripts

Why = Literal["logged", "changed"]
SETS: Final[Mapping[Why, str]] = {
    "logged": keys.CONTACTS_WANTED,
    "changed": keys.CONTACTS_CHANGED,
}
LEASE_MS: Final = 120_000
"""For so long, nobody else takes what was taken."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A contact that was taken to be carried."""

    id: str
    why: Why
    lease: int
    """Its score meanwhile."""
    score: int
    """Its score before (ms)."""


class WantedContacts:
    """Both sets of one Redis; every method raises redis-py's errors."""

    def __init__(self, connection: redis.Redis) -> None:
        self._connection = connection
        self._scripts = Scripts(connection)

    def add(self, why: Why, ids: Iterable[str], *, wait_ms: int = 0) -> None:
        """Want these contacts from now on, or later; one that waits already keeps its place."""
        self.add_since(why, dict.fromkeys(ids, now_ms(self._connection) + wait_ms))

    def add_since(self, why: Why, since: Mapping[str, int]) -> None:
        """Want these contacts, each by its own time (ms): the oldest come first."""
        if since:
            self._connection.zadd(SETS[why], dict(since), lt=True)

    def take(self, why: Why, most: int) -> tuple[Taken, ...]:
        """Take those that are due, oldest first, for `LEASE_MS`."""
        lease, *pairs = self._scripts.run("take_contacts", SETS[why], most, LEASE_MS)
        return tuple(
            Taken(id_.decode(), why, int(lease), int(float(score)))
            for id_, score in zip(pairs[::2], pairs[1::2], strict=True)
        )

    def done(self, taken: Taken) -> None:
        """Want a contact no more, unless it was wanted anew meanwhile."""
        self._settle(taken, "")

    def put_back(self, taken: Taken, *, wait_ms: int = 0) -> None:
        """Leave a contact where it was, or want it again after a while."""
        score = now_ms(self._connection) + wait_ms if wait_ms else taken.score
        self._settle(taken, str(score))

    def _settle(self, taken: Taken, score: str) -> None:
        self._scripts.run("settle_contact", SETS[taken.why], taken.id, taken.lease, score)

    def count(self, why: Why) -> int:
        """Return how many wait to be carried, those that are being carried included."""
        return int(self._connection.zcard(SETS[why]))

    def oldest(self) -> int | None:
        """Return since when (ms) the oldest waits; None if none does."""
        firsts: Any = [self._connection.zrange(key, 0, 0, withscores=True) for key in SETS.values()]
        return min((int(first[0][1]) for first in firsts if first), default=None)
