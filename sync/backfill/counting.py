"""Count what a backfill would do, before anything is done: a few pages of calls at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from typing import Final

import redis

from clients.errors import Unavailable, VendorError
from store.backfills import Preview, Previews
from store.connection import now_ms
from sync.backfill.judging import Judged, judge_now
from sync.backfill.tending import JOB, tell
from sync.backfill.walk import begin, read_on, walk_of
from sync.slices import Slice, in_slices
from worker.gate import WHY
from worker.workshop import Workshop

OWN_PACE: Final = WHY["our own limit"]
PAGES: Final = 4
"""Read before HubSpot is asked once which of their calls somebody else logged."""
PATIENCE: Final = 600_000
"""Milliseconds without any answer after which a preview is given up."""
TOLD_EVERY: Final = 3_000
"""Milliseconds between two looks at how far a counting is."""


def count() -> None:
    """Background job: count what the oldest open preview asks for, then the next one."""
    in_slices(JOB, _count)


def _count(shop: Workshop, piece: Slice) -> bool:
    previews = Previews(shop.connection)
    told = now_ms(shop.connection)
    while (preview := _oldest(previews)) is not None:
        try:
            preview = _step(shop, piece, previews, preview)
        except VendorError as error:
            _troubled(shop, previews, preview, error)
            tell(shop.connection, preview.id)
            raise
        now = now_ms(shop.connection)
        if preview.state != "counting" or now - told >= TOLD_EVERY:
            told = now
            # Whether this one is told of, or it ends this slice: either way somebody sees it.
            with suppress(redis.RedisError):
                tell(shop.connection, preview.id)
        if piece.over():
            return _oldest(previews) is not None
    return False


def _oldest(previews: Previews) -> Preview | None:
    found = (previews.of(id_) for id_ in previews.open())
    return next((each for each in found if each and each.state == "counting"), None)


def _step(shop: Workshop, piece: Slice, previews: Previews, preview: Preview) -> Preview:
    """Count one stretch. Raises VendorErrors, SliceLostError and redis-py's errors."""
    walk = walk_of(preview.walk) if preview.walk else begin(preview.start, preview.end)
    aircall = shop.aircall.in_background()
    stretch = read_on(aircall, walk, piece.over, pages=PAGES)
    total = stretch.total if preview.total is None else preview.total
    piece.keep()
    judge = judge_now(shop, now_ms(shop.connection))
    judged = judge.look(stretch.calls)
    phones = frozenset(each.phone for each in judged if each.logs and each.phone)
    phones -= judge.known_phones(sorted(phones))
    counts = _added(preview.counts, judged)
    if stretch.walk is None:
        return previews.counted(
            replace(preview, state="ready", walk={}, counts=counts, total=total, trouble=""), phones
        )
    kept = replace(preview, walk=asdict(stretch.walk), counts=counts, total=total, trouble="")
    return previews.counted(kept, phones)


def _added(counts: Mapping[str, int], judged: Iterable[Judged]) -> Mapping[str, int]:
    """Add up: `seen`, `log`, `kind|<kind>`, `ticket`, `ignored|<reason>` and `skipped|<why>`."""
    sums = Counter(counts)
    for each in judged:
        sums["seen"] += 1
        if each.skipped is not None:
            sums[f"skipped|{each.skipped}"] += 1
        elif each.ignored:
            sums[f"ignored|{each.ignored}"] += 1
        else:
            sums["log"] += 1
            sums[f"kind|{each.kind}"] += 1
            sums["ticket"] += each.ticket
    return dict(sums)


def _troubled(shop: Workshop, previews: Previews, preview: Preview, error: VendorError) -> None:
    """Note what the counting waits for; a refusal, or no answer for too long, ends it."""
    over = not isinstance(error, Unavailable)
    over = over or now_ms(shop.connection) - preview.moved > PATIENCE
    if error.sentence == OWN_PACE and not over:
        return  # nothing is wrong
    sentence = error.sentence if error.sentence.endswith(".") else f"{error.sentence}."
    kept = replace(preview, state="failed" if over else "counting", trouble=sentence)
    previews.counted(kept, moved=preview.moved)
