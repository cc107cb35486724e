"""*Connect*: one more number among those whose calls and messages are logged."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from redis.exceptions import RedisError

from bot.asking.asked import Asked
from bot.asking.errors import notice
from bot.asking.routes import Action
from bot.asking.unknown import UNKNOWN_ACTION
from bot.blocks import Message, actions, section
from bot.channel.announcements import announce_soon
from bot.history.undo_button import undo_button
from bot.labels import author_name
from bot.markup import Markup, clean, escape, lines, shortened
from bot.modals.numbers import LONGEST_ID
from bot.modals.saving import author
from rules.settings import Settings, new_problems, with_value
from store.directory import known_of
from store.settings import Revision, StaleSettings
from sync.directory.numbers import CONNECTED, NEW

CONNECT: Final = "number.connect"
"""Connects the number whose id is the button's value."""
LONGEST_NAME: Final = 80
TRIES: Final = 5
"""Saves by others in between that are reckoned with, one after the other."""


def connect(asked: Asked) -> None:
    """Connect the number, on top of whatever others have saved meanwhile; twice does nothing.

    Raises StaleSettings where others never stop saving, redis-py's errors and those of settings
    that cannot be read.
    """
    typed = asked.act.value
    if not (typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_ID):
        UNKNOWN_ACTION.run(asked)
        return
    id_ = int(typed)
    between: tuple[Revision, ...] = ()
    for _ in range(TRIES):
        current = asked.desk.shop.revisions.current()
        if current.settings.connects(id_):
            _close(asked, id_)
            _say(asked, *_already(asked, current, id_))
            return
        try:
            saved = _save(asked, current, id_)
        except StaleSettings as error:
            between = error.between
            continue
        if saved is None:
            return
        _close(asked, id_)
        announce_soon(asked.desk)
        _say(asked, *_done(asked, saved, id_), revision=saved.number)
        return
    raise StaleSettings(between)


def _save(asked: Asked, current: Revision, id_: int) -> Revision | None:
    """Save it; None after saying why it cannot be. Raises StaleSettings and redis-py's errors."""
    shop, words = asked.desk.shop, asked.words
    wanted = with_value(current.settings, "numbers", [*_chosen(current.settings), id_])
    known = known_of(shop.directory.read())
    if found := new_problems(current.settings, wanted, known):
        said = " ".join(words.retell(each.sentence) for each in found)
        _say(asked, said, words.md("Nothing was changed."))
        return None
    return shop.revisions.save(wanted, author(asked), current.number)


def _chosen(settings: Settings) -> list[int]:
    return [] if settings.numbers == "all" else sorted(settings.numbers)


def _close(asked: Asked, id_: int) -> None:
    """Close the offer; the next look at the directory does it as well."""
    with suppress(RedisError):
        asked.desk.shop.alerts.resolve(f"{NEW}{id_}", CONNECTED)


def _already(asked: Asked, current: Revision, id_: int) -> tuple[str, Markup]:
    words = asked.words
    if current.settings.numbers == "all":
        return words("All numbers are connected, new ones too."), Markup("")
    said = words("{number} is connected already.", number=_name(asked, id_))
    who = author_name(current.author, words)
    return said, words.md("The settings were last changed by {who}.", who=who)


def _done(asked: Asked, saved: Revision, id_: int) -> tuple[str, Markup]:
    words, number = asked.words, _name(asked, id_)
    if saved.settings.enabled:
        said = words(
            "{number} is connected: its calls and messages are logged from now on.", number=number
        )
        return said, Markup("")
    said = words("{number} is connected.", number=number)
    return said, words.md("Nothing is logged before the integration is enabled.")


def _name(asked: Asked, id_: int) -> str:
    """Name the number as Aircall does, else by its id."""
    names = known_of(asked.desk.shop.directory.read()).numbers or {}
    return shortened(clean(names.get(id_, "")), LONGEST_NAME) or asked.words("Number {id}", id=id_)


def _say(asked: Asked, said: str, more: Markup, *, revision: int = 0) -> None:
    """Say it where the button was: on top of a form, or for this person alone."""
    view = asked.act.view
    if view is not None and view.type == "modal":
        asked.open(notice(asked.words, said))
        return
    shown = section(lines(escape(said), *([more] if more else [])))
    undo = [actions(undo_button(asked.words, revision))] if revision else []
    asked.tell(Message(said, (shown, *undo)))


CONNECTING: Final = Action(CONNECT, "admins", connect)
