"""`help`: what there is, written from the table that routes."""

from __future__ import annotations

from collections.abc import Callable

from bot.asking.asked import Asked
from bot.asking.routes import Command, Routes
from bot.blocks import Message, context, header, section
from bot.markup import Markup, code, lines
from bot.words import N_, Words


def help_command(table: Callable[[], Routes]) -> Command:
    """Make the sub-command of the table it is part of."""
    return Command(
        "help",
        N_("Show what there is."),
        "all",
        lambda asked, _: asked.tell(message(asked, table())),
    )


def message(asked: Asked, routes: Routes) -> Message:
    """List the sub-commands that this person may use, and how many more admins have."""
    words, slash = asked.words, asked.desk.shop.file.slack.command
    allowed = [each for each in routes.commands.values() if asked.standing.may(each.right)]
    rows = [
        words.md(
            "{command}  {does}",
            command=code(f"{slash} {each.word} {_usage(each.usage, words)}".rstrip()),
            does=words(each.does),
        )
        for each in allowed
    ]
    blocks = [header(words("What you can do")), section(lines(*rows))]
    if more := len(routes.commands) - len(allowed):
        said = words.count("Admins have {count} more.", "Admins have {count} more.", more)
        blocks.append(context(Markup(said)))
    text = words("What you can do: {commands}.", commands=", ".join(each.word for each in allowed))
    return Message(text, tuple(blocks))


def _usage(usage: str, words: Words) -> str:
    return words(usage) if usage else ""
