"""Asks for a preview: what keeps a time from being logged is said before anything is counted."""

from __future__ import annotations

from typing import Final

from bot.asking.asked import Asked
from bot.backfill.saying import plain, running
from bot.backfill.span import Span
from bot.blocks import Message, context
from bot.markup import Markup, date, lines
from bot.operations.backfill import span as in_words
from store.backfills import Previews
from store.connection import now_ms
from store.operations import Operations
from store.tombstone import DELETED
from sync.backfill.tending import call, tell

DAY: Final = 86_400
MOST: Final = 5
"""Previews that are counted at a time: each may read thousands of calls."""


def refusal(asked: Asked, span: Span) -> Message | None:
    """Return what keeps this time from being logged; None if nothing does.

    Raises redis-py's errors and those of settings.
    """
    shop, words = asked.desk.shop, asked.words
    if shop.revisions.current().note == DELETED:
        said = words("The integration was deleted: choose its settings and enable it first.")
        return plain(said)
    operation = Operations(shop.connection).current("backfill")
    if operation is not None and operation.active:
        return running(asked, operation)
    days = shop.file.retention.ids
    forgotten = now_ms(shop.connection) // 1000 - days * DAY
    unique = shop.directory.read().unique or {}
    if span.start < forgotten and not unique.get("calls"):
        said = words.count(
            "HubSpot did not let us make a unique property for calls, and what was logged more "
            "than {count} day ago is forgotten here: such calls could be logged twice.",
            "HubSpot did not let us make a unique property for calls, and what was logged more "
            "than {count} days ago is forgotten here: such calls could be logged twice.",
            days,
        )
        hint = words.md(
            "Choose a beginning after {when}. How long we remember is `ids` of `[retention]` in "
            "settings.toml.",
            when=date(forgotten * 1000),
        )
        return Message(said, (*plain(said).blocks, context(hint)))
    if len(Previews(shop.connection).open()) >= MOST:
        return plain(
            words(
                "Several previews are being counted already. Please wait for them, or cancel one."
            )
        )
    return None


def begin(asked: Asked, span: Span) -> Message:
    """Have a time counted, and say where the result will be; or say why it is not.

    Raises redis-py's errors and those of settings.
    """
    refused = refusal(asked, span)
    if refused is not None:
        return refused
    shop, words = asked.desk.shop, asked.words
    number = shop.revisions.current().number
    previews = Previews(shop.connection)
    preview = previews.begin(asked.person.id, asked.person.name, span.start, span.end, number)
    tell(shop.connection, preview.id)
    call(shop.connection)
    said = words(
        "I count the calls, and send you a preview directly. Nothing is logged before that."
    )
    text = lines(in_words(span.start, span.end, words), Markup(said))
    return Message(said, (context(text),))
