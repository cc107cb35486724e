"""Check whether another integration, such as Aircall's own app, logs the same calls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from clients.errors import VendorError
from store.connection import now_ms
from sync.checks.finding import Finding, ended, ok, unknown, warning
from sync.checks.world import World
from sync.foreign import MOST, SPAN, foreign_between

NAME: Final = "hubspot.foreign"


def check_foreign(world: World) -> Iterator[Finding]:
    """Look for calls of the last day that somebody else logged."""
    now = now_ms(world.connection)
    try:
        found = foreign_between(world, now - SPAN, now)
    except VendorError as error:
        yield unknown(NAME, ended(error.sentence), "Try again in a minute.")
        return
    if found.count:
        count = f"{MOST}+" if found.count >= MOST else str(found.count)
        yield warning(
            NAME,
            "Another integration, such as Aircall's own app, logs calls in HubSpot as well: "
            f"{count} in the last 24 hours, for example call {found.example}.",
            "Switch the other one off: two of them log each call twice.",
        )
    else:
        yield ok(NAME, "No other integration has logged calls in the last 24 hours.")
