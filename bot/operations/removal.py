"""What the removal of the contacts that we made in Aircall says of itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.operations.saying import Saying, done
from bot.words import Words
from store.operations import Operation


def title(_: Operation, words: Words) -> str:
    """Name it."""
    return words("Removal of the contacts that were made in Aircall")


def so_far(operation: Operation, words: Words) -> str:
    """Say how many are removed, of how many."""
    removed = done(operation)
    if operation.total is None:
        return words.count("{count} contact", "{count} contacts", removed)
    return words.count(
        "{done} of {count} contact",
        "{done} of {count} contacts",
        operation.total,
        done=words.number(removed),
    )


def counts(operation: Operation, words: Words) -> Sequence[str]:
    """Say what became of them."""
    removed, gone = operation.counts.get("removed", 0), operation.counts.get("gone", 0)
    refused = operation.counts.get("refused", 0)
    said = (
        (removed, words("{number} removed", number=words.number(removed))),
        (gone, words("{number} were gone already", number=words.number(gone))),
        (
            refused,
            words("{number} that Aircall does not let us remove", number=words.number(refused)),
        ),
    )
    return [text for count, text in said if count]


def means(words: Words) -> str:
    """Say what it means to stop it."""
    return words("What was removed stays removed; the other contacts stay in Aircall.")


REMOVAL: Final = Saying(title, so_far, counts, means)
