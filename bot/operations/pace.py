"""How fast a long work goes, and how long it still takes: only what can honestly be known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

WINDOW: Final = 60_000
"""Milliseconds that the rate is taken over."""
LEAST: Final = 10_000
"""Milliseconds that must have been watched before a rate is worth telling."""

Sample = tuple[int, int]
"""When (ms) how much was done."""


def sampled(before: Sequence[Sample], at: int, done: int) -> tuple[Sample, ...]:
    """Return the samples of the last minute with a new one, oldest first.

    One older than the minute is kept to measure from. A clock that stepped back, or work that
    began anew, makes all before it worthless; so does a time in which nobody looked.
    """
    if before and (before[-1][0] > at or before[-1][1] > done or at - before[-1][0] > WINDOW):
        before = ()
    older = [each for each in before if at - each[0] >= WINDOW]
    return (*older[-1:], *(each for each in before if at - each[0] < WINDOW), (at, done))


def rate(samples: Sequence[Sample]) -> float | None:
    """Return how many are done in a minute; None where it was watched for too short a time."""
    if not samples:
        return None
    (began, first), (ended, last) = samples[0], samples[-1]
    if ended - began < LEAST:
        return None
    return (last - first) * 60_000 / (ended - began)


def to_go(per_minute: float | None, done: int, total: int | None) -> float | None:
    """Return the seconds until all is done at this rate; None while nobody can know."""
    if total is None or not per_minute:
        return None
    return max(total - done, 0) * 60 / per_minute
