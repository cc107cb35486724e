"""What is not in the table of routes: a button or form of a former version, or one made up."""

from __future__ import annotations

from typing import Final

from bot.asking import Asked, Reply
from bot.blocks import Message, section
from bot.errors import notice
from bot.markup import escape
from bot.routes import Action, Form
from bot.words import N_

FORMER: Final = N_(
    "This is from a former version of the integration and does nothing any more. Please open it "
    "again."
)


def _answer(asked: Asked) -> None:
    said = asked.words(FORMER)
    asked.tell(Message(said, (section(escape(said)),)))


def _reply(asked: Asked) -> Reply:
    return {"response_action": "update", "view": notice(asked.words, asked.words(FORMER))}


UNKNOWN_ACTION: Final = Action("", "all", _answer)
UNKNOWN_FORM: Final = Form("", "all", _reply)
