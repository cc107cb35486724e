"""How far our calls were compared with Aircall's list, and the look at it that goes on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

import redis

from store import keys
from store.connection import text
from store.outages import Outage
from store.scripts import Scripts

KEPT_FOUND: Final = 14 * 86_400
"""Seconds; a look that nobody goes on with leaves nothing behind."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at Aircall's list, as far as it is: windows of time left, and the page in the first.

    Calls made from `start` to `until` (UNIX seconds) are compared.
    """

    start: int
    until: int
    windows: tuple[tuple[int, int], ...]
    page: int = 1
    total: int | None = None
    """Calls that Aircall counted in the window when it was begun; another count: it changed."""
    again: int = 0
    """How often this window was begun anew, because it changed."""
    asked: int = 0
    """Requests so far."""
    outages: tuple[Outage, ...] = ()
    """What it is to cover and, where worth it, to tell of."""

    def as_json(self) -> str:
        """Write it as it is kept."""
        return json.dumps(asdict(self))


class Gaps:
    """The comparison with Aircall's list, of one Redis; every method raises redis-py's errors."""

    def __init__(self, connection: redis.Redis) -> None:
        self._connection = connection
        self._scripts = Scripts(connection)

    def covered(self) -> int | None:
        """Return the time (ms) up to which calls were compared; None before the first look."""
        raw = self._connection.hget(keys.GAPS, "covered")
        return int(raw) if raw else None

    def look(self) -> Look | None:
        """Return the look that goes on, if one does."""
        raw = self._connection.hget(keys.GAPS, "look")
        return _look(json.loads(raw)) if raw else None

    def keep(self, look: Look, updated: int = 0) -> None:
        """Keep how far a look is, and count the calls that were read anew on the way."""
        pipeline = self._connection.pipeline()
        pipeline.hset(keys.GAPS, "look", look.as_json())
        if updated:
            pipeline.hincrby(keys.GAPS, "updated", updated)
        pipeline.execute()

    def note_found(self, ended: Mapping[str, int]) -> None:
        """Note calls that are about to be taken in, by when they ended (ms): each counts once."""
        pipeline = self._connection.pipeline()
        pipeline.zadd(keys.GAPS_FOUND, dict(ended))
        pipeline.expire(keys.GAPS_FOUND, KEPT_FOUND)
        pipeline.execute()

    def found(self, since: int, until: int) -> int:
        """Count the calls that this look found, of those that ended between two moments (ms)."""
        return int(self._connection.zcount(keys.GAPS_FOUND, since, until))

    def done(self, look: Look) -> bool:
        """End a look and what it covered; False if another one goes on by now."""
        flat = [part for each in look.outages for part in (each.field, each.value)]
        reached = look.until * 1000
        return bool(self._scripts.run("gaps_done", reached, look.as_json(), *flat))

    def totals(self) -> Mapping[str, int]:
        """Return `found` and `updated` since the store began, as far as there are any."""
        kept = self._connection.hmget(keys.GAPS, ["found", "updated"])
        names = ("found", "updated")
        return {name: int(text(raw)) for name, raw in zip(names, kept, strict=True) if raw}


def _look(kept: Mapping[str, object]) -> Look:
    told = dict(kept)
    windows, outages = told.pop("windows"), told.pop("outages")
    return Look(
        windows=tuple((int(start), int(end)) for start, end in windows),  # type: ignore[attr-defined]  # as kept
        outages=tuple(Outage(**each) for each in outages),  # type: ignore[attr-defined]  # the same
        **told,  # type: ignore[arg-type]  # the same
    )
