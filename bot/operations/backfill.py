"""What the logging of a past time says of itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.operations.saying import Saying, done
from bot.words import Words
from store.operations import Operation


def title(_: Operation, words: Words) -> str:
    """Name it."""
    return words("Backfill of past calls")


def so_far(operation: Operation, words: Words) -> str:
    """Say how many calls were looked at, of how many."""
    looked = words.number(done(operation))
    if operation.total is None:
        return words("{done} calls", done=looked)
    return words("{done} of {total} calls", done=looked, total=words.number(operation.total))


def counts(operation: Operation, words: Words) -> Sequence[str]:
    """Say what became of them."""
    entered, skipped = operation.counts.get("entered", 0), operation.counts.get("skipped", 0)
    said = (
        (entered, words("{number} taken in", number=words.number(entered))),
        (skipped, words("{number} left out", number=words.number(skipped))),
    )
    return [text for count, text in said if count]


def means(words: Words) -> str:
    """Say what it means to stop it."""
    return words("What was taken in is logged and stays in HubSpot; the rest is not logged.")


BACKFILL: Final = Saying(title, so_far, counts, means)
