"""What the logging of a past time says of itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.blocks import Element, button
from bot.markup import Markup, date
from bot.operations.saying import Saying, done
from bot.words import Words
from store.operations import Operation


def title(_: Operation, words: Words) -> str:
    """Name it."""
    return words("Backfill of past calls")


def asked(operation: Operation, words: Words) -> Markup:
    """Say which time."""
    about = operation.about
    if not {"start", "end"} <= about.keys():
        return Markup("")
    return span(int(about["start"]), int(about["end"]), words)


def span(start: int, end: int, words: Words) -> Markup:
    """Say a time (UNIX seconds, both ends included) in each reader's own time zone."""
    return words.md(
        "Calls from {start} until {end}", start=date(start * 1000), end=date(end * 1000)
    )


def so_far(operation: Operation, words: Words) -> str:
    """Say how many calls were gone through, of how many."""
    looked = done(operation)
    if operation.total is None:
        return words.count("{count} call", "{count} calls", looked)
    return words.count(
        "{done} of {count} call",
        "{done} of {count} calls",
        operation.total,
        done=words.number(looked),
    )


def counts(operation: Operation, words: Words) -> Sequence[str]:
    """Say what became of them."""
    ignored, skipped = total(operation.counts, "ignored"), total(operation.counts, "skipped")
    logged, failed = operation.counts.get("logged", 0), operation.counts.get("failed", 0)
    said = (
        (logged, words("{number} logged", number=words.number(logged))),
        (ignored, words("{number} ignored", number=words.number(ignored))),
        (skipped, words("{number} left out", number=words.number(skipped))),
        (failed, words("{number} failed", number=words.number(failed))),
    )
    return [text for count, text in said if count]


def means(words: Words) -> str:
    """Say what it means to stop it."""
    return words("What was taken in is logged and stays in HubSpot; the rest is not logged.")


def report(operation: Operation, words: Words) -> Sequence[Markup]:
    """Say why calls were ignored and left out, and what is still to come."""
    rows = [*ignored(operation.counts, words), *skipped(operation.counts, words)]
    if partly := operation.counts.get("partly", 0):
        rows.append(
            words.count(
                "{count} was logged, but HubSpot refused a part of it, such as its ticket",
                "{count} were logged, but HubSpot refused a part of them, such as their tickets",
                partly,
            )
        )
    if following := operation.counts.get("following", 0):
        rows.append(
            words.count(
                "{count} was taken in before and follows by itself",
                "{count} were taken in before and follow by themselves",
                following,
            )
        )
    return [words.md("• {row}", row=row) for row in rows]


def ignored(counts: Mapping[str, int], words: Words) -> list[str]:
    """Say how many the settings of their time ignore, by reason."""
    return [
        words.count(
            "{count} is ignored: {reason}",
            "{count} are ignored: {reason}",
            count,
            reason=words.retell(reason),
        )
        for reason, count in _parts(counts, "ignored")
    ]


def skipped(counts: Mapping[str, int], words: Words) -> list[str]:
    """Say how many are left alone, and why."""
    return [_skipped(why, count, words) for why, count in _parts(counts, "skipped")]


def _skipped(why: str, count: int, words: Words) -> str:
    match why:
        case "logged":
            return words.count("{count} was logged already", "{count} were logged already", count)
        case "elsewhere":
            return words.count(
                "{count} was logged by another integration, such as Aircall’s own app",
                "{count} were logged by another integration, such as Aircall’s own app",
                count,
            )
        case "waiting":
            return words.count(
                "{count} is on its way to HubSpot already",
                "{count} are on their way to HubSpot already",
                count,
            )
        case "failed":
            return words.count(
                "{count} stands among the failures, or was given up there",
                "{count} stand among the failures, or were given up there",
                count,
            )
        case _:
            return words.count("{count} has not ended yet", "{count} have not ended yet", count)


def total(counts: Mapping[str, int], name: str) -> int:
    """Add up all that is counted as `name|…`."""
    return sum(count for _, count in _parts(counts, name))


def _parts(counts: Mapping[str, int], name: str) -> list[tuple[str, int]]:
    parts = ((each.partition("|"), count) for each, count in counts.items() if count)
    found = [(rest, count) for (first, _, rest), count in parts if first == name and rest]
    return sorted(found, key=lambda each: (-each[1], each[0]))


def buttons(operation: Operation, words: Words) -> Sequence[Element]:
    """Lead to what failed."""
    if not (operation.counts.get("failed") or operation.counts.get("partly")):
        return ()
    label = words("Show what could not be written, and why")
    return (button(words("See failures"), "status.more", label=label, value="failures"),)


BACKFILL: Final = Saying(title, so_far, counts, means, asked, report, buttons)
