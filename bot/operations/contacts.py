"""What the copy of all contacts to Aircall says of itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.markup import Markup, clean, shortened
from bot.operations.saying import Saying, done
from bot.words import Words
from store.operations import Operation
from sync.contacts.copy import SKIPPED

MOST_REASONS: Final = 8
LONGEST_REASON: Final = 150


def title(_: Operation, words: Words) -> str:
    """Name it."""
    return words("Copy of all contacts to Aircall")


def so_far(operation: Operation, words: Words) -> str:
    """Say how many contacts were looked at, of how many."""
    looked = done(operation)
    if operation.total is None:
        return words.count("{count} contact", "{count} contacts", looked)
    return words.count(
        "{done} of {count} contact",
        "{done} of {count} contacts",
        operation.total,
        done=words.number(looked),
    )


def counts(operation: Operation, words: Words) -> Sequence[str]:
    """Say what became of them."""
    number = {name: words.number(count) for name, count in operation.counts.items()}
    said = {
        "created": words("{number} created", number=number.get("created", "")),
        "adopted": words("{number} there already and taken over", number=number.get("adopted", "")),
        "changed": words("{number} changed", number=number.get("changed", "")),
        "unchanged": words("{number} unchanged", number=number.get("unchanged", "")),
        "skipped": words("{number} left out", number=number.get("skipped", "")),
        "refused": words("{number} refused by Aircall", number=number.get("refused", "")),
        "later": words("{number} under way elsewhere", number=number.get("later", "")),
        "failed": words("{number} failed (see the log)", number=number.get("failed", "")),
    }
    return [text for name, text in said.items() if operation.counts.get(name)]


def means(words: Words) -> str:
    """Say what it means to stop it."""
    return words("What was copied stays in Aircall. To go on later, start the copy again.")


def asked(operation: Operation, words: Words) -> Markup:
    """Say how it is done, while it is."""
    if not operation.active:
        return Markup("")
    return words.md(
        "Contacts without a phone are left out; where Aircall has one of the same phone, that one "
        "is used."
    )


def report(operation: Operation, words: Words) -> Sequence[Markup]:
    """Say why some were left out, the most frequent reason first."""
    found = {
        name.removeprefix(SKIPPED): count
        for name, count in operation.counts.items()
        if name.startswith(SKIPPED) and count
    }
    rows = sorted(found.items(), key=lambda each: (-each[1], each[0]))
    said = [
        words.md(
            "• {number} left out: {reason}",
            number=words.number(count),
            reason=shortened(clean(words.retell(reason)), LONGEST_REASON),
        )
        for reason, count in rows[:MOST_REASONS]
    ]
    if operation.counts.get("refused"):
        said.append(words.md("“sync” shows which ones Aircall refused, and why."))
    return said


CONTACTS: Final = Saying(title, so_far, counts, means, asked, report)
