"""`status`: one card that says how it goes, with what helps beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.admins.refusal import refuse
from bot.alerts.acting import wake_all
from bot.alerts.buttons import WAKE_ALL
from bot.asking.asked import Asked
from bot.asking.routes import Action, Command, Routes
from bot.blocks import Message
from bot.commands import run_command
from bot.status.card import MORE, REFRESH, SHOW, card
from bot.status.facts import gather
from bot.status.home import show_home
from bot.words import N_


def status_command() -> Command:
    """Make the sub-command that the bare slash command is, too."""
    return Command(
        "status",
        N_("Show whether it is enabled, what was logged today, what waits, and what is wrong."),
        "all",
        lambda asked, _: asked.tell(status(asked)),
    )


def status_actions(table: Callable[[], Routes]) -> tuple[Action, ...]:
    """Make the card's own buttons, of the table they are part of."""
    return (
        Action(REFRESH, "all", refresh),
        Action(SHOW, "all", lambda asked: asked.tell(status(asked))),
        Action(MORE, "all", lambda asked: more(asked, table())),
    )


def refresh(asked: Asked) -> None:
    """Show the status anew where it was clicked: in the card's place, or on the Home tab."""
    if asked.act.view is not None:
        show_home(asked)
    else:
        asked.tell(status(asked), replace=True)


def more(asked: Asked, routes: Routes) -> None:
    """Run the sub-command that was chosen; its own right is asked for."""
    if asked.act.value == "status":
        refresh(asked)
    elif asked.act.value == WAKE_ALL:
        if asked.standing.may("admins"):
            wake_all(asked)
        else:
            refuse(asked, "admins")
    else:
        run_command(replace(asked, act=replace(asked.act, text=asked.act.value)), routes)


def status(asked: Asked) -> Message:
    """Build the card as it is now. Raises redis-py's errors and those of unreadable settings."""
    facts = gather(asked.desk.shop, asked.person.time_zone)
    return card(facts, asked.words, asked.standing)
