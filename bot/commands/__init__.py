"""The slash command: its first word chooses the sub-command, a mistyped one gets the nearest."""

from __future__ import annotations

import difflib

from bot.admins.refusal import refuse
from bot.asking.asked import Asked
from bot.asking.routes import DEFAULT, Routes
from bot.blocks import Message, section
from bot.first_start.steps import meet
from bot.markup import code, join


def run_command(asked: Asked, routes: Routes) -> None:
    """Run the sub-command that the text begins with; nothing typed is the status."""
    meet(asked)
    typed = asked.act.text.split(maxsplit=1)
    word = typed[0].casefold() if typed else DEFAULT
    command = routes.commands.get(word)
    if command is None:
        asked.tell(_not_known(asked, routes, word))
    elif not asked.standing.may(command.right):
        refuse(asked, command.right)
    else:
        command.run(asked, typed[1].strip() if len(typed) > 1 else "")


def _not_known(asked: Asked, routes: Routes, word: str) -> Message:
    words, slash = asked.words, asked.desk.shop.file.slack.command
    near = difflib.get_close_matches(word, routes.commands, n=3, cutoff=0.5) or ["help"]
    said = words(
        "There is no “{word}” here. Did you mean {nearest}?",
        word=word[:50],
        nearest=", ".join(f"{slash} {each}" for each in near),
    )
    text = words.md(
        "There is no “{word}” here. Did you mean {nearest}?",
        word=word[:50],
        nearest=join(", ", (code(f"{slash} {each}") for each in near)),
    )
    return Message(said, (section(text),))
