"""From when on Aircall's list is looked at: pure, in milliseconds since 1970."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from store.outages import Outage

DAY: Final = 86_400_000
HISTORY: Final = 183 * DAY
"""Aircall lists the calls of six months."""


def since(
    now: int, *, covered: int | None, outages: Iterable[Outage], birth: int, ids_days: int
) -> int:
    """Return the moment from which calls are looked at: a day before whatever may be missing.

    A day, because a call is listed by when it began and may have lasted as long, and because a
    call's voicemail, tags and comments may come late. `covered` is how far the last look reached.
    Not before there were settings (`birth`), and never further back than we remember ids: a call
    that we forgot looks like one that we never saw.
    """
    missing = min([now, *([covered] if covered is not None else []), *(o.began for o in outages)])
    return max(missing - DAY, birth - DAY, now - farthest(ids_days))


def farthest(ids_days: int) -> int:
    """How far back a call can be looked for at all, when ids are kept for so many days."""
    return min(HISTORY, max(ids_days - 1, 1) * DAY)
