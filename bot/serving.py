"""What happens to each act: known, done once, allowed, carried out; every error is answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog

from bot.admins.refusal import refusal, refuse
from bot.asking.acts import Act
from bot.asking.asked import Asked, Reply
from bot.asking.desk import Desk
from bot.asking.errors import answering, complain, complaint, replying, sentence
from bot.asking.people import Person
from bot.asking.routes import Choices, Form
from bot.asking.standing import Rank, Right, Standing
from bot.blocks import MOST_OPTIONS
from bot.first_start.steps import meet
from bot.status.home import say_at_home, show_home
from bot.words import language_of, words_in

_log = structlog.get_logger(__name__)


def serve(desk: Desk, act: Act, right: Right, run: Callable[[Asked], None]) -> None:
    """Carry out an act that is acknowledged already; a second delivery of it does nothing."""
    asked, unknown = _who_asks(desk, act)
    if unknown is not None:
        complain(asked, sentence(unknown, asked.words))
    elif not asked.standing.may(right):
        answering(asked, lambda: refuse(asked, right))
    else:
        answering(asked, lambda: _once(asked, run))


def _once(asked: Asked, run: Callable[[Asked], None]) -> None:
    if asked.desk.first_time(asked.act):
        run(asked)
    else:
        _log.info("delivered twice", kind=asked.act.kind, user=asked.act.user)


def visit(desk: Desk, act: Act) -> None:
    """Show the Home tab to whoever opened it, by their rank; what is wrong is said there."""
    asked, unknown = _who_asks(desk, act)
    if unknown is not None:
        say_at_home(asked, sentence(unknown, asked.words))
        return
    try:
        show_home(asked)
        meet(asked)
    except Exception as error:  # noqa: BLE001 - this is the room where errors of visits end
        say_at_home(asked, sentence(error, asked.words))


def reply(desk: Desk, act: Act, form: Form) -> Reply:
    """Carry out a submission, and return what it is acknowledged with."""
    asked, unknown = _who_asks(desk, act)
    if unknown is not None:
        return complaint(asked, sentence(unknown, asked.words))
    if not asked.standing.may(form.right):
        return complaint(asked, refusal(asked, form.right))
    return replying(asked, lambda: _submit_once(asked, form))


def _submit_once(asked: Asked, form: Form) -> Reply:
    if asked.desk.first_time(asked.act):
        return form.submit(asked)
    _log.info("delivered twice", kind=asked.act.kind, user=asked.act.user)
    return {}


def options(desk: Desk, act: Act, choices: Choices) -> list[dict[str, Any]]:
    """Return what a search finds, at most a hundred; nothing for whoever may not see it."""
    asked, unknown = _who_asks(desk, act)
    if unknown is not None or not asked.standing.may(choices.right):
        return []
    try:
        return [each.block() for each in choices.find(asked)[:MOST_OPTIONS]]
    except Exception as error:  # noqa: BLE001 - a list has no place for a sentence
        sentence(error, asked.words)
        return []


def _who_asks(desk: Desk, act: Act) -> tuple[Asked, Exception | None]:
    """Return who acts; with the error, nobody, while our store cannot tell who that is."""
    try:
        person, judged = desk.who(act)
    except Exception as error:  # noqa: BLE001 - it is answered
        nobody = Asked(
            desk, act, Person(act.user), Standing(Rank.STRANGER, "unknown"), desk.channel_words
        )
        return nobody, error
    # Whose language Slack does not tell is spoken to as everybody in the channel is.
    words = words_in(language_of(person.locale)) if person.locale else desk.channel_words
    return Asked(desk, act, person, judged, words), None
