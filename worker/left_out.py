"""Which of the tickets that were left out could be made now, and the alert that offers it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

import redis

from rules.kinds import stage_setting
from rules.plan import Record
from rules.settings import Settings
from store import keys
from store.connection import text
from store.left_out import (
    any_asked,
    any_left_out,
    any_wanted,
    fingerprint,
    left_out,
    left_out_since,
)
from store.records import DamagedError, read_record
from worker.nudge import BACKGROUND, enqueue
from worker.workshop import Workshop

ALERT: Final = "tickets left out"
TELL: Final = "bot.tickets.telling.tell"
"""A job of a room above ours: it tells whoever asked for tickets what came of it."""
AT_ONCE: Final = 500
"""Records that are read in one go."""
MADE: Final = "All that could be made were made."
NO_STAGE: Final = "Their kinds have no stage any more: choose one, and they can be made."

_seen: dict[str, tuple[object, tuple[str, ...]]] = {}
"""By store, what `ready` last found, and of what: it is asked each minute, and seldom changes."""


def ready(shop: Workshop) -> tuple[str, ...]:
    """Return the interactions whose left-out ticket could be made: their kind has a stage now.

    Raises redis-py's errors, and those of settings that cannot be read.
    """
    connection, current = shop.connection, shop.revisions.current()
    now = (current.number, fingerprint(connection))
    before, found = _seen.get(shop.url, (None, ()))
    if now != before:
        settings = current.settings
        records = _records(connection, left_out(connection))
        found = tuple(id_ for id_, record in records if has_stage(record, settings))
        _seen[shop.url] = now, found
    return found


def has_stage(record: Record, settings: Settings) -> bool:
    """Tell whether a ticket of this interaction has where to open now."""
    written = record.written
    if written is None or settings.tickets.pipeline is None:
        return False
    return bool(getattr(settings.tickets.stages, stage_setting(written.kind)))


def count_without(shop: Workshop, kinds: Collection[str], since: int) -> int:
    """Count those of these kinds (as settings name them) left out since a moment (ms).

    Raises redis-py's errors.
    """
    records = _records(shop.connection, left_out_since(shop.connection, since))
    written = (record.written for _, record in records)
    return sum(one is not None and stage_setting(one.kind) in kinds for one in written)


def records_of(connection: redis.Redis, ids: Sequence[str]) -> Mapping[str, Record]:
    """Read what is kept of these; what has expired or cannot be read is left out."""
    return dict(_records(connection, ids))


def _records(connection: redis.Redis, ids: Sequence[str]) -> Iterable[tuple[str, Record]]:
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        raws = connection.mget([keys.record(each) for each in some])
        for id_, raw in zip(some, raws, strict=True):
            try:
                if raw is not None:
                    yield id_, read_record(text(raw).encode())
            except DamagedError:
                continue


def update_alert(shop: Workshop) -> None:
    """Raise, renew or resolve the alert about tickets that could be made now.

    Raises redis-py's errors, and those of settings that cannot be read.
    """
    count = len(ready(shop))
    if not count:
        shop.alerts.resolve(ALERT, NO_STAGE if any_left_out(shop.connection) else MADE)
        return
    shop.alerts.raise_(
        ALERT,
        f"Logged without a ticket while what it needed was missing in HubSpot: {count}. "
        "Their tickets can be made now.",
        {"count": str(count)},
    )


def tell_soon(shop: Workshop) -> None:
    """Have those told who asked for tickets, once all are answered. Raises redis-py's errors."""
    if any_asked(shop.connection) and not any_wanted(shop.connection):
        enqueue(shop.connection, BACKGROUND, TELL)
