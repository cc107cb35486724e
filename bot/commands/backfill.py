"""`backfill`: log past calls on purpose, after a preview of what that would do."""

from __future__ import annotations

from typing import Final

from bot.asking.asked import Asked
from bot.asking.routes import Command, Form
from bot.backfill.asking import begin
from bot.backfill.form import CALLBACK, open_form, submit
from bot.backfill.saying import wrong
from bot.backfill.span import SpanError, read_span, zone_of
from bot.backfill.starting import ACTIONS
from bot.words import N_
from store.connection import now_ms


def run(asked: Asked, text: str) -> None:
    """Have the time counted that was typed; without one, ask for it in a form.

    Raises redis-py's errors, VendorErrors, and those of settings.
    """
    if not text.strip():
        open_form(asked)
        return
    now = now_ms(asked.desk.shop.connection) // 1000
    try:
        span = read_span(text, zone_of(asked.person.time_zone), now)
    except SpanError as error:
        asked.tell(wrong(error, asked))
        return
    asked.tell(begin(asked, span))


BACKFILL: Final = (
    Command(
        "backfill",
        N_("Log past calls, after a preview of what that would do."),
        "admins",
        run,
        N_("FROM TO"),
    ),
    *ACTIONS,
    Form(CALLBACK, "admins", submit),
)
