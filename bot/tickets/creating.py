"""*Create the missing tickets*: those that were left out and have a stage to open in now."""

from __future__ import annotations

from typing import Final

from bot.asking.asked import Asked
from bot.asking.errors import notice
from bot.asking.routes import Action
from bot.blocks import Message, section
from bot.markup import Markup, bold, escape, lines
from bot.words import N_
from store.left_out import left_out, note_asked
from worker.left_out import AT_ONCE, ready, tell_soon
from worker.nudge import nudge

CREATE: Final = "tickets.create"
"""Makes the tickets that were left out; of one interaction where the value is `id:` and its id."""
NONE_LEFT: Final = N_("No ticket that was left out can be made now: all were made.")


def create(asked: Asked) -> None:
    """Ask for them, through the same exactly-once path as any ticket, and say how many.

    What was asked for already is not asked for twice. Raises redis-py's errors, and those of
    settings that cannot be read.
    """
    shop, words = asked.desk.shop, asked.words
    only = asked.act.value.removeprefix("id:") if asked.act.value.startswith("id:") else ""
    ids = [each for each in ready(shop) if only in ("", each)]
    if not ids:
        _say(asked, _nothing(asked))
        return
    # Before anything may be made: whoever asked is told, also after a kill in between.
    note_asked(shop.connection, asked.person.id, ids)
    call = False
    for start in range(0, len(ids), AT_ONCE):
        _, wanted = shop.due.want_tickets(ids[start : start + AT_ONCE])
        call = call or wanted
    if call:
        nudge(shop.connection)
    # All may have been made by another click meanwhile.
    tell_soon(shop)
    said = words.count(
        "{count} ticket that was left out is being made.",
        "{count} tickets that were left out are being made.",
        len(ids),
    )
    more = words("You are told in a direct message what came of it.")
    if not shop.revisions.current().settings.enabled:
        more = words("The integration is disabled: this goes on once it is enabled.")
    _say(asked, said, more)


def _nothing(asked: Asked) -> str:
    words = asked.words
    count = len(left_out(asked.desk.shop.connection))
    if not count:
        return words(NONE_LEFT)
    return words.count(
        "{count} call or message went without a ticket, and its kind has no stage now. Choose one "
        "first.",
        "{count} calls or messages went without a ticket, and their kinds have no stage now. "
        "Choose one first.",
        count,
    )


def _say(asked: Asked, said: str, more: str = "") -> None:
    view = asked.act.view
    if view is not None and view.type == "modal":
        asked.open(notice(asked.words, f"{said} {more}".strip()))
        return
    shown = lines(bold(escape(said)), escape(more)) if more else bold(escape(said))
    asked.tell(Message(said, (section(Markup(shown)),)))


CREATING: Final = Action(CREATE, "admins", create)
