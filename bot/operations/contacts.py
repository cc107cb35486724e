"""What the copy of all contacts to Aircall says of itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.operations.saying import Saying, done
from bot.words import Words
from store.operations import Operation


def title(_: Operation, words: Words) -> str:
    """Name it."""
    return words("Copy of all contacts to Aircall")


def so_far(operation: Operation, words: Words) -> str:
    """Say how many contacts were looked at, of how many."""
    looked = words.number(done(operation))
    if operation.total is None:
        return words("{done} contacts", done=looked)
    return words("{done} of {total} contacts", done=looked, total=words.number(operation.total))


def counts(operation: Operation, words: Words) -> Sequence[str]:
    """Say what became of them."""
    number = {name: words.number(count) for name, count in operation.counts.items()}
    said = {
        "created": words("{number} created", number=number.get("created", "")),
        "adopted": words(
            "{number} that were there already taken over", number=number.get("adopted", "")
        ),
        "changed": words("{number} changed", number=number.get("changed", "")),
        "unchanged": words("{number} unchanged", number=number.get("unchanged", "")),
        "skipped": words("{number} left out", number=number.get("skipped", "")),
    }
    return [text for name, text in said.items() if operation.counts.get(name)]


def means(words: Words) -> str:
    """Say what it means to stop it."""
    return words("What was copied stays in Aircall. To go on later, start the copy again.")


CONTACTS: Final = Saying(title, so_far, counts, means)
