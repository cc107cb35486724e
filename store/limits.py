"""The vendors' limits, kept across all processes: moving windows, pauses, and what they told."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import redis

from store import keys
from store.connection import text
from store.damaged import numbers
from store.due import LEASE_MS
from store.scripts import Scripts

PROBE_MS: Final = 5_000
"""Between two attempts at a vendor that is paused."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Never more than `most` requests in any `window_ms`."""

    name: str
    most: int
    window_ms: int
    told: bool = False
    """The vendor's headers tell of this one (`max`): what they say counts, if it is less."""
    within_ms: int = 0
    """Where not 0, requests go in groups: within so long, and then none until all have left."""


@dataclass(frozen=True, slots=True)
class Permit:
    """The answer: go (perhaps as the probe), or wait so long, or the lease is lost."""

    kind: Literal["go", "wait", "paused", "lost"]
    ms: int = 0
    reason: str = ""
    probe: bool = False


class Limits:
    """The shared limiter of one Redis."""

    def __init__(self, connection: redis.Redis) -> None:
        self._connection = connection
        self._scripts = Scripts(connection)
        # Two requests of one millisecond are two entries of a window, whichever machine sent them.
        own = uuid.uuid4().hex[:12]
        self._nonces = (f"{own}-{n}" for n in itertools.count())

    def ask(
        self, vendor: str, limits: Sequence[Limit], token: str = "", ids: Sequence[str] = ()
    ) -> Permit:
        """May one request go out now? Counts it and renews the leases of `ids` if so."""
        flat = [
            part
            for each in limits
            for part in (each.name, each.most, each.window_ms, int(each.told), each.within_ms)
        ]
        kind, first, *rest = self._scripts.run(
            "permit", vendor, next(self._nonces), PROBE_MS, token, LEASE_MS, len(ids), *ids, *flat
        )
        match kind:
            case b"go":
                return Permit("go", probe=bool(first))
            case b"wait":
                return Permit("wait", ms=int(first))
            case b"paused":
                return Permit("paused", ms=int(first), reason=rest[0].decode())
            case _:
                return Permit("lost", reason=first.decode())

    def pause(self, vendor: str, seconds: float, reason: str) -> bool:
        """Nobody asks this vendor for so long; True if it was not paused before."""
        return bool(self._scripts.run("pause", vendor, int(seconds * 1000), reason))

    def resume(self, vendor: str) -> int:
        """The vendor answers again: all that waited for it become due; returns how many."""
        return int(self._scripts.run("resume", vendor))

    def learn(self, vendor: str, seen: Mapping[str, int]) -> None:
        """Keep what a vendor's headers told of its limits."""
        if seen:
            items = [part for pair in seen.items() for part in pair]
            self._connection.hset(keys.learned(vendor), items=items)

    def learned(self, vendor: str) -> dict[str, int]:
        """Return what the vendor's headers last told (`max`, `daily`, `daily_remaining` ...)."""
        key = keys.learned(vendor)
        return numbers(key, self._connection.hgetall(key))

    def paused(self, vendor: str) -> dict[str, str]:
        """`until`, `since` (ms) and `reason` of a pause, or nothing."""
        raw = self._connection.hgetall(keys.pause(vendor))
        return {text(name): text(value) for name, value in raw.items()}
