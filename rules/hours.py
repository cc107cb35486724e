"""Whether an interaction fell into its number's business hours, as far as there is a sure sign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from rules.records import Call, Interaction, Line
from rules.scalars import seconds, whole

EVENT_LASTS: Final = 7 * 86_400_000
"""Milliseconds for which a `number.opened` or `number.closed` tells of the calls after it."""
UNKNOWN: Final = "hours unknown"
"""How a verdict without a sure sign begins."""
PAYLOAD_LASTS: Final = 3600
"""Seconds after an interaction for which a payload's state of the number still tells of it."""


@dataclass(frozen=True, slots=True)
class LineHours:
    """The last `number.opened` or `number.closed` of a number."""

    open: bool
    at: int
    """Milliseconds since 1970."""


@dataclass(frozen=True, slots=True)
class Hours:
    """The verdict, and what it rests on. `unknown` counts as inside."""

    verdict: Literal["inside", "outside", "unknown"]
    because: str


def line_hours(event: Mapping[str, Any], arrived: int) -> tuple[int, LineHours] | None:
    """Read a `number.opened` or `number.closed` event: the number's id, and its new state.

    `arrived` (milliseconds) stands in for a missing timestamp. Any other event gives None.
    https://developer.aircall.io/api-references/#number-overview
    """
    name, data = event.get("event"), event.get("data")
    if name not in ("number.opened", "number.closed") or not isinstance(data, dict):
        return None
    number, timestamp = whole(data.get("id")), seconds(event.get("timestamp"))
    if number is None:
        return None
    at = arrived if timestamp is None else timestamp * 1000
    return number, LineHours(open=name == "number.opened", at=at)


def hours_of(interaction: Interaction, seen: LineHours | None) -> Hours:
    """Judge by the moment the interaction began.

    `seen` is the last opened or closed event of its number, None if there never was one: Aircall
    no longer updates `open` for numbers whose hours are kept in a Smartflow.
    """
    if (
        isinstance(interaction, Call)
        and interaction.answered_at is None
        and interaction.missed_reason == "out_of_opening_hours"
    ):
        return Hours("outside", "Aircall says: missed outside opening hours")
    line = interaction.line
    start = interaction.start * 1000
    if line is not None and _tells(interaction, line, "availability"):
        if line.availability == "closed":
            return Hours("outside", "the number is set to always closed")
        if line.availability == "open":
            return Hours("inside", "the number is set to always open")
    if seen is None:
        return _unknown("the number never told of its hours")
    if start - EVENT_LASTS <= seen.at <= start:
        word = "opened" if seen.open else "closed"
        return Hours("inside" if seen.open else "outside", f"the number had {word} before")
    if line is None or line.open is None or not _tells(interaction, line, "open"):
        return _unknown("no word of the number's hours at that time")
    if start < seen.at <= _told(interaction, line, "open") * 1000:
        return _unknown("the number opened or closed meanwhile")
    word = "open" if line.open else "closed"
    return Hours("inside" if line.open else "outside", f"the event says that it was {word}")


def _unknown(because: str) -> Hours:
    return Hours("unknown", f"{UNKNOWN}: {because}")


def _told(interaction: Interaction, line: Line, name: str) -> int:
    """When a field of the line was told, in UNIX seconds."""
    path = f"line.{line.id}.{name}"
    return interaction.versions.get(path, interaction.as_of).timestamp


def _tells(interaction: Interaction, line: Line, name: str) -> bool:
    """A state told long after the interaction, by a late tag or an API read, is not its own."""
    return _told(interaction, line, name) <= interaction.finish + PAYLOAD_LASTS
