"""What a backfill would do, said before it is done: a message with the button that starts it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.blocks import Block, Element, Message, actions, button, confirm, context, header, section
from bot.labels import KINDS
from bot.markup import Markup, clean, lines, shortened
from bot.operations.backfill import ignored, skipped, span
from bot.operations.backfill import total as all_of
from bot.words import Words
from clients.aircall.paging import PER_PAGE
from store.backfills import Preview

START: Final = "backfill.start"
CANCEL: Final = "backfill.cancel"
AGAIN: Final = "backfill.again"
"""Counts the same time anew."""
BAR: Final = 20
"""Characters of the bar."""
LONGEST_TROUBLE: Final = 400
_VALUE: Final = re.compile(r"([0-9a-z]{1,40}) (\d{1,11}) (\d{1,11})", re.ASCII)
WORTH_SAYING: Final = 60
"""Seconds from which on it is said how long it takes."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a preview's message needs to know besides it."""

    phones: int
    """Unknown phones of which contacts would be made."""
    enabled: bool
    """Whether the integration is enabled now."""
    creates_contacts: bool
    per_minute: int
    """Requests to Aircall that we allow ourselves."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a button of a preview is about: the preview, and its time for when it is gone."""

    id: str
    start: int
    end: int

    def value(self) -> str:
        """Write it as a button's value."""
        return f"{self.id} {self.start} {self.end}"


def target_of(value: str) -> Target | None:
    """Read a button's value; None for what we did not write."""
    found = _VALUE.fullmatch(value)
    return Target(found[1], int(found[2]), int(found[3])) if found else None


def told(preview: Preview, around: Around, words: Words) -> Message:
    """Build the message of a preview as it stands."""
    match preview.state:
        case "counting":
            return _counting(preview, words)
        case "failed":
            return _failed(preview, words)
        case _:
            return _ready(preview, around, words)


def _counting(preview: Preview, words: Words) -> Message:
    looked = words.number(preview.counts.get("seen", 0))
    if preview.total:
        all_ = words.number(preview.total)
        said = words("Counting the calls: {done} of {total} …", done=looked, total=all_)
        full = int(min(preview.counts.get("seen", 0) / preview.total, 1) * BAR)
        row = Markup("█" * full + "░" * (BAR - full))
    else:
        said, row = words("Counting the calls …"), Markup("")
    waits = Markup("")
    if preview.trouble:
        waits = words.md(
            "It waits, and goes on by itself: {because}", because=_trouble(preview, words)
        )
    text = lines(span(preview.start, preview.end, words), row, said, waits)
    return Message(said, (header(_title(words)), section(text), actions(_cancel(preview, words))))


def _failed(preview: Preview, words: Words) -> Message:
    said = words("The calls could not be counted: {because}", because=_trouble(preview, words))
    text = lines(span(preview.start, preview.end, words), said)
    return Message(said, (header(_title(words)), section(text), actions(again(preview, words))))


def _ready(preview: Preview, around: Around, words: Words) -> Message:
    counts = preview.counts
    seen, log = counts.get("seen", 0), counts.get("log", 0)
    if not seen:
        said = words("Aircall has no calls of this time.")
    elif log:
        said = words.count(
            "{count} of {all} would be logged.",
            "{count} of {all} would be logged.",
            log,
            all=words.count("{count} call", "{count} calls", seen),
        )
    else:
        said = words("Nothing would be logged of {count}.", count=_calls(seen, words))
    blocks: list[Block] = [
        header(_title(words)),
        section(lines(span(preview.start, preview.end, words), Markup(f"*{said}*"))),
    ]
    if log:
        blocks.append(section(_would(preview, around, words)))
    if rest := [*ignored(counts, words), *skipped(counts, words)]:
        title = words.md("*What is not logged*")
        blocks.append(section(lines(title, *(words.md("• {row}", row=row) for row in rest))))
    blocks += [context(_small_print(preview, around, words)), *_row(preview, words)]
    return Message(said, tuple(blocks))


def _would(preview: Preview, around: Around, words: Words) -> Markup:
    counts = preview.counts
    kinds = sorted(
        ((name, count) for name, count in _kinds(counts).items() if count),
        key=lambda each: (-each[1], each[0]),
    )
    rows = [
        words.md("• {kind}: {count}", kind=words(KINDS[name]), count=words.number(count))
        for name, count in kinds
    ]
    made = [words.count("{count} call", "{count} calls", counts.get("log", 0))]
    if tickets := counts.get("ticket", 0):
        made.append(words.count("{count} ticket", "{count} tickets", tickets))
    if around.phones:
        made.append(
            words.count(
                "a contact for up to {count} unknown phone (those that HubSpot knows get none)",
                "contacts for up to {count} unknown phones (those that HubSpot knows get none)",
                around.phones,
            )
        )
    elif not around.creates_contacts:
        made.append(words("no contacts, as making contacts is off"))
    title = words.md("*What would be logged*")
    created = words.md("*What would be created in HubSpot*")
    return lines(title, *rows, created, *(words.md("• {row}", row=row) for row in made))


def _kinds(counts: Mapping[str, int]) -> Mapping[str, int]:
    found = {name.removeprefix("kind|"): count for name, count in counts.items()}
    return {name: count for name, count in found.items() if name in KINDS}


def _small_print(preview: Preview, around: Around, words: Words) -> Markup:
    parts = [
        words.md(
            "Only calls are logged: messages cannot be read again from Aircall. That the "
            "integration was disabled then does not count; which numbers were connected, and "
            "business hours, do."
        ),
        words.md("Counted by revision {number} of the settings.", number=preview.revision),
    ]
    if not preview.counts.get("log"):
        return lines(*parts)
    parts.append(words.md("It can be started within an hour."))
    seconds = -(-preview.counts.get("seen", 0) // PER_PAGE) * 60 / max(around.per_minute, 1)
    if seconds >= WORTH_SAYING:
        parts.append(words.md("It takes at least about {time}.", time=words.duration(seconds)))
    if not around.enabled:
        parts.append(words.md("The integration is disabled: enable it before you start."))
    return lines(*parts)


def _row(preview: Preview, words: Words) -> list[Block]:
    log = preview.counts.get("log", 0)
    if not log and not all_of(preview.counts, "ignored"):
        return [actions(again(preview, words))]
    elements: list[Element] = [_start(preview, words)] if log else []
    return [actions(*elements, _cancel(preview, words) if log else again(preview, words))]


def _start(preview: Preview, words: Words) -> Element:
    log = preview.counts.get("log", 0)
    name = words.count("Log {count} call", "Log {count} calls", log)
    return button(
        name,
        START,
        label=words("Log these calls in HubSpot, in order of time"),
        value=target(preview).value(),
        style="primary",
        ask=confirm(
            words.count("Log {count} call in HubSpot?", "Log {count} calls in HubSpot?", log),
            words.md(
                "They are logged in order of time, each once. You can stop it on its way; what was "
                "logged stays in HubSpot."
            ),
            name,
            words("Not now"),
        ),
    )


def _cancel(preview: Preview, words: Words) -> Element:
    return button(
        words("Cancel"),
        CANCEL,
        label=words("Log nothing, and forget this preview"),
        value=target(preview).value(),
    )


def again(of: Preview | Target, words: Words) -> Element:
    """Build the button that counts the same time once more."""
    return button(
        words("Count again"),
        AGAIN,
        label=words("Count again what would be logged of this time"),
        value=Target("again", of.start, of.end).value(),
    )


def target(preview: Preview) -> Target:
    """Name a preview as its buttons do."""
    return Target(preview.id, preview.start, preview.end)


def _calls(count: int, words: Words) -> str:
    return words.count("{count} call", "{count} calls", count)


def _title(words: Words) -> str:
    return words("Preview of a backfill")


def _trouble(preview: Preview, words: Words) -> str:
    return shortened(clean(words.retell(preview.trouble)), LONGEST_TROUBLE)
