"""What is answered around a preview: what was wrong with a time, what may be typed, what runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Any, Final

from babel.dates import format_date, format_datetime

from bot.asking.asked import Asked
from bot.backfill.span import TOO_OLD, SpanError, zone_of
from bot.blocks import Message, context, section
from bot.markup import Markup, bold, clean, code, date, escape, shortened
from bot.operations.view import progress
from bot.words import Words
from store.connection import now_ms
from store.operations import Operation

LONGEST_TYPED: Final = 60


def wrong(error: SpanError, asked: Asked) -> Message:
    """Say what was wrong with what was typed, its moments as Slack shows them to each reader."""
    words = asked.words
    values = {name: _moment(name, value) for name, value in error.values.items()}
    said = wrong_in_form(error, words, zone_of(asked.person.time_zone))
    return Message(said, (section(words.md(error.sentence, **values)), context(usage(asked))))


def wrong_in_form(error: SpanError, words: Words, zone: tzinfo) -> str:
    """Say the same in plain words, as a form needs it: moments in this time zone."""
    values: dict[str, Any] = {}
    for name, value in error.values.items():
        if isinstance(value, str):
            values[name] = shortened(clean(value), LONGEST_TYPED)
        else:
            moment = datetime.fromtimestamp(value, zone)
            write = format_date if error.sentence == TOO_OLD else format_datetime
            values[name] = write(moment, "medium", locale=words.language)
    return words(error.sentence, **values)


def _moment(name: str, value: object) -> object:
    if not isinstance(value, int):
        return shortened(clean(str(value)), LONGEST_TYPED)
    return date(value * 1000, "{date}" if name == "day" else "{date_short_pretty} {time}")


def usage(asked: Asked) -> Markup:
    """Say what may be typed."""
    slash = asked.desk.shop.file.slack.command
    return asked.words.md(
        "For example {days}, {times} or {words}. A whole day as the end is meant with all of its "
        "hours; without an end it is all until now. {command} alone opens a form.",
        days=code(f"{slash} backfill 2026-11-01 2026-11-03"),
        times=code(f"{slash} backfill 1.11.2026 14:30 2.11.2026 9:00"),
        words=code(f"{slash} backfill yesterday today"),
        command=code(f"{slash} backfill"),
    )


def running(asked: Asked, operation: Operation) -> Message:
    """Show the backfill that is at work, with the button that stops it."""
    words = asked.words
    said = words("A backfill is running already; there is one at a time.")
    now = now_ms(asked.desk.shop.connection)
    message = progress(operation, (), now, words)
    return replace(message, text=said, blocks=(section(bold(said)), *message.blocks))


def plain(said: str) -> Message:
    """Say one sentence."""
    return Message(said, (section(escape(said)),))
