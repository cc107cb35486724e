"""Failures that an admin gave up: out of the list, still explained, open to a later event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import redis

from rules.plan import Decision, Dismissal, Record
from store import keys
from store.connection import now_ms, text
from store.records import DamagedError, read_record, record_json
from store.scripts import Scripts

AT_ONCE: Final = 100
LONGEST_REASON: Final = 500
"""Characters."""


def dismiss(  # noqa: PLR0913 - who, why and what, each told by name
    connection: redis.Redis, ids: Sequence[str], *, by: str, name: str, reason: str, seconds: int
) -> tuple[str, ...]:
    """Give failures up; returns those that were. Their records are kept for `seconds` from now.

    Left alone is what failed no more, or is being tried again right now. Raises redis-py's errors.
    """
    now = now_ms(connection)
    said = Dismissal(by, name, " ".join(reason.split())[:LONGEST_REASON], now)
    scripts, done = Scripts(connection), []
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        raws: list[Any] = connection.mget([keys.record(each) for each in some])
        flat: list[str | bytes] = []
        for id_, raw in zip(some, raws, strict=True):
            flat += [id_, raw or "", record_json(_dismissed(raw, said))]
        done += [text(each) for each in scripts.run("dismiss", seconds, *flat)]
    return tuple(done)


def _dismissed(raw: bytes | None, said: Dismissal) -> Record:
    try:
        record = read_record(raw)
    except DamagedError:
        record = Record()
    decision = record.decision or Decision("failed", at=said.at)
    return replace(record, decision=replace(decision, dismissed=said))
