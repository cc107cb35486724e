"""`failures`: what could not be written, by cause; try it again, or give it up with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.asking.asked import Asked
from bot.asking.errors import filling_later, notice
from bot.asking.routes import Action, Command, Form
from bot.blocks import Block, Message, section
from bot.commands.explain import EXPLAIN
from bot.commands.explain import view as explained
from bot.failures.view import CALLBACK, CLOSED, DISMISS, RETRY, loading, none_left, view
from bot.markup import bold
from bot.modals.dismissal import CALLBACK as DISMISSAL
from bot.modals.dismissal import Target, form, submit, target_of
from bot.words import N_
from clients.errors import Rejected
from store import keys
from store.due import Due
from worker.cases import case_of
from worker.failures import failures
from worker.nudge import nudge

AT_ONCE: Final = 500
"""Failures that are read before the list opens, and tried again in one go."""
GONE: Final = N_("Nothing of this stands among the failures any more.")
"""What is said of a button that is older than the world."""


def run(asked: Asked) -> None:
    """Open the list; a message says that nothing failed.

    Many are read after it opened, for Slack waits three seconds for it.
    """
    connection, words = asked.desk.shop.connection, asked.words
    count = int(connection.zcard(keys.FAILURES))
    if not count and asked.act.view is None:
        asked.tell(none_left(failures(connection), words))
    elif count <= AT_ONCE:
        asked.open(view(failures(connection), words))
    else:
        opened = asked.open(loading(words))
        filling_later(asked, opened["id"], lambda: _fill(asked, opened))


def _fill(asked: Asked, opened: Block) -> None:
    now = failures(asked.desk.shop.connection)
    try:
        asked.update(opened["id"], opened["hash"], view(now, asked.words))
    except Rejected as error:
        if error.category not in CLOSED:
            raise


def retry(asked: Asked) -> None:
    """Try again what the button names, through the same exactly-once path."""
    due, target = Due(asked.desk.shop.connection), target_of(asked.act.value)
    ids = _ids(asked, target)
    count, call = 0, False
    for start in range(0, len(ids), AT_ONCE):
        found, wanted = due.retry(ids[start : start + AT_ONCE])
        count, call = count + found, call or wanted
    if call:
        nudge(asked.desk.shop.connection)
    said = asked.words(GONE)
    if count:
        said = asked.words.count(
            "{count} is being tried again now.", "{count} are being tried again now.", count
        )
    _say(asked, target, said)


def dismiss(asked: Asked) -> None:
    """Ask why what the button names is to be given up."""
    target = target_of(asked.act.value)
    ids = _ids(asked, target)
    among = set(Due(asked.desk.shop.connection).failures())
    there = [each for each in ids if each in among]
    if not there:
        _say(asked, target, asked.words(GONE))
        return
    asked.open(form(asked, target, there))


def _ids(asked: Asked, target: Target) -> Sequence[str]:
    """Return the interactions that are meant, as the world is now."""
    connection = asked.desk.shop.connection
    match target.kind:
        case "all":
            return Due(connection).failures()
        case "cause":
            cause = failures(connection).cause(target.name)
            return [each.id for each in cause.failed] if cause else ()
        case _:
            return (target.name,)


def _say(asked: Asked, target: Target, said: str) -> None:
    """Say what was done where it was asked for: in the list, in the story, or in a message."""
    act, shop = asked.act, asked.desk.shop
    if act.view is None:
        asked.tell(Message(said, (section(bold(said)),)))
    elif act.view.callback == CALLBACK:
        asked.update(act.view.id, "", view(failures(shop.connection), asked.words, said))
    elif act.view.callback == EXPLAIN and (case := case_of(shop.connection, target.name)):
        asked.update(act.view.id, "", explained(asked, case, said))
    else:
        asked.open(notice(asked.words, said))


FAILURES: Final = (
    Command(
        "failures",
        N_("Show what could not be written, why, and try it again."),
        "admins",
        lambda asked, _: run(asked),
    ),
    Action(RETRY, "admins", retry),
    Action(DISMISS, "admins", dismiss),
    Form(DISMISSAL, "admins", submit),
)
