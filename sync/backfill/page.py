"""One page of the calls of a past time, read with all that HubSpot is told, and judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from store.connection import now_ms
from sync.backfill.judging import Judged, judge_now
from sync.backfill.stand import Stand
from sync.backfill.walk import Walk, read_on
from worker.workshop import Workshop


@dataclass(frozen=True, slots=True)
class Page:
    """What is left of a page, in order of time."""

    calls: tuple[Judged, ...]
    following: Walk | None
    """Where the next page is; None after the last."""
    asked: int
    """When Aircall was asked for it (ms)."""
    narrowed: bool = False
    """It could not be had: `following` is the same place, in a smaller window of time."""


def read_page(shop: Workshop, walk: Walk, stand: Stand, keep: Callable[[], object]) -> Page:
    """Read and judge the page at `walk`, but for calls that were dealt with; `keep` in between.

    Raises VendorErrors, redis-py's errors and those of settings, and whatever `keep` raises.
    """
    asked = now_ms(shop.connection)
    aircall = shop.aircall.in_background()
    stretch = read_on(aircall, walk, lambda: False, pages=1, details=True)
    keep()
    done = frozenset(stand.handled)
    calls = [call for call in stretch.calls if f"call-{call.get('id')}" not in done]
    judged = judge_now(shop, asked).look(calls, frozenset(stand.entering))
    return Page(tuple(judged), stretch.walk, asked, narrowed=stretch.narrowed)


def next_of(calls: Sequence[Judged], room: int) -> list[Judged]:
    """Choose those to deal with now: the next ones in order, of which `room` may wait."""
    chosen: list[Judged] = []
    for each in calls:
        if enters(each):
            if room <= 0:
                break
            room -= 1
        chosen.append(each)
    return chosen


def enters(each: Judged) -> bool:
    """Whether it goes through the door: also what will be ignored, so that it can be explained."""
    return each.skipped is None and not each.known
