"""How long the oldest of those that wait has waited: asked seldom, and never of all of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import redis

from store import keys
from store.connection import text

LOOKED_AT: Final = 25
"""From either end of a set: whoever was tried in vain stands at its end, whoever was not in front.
"""


@dataclass(frozen=True, slots=True)
class Waits:
    """How many wait for what (only those that somebody waits for), and since when the oldest does.

    `oldest` (ms) is None where nothing waits. Where more than 50 wait for a vendor, the moment it
    was paused counts as well: probes have moved the oldest to where nobody looks.
    """

    by_reason: Mapping[str, int]
    oldest: int | None


def waits(connection: redis.Redis) -> Waits:
    """Look at what waits, in three round trips; raises redis-py's errors."""
    sets = {why: keys.parked(why) for why in keys.WAITS_FOR}
    counts = _counted(connection, sets)
    ids = _at_the_ends(connection, [keys.DUE, *(sets[why] for why in counts)])
    many = [why for why, count in counts.items() if count > 2 * LOOKED_AT]
    since = (connection.hget(keys.pause(why), "since") for why in many)
    moments = [*_arrivals(connection, ids), *(int(each) for each in since if each is not None)]
    return Waits(counts, min(moments, default=None))


def oldest_held_up(connection: redis.Redis) -> int | None:
    """Return when (ms) the oldest arrived of those that do not wait for being enabled, if any does.

    Looked for as `waits` does; raises redis-py's errors.
    """
    sets = [keys.DUE, *(keys.parked(vendor) for vendor in keys.VENDORS)]
    return min(_arrivals(connection, _at_the_ends(connection, sets)), default=None)


def _counted(connection: redis.Redis, sets: Mapping[str, str]) -> dict[str, int]:
    pipeline = connection.pipeline(transaction=False)
    for key in sets.values():
        pipeline.zcard(key)
    return {why: int(count) for why, count in zip(sets, pipeline.execute(), strict=True) if count}


def _at_the_ends(connection: redis.Redis, sets: Iterable[str]) -> list[str]:
    pipeline = connection.pipeline(transaction=False)
    for key in sets:
        pipeline.zrange(key, 0, LOOKED_AT - 1)
        pipeline.zrange(key, -LOOKED_AT, -1)
    return list(dict.fromkeys(text(id_) for part in pipeline.execute() for id_ in part))


def _arrivals(connection: redis.Redis, ids: Iterable[str]) -> list[int]:
    """When what each of them waits with arrived; those that wait for nothing are left out."""
    pipeline = connection.pipeline(transaction=False)
    for id_ in ids:
        pipeline.sismember(keys.UNENDED, id_)
        pipeline.lindex(keys.new(id_), 0)
        pipeline.get(keys.record(id_))
    # One whose keys are damaged keeps no other from being seen.
    answers = zip(*[iter(pipeline.execute(raise_on_error=False))] * 3, strict=True)
    found = (_arrived(event) or _as_of(record) for unended, event, record in answers if not unended)
    return [at for at in found if at is not None]


def _arrived(event: Any) -> int | None:  # noqa: ANN401  what Redis answered
    if not isinstance(event, bytes):
        return None
    try:
        return int(json.loads(event)["arrived"])
    except (ValueError, LookupError, TypeError):
        return None


def _as_of(record: Any) -> int | None:  # noqa: ANN401  the same
    """The arrival of the newest fact of an interaction whose events were folded."""
    if not isinstance(record, bytes):
        return None
    try:
        kept = json.loads(record)
        return int((kept.get("call") or kept["message"])["as_of"][2])
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
