"""How interactions ended since a moment: read from the quarters of an hour that are counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import redis

from store import keys
from store.connection import text

QUARTER: Final = 900_000
"""Milliseconds of one count; every time zone's midnight begins one."""
MOST_QUARTERS: Final = 2 * 96
"""As many as are kept."""
HOURS_UNKNOWN: Final = "hours unknown"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many were logged, ignored (by reason) and failed; of how many the hours were unknown."""

    logged: int = 0
    ignored: Mapping[str, int] = field(default_factory=dict)
    failed: int = 0
    hours_unknown: int = 0

    @property
    def all_ignored(self) -> int:
        """How many were ignored, whatever the reason."""
        return sum(self.ignored.values())


def tally_since(connection: redis.Redis, since: int, now: int) -> Tally:
    """Count what ended between two moments (ms), in one round trip; raises redis-py's errors."""
    last = now // QUARTER
    first = max(since // QUARTER, last - MOST_QUARTERS)
    pipeline = connection.pipeline(transaction=False)
    for number in range(first, last + 1):
        pipeline.hgetall(keys.quarter(number))
    counts: Counter[str] = Counter()
    for each in pipeline.execute():
        counts.update({text(field_): int(count) for field_, count in each.items()})
    return read_tally(counts)


def read_tally(counts: Mapping[str, int]) -> Tally:
    """Sort counts by `result|reason` into what people ask for."""
    by_result: dict[str, Counter[str]] = {}
    for field_, count in counts.items():
        result, _, reason = field_.partition("|")
        by_result.setdefault(result, Counter())[reason] += count
    of = {result: sum(reasons.values()) for result, reasons in by_result.items()}
    return Tally(
        logged=of.get("logged", 0),
        ignored=dict(by_result.get("ignored", Counter()).most_common()),
        failed=of.get("failed", 0),
        hours_unknown=of.get(HOURS_UNKNOWN, 0),
    )
