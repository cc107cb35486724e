"""Sets aside what Redis holds of alerts, channel and long works and nobody can read.

One such entry, or a key of another type, would else keep all others from being told, each time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import redis

from store import keys
from store.alerts import read_alert, read_closed, read_notice
from store.channel import read_choice, read_trouble
from store.connection import text
from store.damaged import if_readable
from store.operation_messages import read_message
from store.operations import KINDS, read_former, read_operation
from store.quiet import read_quiet
from store.scripts import Scripts
from store.told import read_post, read_seen

SECONDS: Final = 7 * 86_400
"""How long it is kept for whoever wants to look at it, counted from the last."""
ENTRIES: Final[Mapping[str, Callable[[bytes, bytes], object]]] = {
    keys.ALERTS: read_alert,
    keys.ALERTS_CLOSED: read_closed,
    keys.ALERTS_QUIET: read_quiet,
    keys.ALERT_POSTS: read_post,
    keys.NOTICES: read_notice,
    **{keys.operation_untold(kind): read_former for kind in KINDS},
}
"""Hashes, with what reads one entry."""
HASHES: Final = tuple(keys.operation(kind) for kind in KINDS)
"""Hashes that are one thing each."""
WHOLE: Final[Mapping[str, Callable[[Any], object]]] = {
    keys.ALERTS_SEEN: read_seen,
    keys.ALERTS_VERSION: int,
    keys.ANNOUNCED: int,
    keys.CHANNEL: read_choice,
    keys.CHANNEL_TROUBLE: read_trouble,
    **{keys.operation_message(kind): read_message for kind in KINDS},
    **dict.fromkeys(HASHES, read_operation),
}
"""Those, and strings, with what reads them."""


def set_aside(connection: redis.Redis) -> tuple[str, ...]:
    """Set aside what cannot be read; returns the keys of which anything lies aside.

    Raises redis-py's errors.
    """
    pipeline = connection.pipeline(transaction=False)
    places = [*ENTRIES, *WHOLE]
    for key in places:
        _ = pipeline.hgetall(key) if key in ENTRIES or key in HASHES else pipeline.get(key)
    answers = zip(places, pipeline.execute(raise_on_error=False), strict=True)
    moved = [_look(connection, key, kept) for key, kept in answers if kept not in (None, {})]
    if any(moved):
        # All that is open is looked at anew, by whatever number that may have been lost.
        connection.delete(keys.ALERTS_SEEN)
    return tuple(sorted({text(name).partition(" ")[0] for name in connection.hkeys(keys.ASIDE)}))


def _look(connection: redis.Redis, key: str, kept: Any) -> bool:  # noqa: ANN401 - as Redis answers
    """Move what cannot be read of a key; returns whether there was anything."""
    move = partial(Scripts(connection).run, "set_aside", key, SECONDS)
    if isinstance(kept, Exception):
        if not str(kept).startswith("WRONGTYPE"):
            raise kept
        move()
        return True
    if key in ENTRIES:
        damaged = [f for f in kept if not _sound(key, partial(ENTRIES[key], f, kept[f]))]
        for field in damaged:
            move(field, kept[field])
        return bool(damaged)
    if _sound(key, partial(WHOLE[key], kept)):
        return False
    move()
    return True


def _sound(key: str, read: Callable[[], object]) -> bool:
    return if_readable(key, read) is not None
