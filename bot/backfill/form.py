"""The form that asks which time to log: days, and times of day where they matter."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.asking.asked import Asked, Reply
from bot.asking.unknown import UNKNOWN_FORM
from bot.backfill.asking import begin
from bot.backfill.saying import wrong_in_form
from bot.backfill.span import Moment, SpanError, read_day, read_time, span_between, zone_of
from bot.blocks import VALUE, Block, Element, Message, field, modal, plain, section
from bot.words import Words
from store.connection import now_ms

CALLBACK: Final = "backfill"
FIELDS: Final = ("start", "start_time", "end", "end_time")


def form(words: Words, zone: str) -> Block:
    """Build the form; `zone` is the reader's, as Slack names it."""
    hint = words("In your time zone: {zone}.", zone=zone or "UTC")
    return modal(
        words("Log past calls"),
        [
            section(
                words.md(
                    "Calls that Aircall knows of this time are counted first: you see what would "
                    "be logged, and start it or not. Aircall tells of the last six months; "
                    "messages cannot be read again."
                )
            ),
            field("start", words("From"), _day(words("Day"))),
            field("start_time", words("From what time"), _time(words("Time")), hint=hint,
                  optional=True),
            field("end", words("Up to and including"), _day(words("Day")), optional=True,
                  hint=words("Without a day: all until now.")),
            field("end_time", words("Until what time"), _time(words("Time")), hint=hint,
                  optional=True),
        ],
        callback=CALLBACK,
        submit=words("Preview"),
        close=words("Cancel"),
    )  # fmt: skip


def open_form(asked: Asked) -> None:
    """Open the form. Raises Unavailable and Rejected."""
    asked.open(form(asked.words, asked.person.time_zone))


def submit(asked: Asked) -> Reply:
    """Have the time counted. Raises redis-py's errors and those of settings."""
    view, words, zone = asked.act.view, asked.words, zone_of(asked.person.time_zone)
    if view is None or not set(FIELDS) >= set(view.values) or "start" not in view.values:
        return UNKNOWN_FORM.submit(asked)
    typed = {name: str(view.values.get(name) or "") for name in FIELDS}
    now = now_ms(asked.desk.shop.connection) // 1000
    today = datetime.fromtimestamp(now, zone).date()
    first_day, last_day = read_day(typed["start"]), read_day(typed["end"])
    first_time, last_time = read_time(typed["start_time"]), read_time(typed["end_time"])
    if first_day is None:
        return _errors({"start": words("Choose a day.")})
    if last_time is not None and last_day is None:
        last_day = today
    last = None if last_day is None else Moment(last_day, last_time)
    try:
        span = span_between(Moment(first_day, first_time), last, zone, now)
    except SpanError as error:
        return _errors({error.which or "start": wrong_in_form(error, words, zone)})
    return {"response_action": "update", "view": _answered(begin(asked, span), words)}


def _errors(errors: dict[str, str]) -> Reply:
    return {"response_action": "errors", "errors": errors}


def _answered(message: Message, words: Words) -> Block:
    return modal(words("Log past calls"), message.blocks, close=words("Close"))


def _day(placeholder: str) -> Element:
    return {"type": "datepicker", "action_id": VALUE, "placeholder": plain(placeholder, 150)}


def _time(placeholder: str) -> Element:
    return {"type": "timepicker", "action_id": VALUE, "placeholder": plain(placeholder, 150)}
