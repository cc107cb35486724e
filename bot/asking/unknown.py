"""What is not in the table of routes: a button or form of a former version, or one made up."""

from __future__ import annotations

from typing import Final

from bot.asking.asked import Asked, Reply
from bot.asking.errors import notice
from bot.asking.routes import Action, Choices, Form
from bot.blocks import Message, Option, section
from bot.markup import escape
from bot.words import N_

FORMER: Final = N_(
    "This is from a former version of the integration and does nothing any more. Please open it "
    "again."
)
FORMER_LIST: Final = N_("This list is from a former version. Please open the form again.")


def _answer(asked: Asked) -> None:
    said = asked.words(FORMER)
    asked.tell(Message(said, (section(escape(said)),)))


def _reply(asked: Asked) -> Reply:
    return {"response_action": "update", "view": notice(asked.words, asked.words(FORMER))}


def _find(asked: Asked) -> list[Option]:
    # A list has no other place for a sentence; no form takes it for a choice.
    return [Option(asked.words(FORMER_LIST), "?")]


UNKNOWN_ACTION: Final = Action("", "all", _answer)
UNKNOWN_FORM: Final = Form("", "all", _reply)
UNKNOWN_CHOICES: Final = Choices("", "all", _find)
