"""What each number last told of its opening hours; what is damaged counts as never told."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import partial

import redis

from rules.hours import LineHours
from store import keys
from store.connection import text
from store.damaged import if_readable
from store.seal import check_seal, seal


def note_hours(connection: redis.Redis, number: int, hours: LineHours) -> None:
    """Note what a number told, unless it told something newer. Raises redis-py's errors."""
    before = hours_told(connection, [number]).get(number)
    if before is None or before.at <= hours.at:
        kept = json.dumps({"open": hours.open, "at": hours.at}, separators=(",", ":"))
        connection.hset(keys.LINE_HOURS, str(number), seal(kept, str(number)))


def hours_told(
    connection: redis.Redis, numbers: Iterable[int] | None = None
) -> Mapping[int, LineHours]:
    """Return what these numbers told last, or all of them. Raises redis-py's errors."""
    if numbers is None:
        kept = {text(line): raw for line, raw in connection.hgetall(keys.LINE_HOURS).items()}
    else:
        lines = [str(each) for each in numbers]
        raws = connection.hmget(keys.LINE_HOURS, lines) if lines else []
        kept = {line: raw for line, raw in zip(lines, raws, strict=True) if raw}
    read = (
        (line, if_readable(keys.LINE_HOURS, partial(_read, raw, line)))
        for line, raw in kept.items()
    )
    return {int(line): hours for line, hours in read if hours is not None}


def _read(raw: bytes | str, line: str) -> LineHours:
    int(line)
    kept = json.loads(check_seal(raw, line))
    return LineHours(kept["open"], kept["at"])
