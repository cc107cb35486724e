"""`enable` and `disable`: at once, and told what that means for the calls in between."""

from __future__ import annotations

from typing import Final

from bot.asking.asked import Asked
from bot.asking.routes import Action, Command
from bot.blocks import Block, Element, Message, actions, section
from bot.integration import buttons
from bot.integration.buttons import enable_button
from bot.integration.switch import Switch, turn
from bot.labels import author_name, number_names
from bot.markup import Markup, date, escape, lines
from bot.modals.opening import OVERVIEW
from bot.modals.overview import refresh_overview
from bot.status.fixes import NUMBERS
from bot.words import N_, Words
from rules.settings import InvalidSettings, Known, Settings
from store.directory import known_of


def enable(asked: Asked) -> None:
    """Enable the integration, and say what follows. Raises as `turn` does, and VendorErrors."""
    words = asked.words
    try:
        turned = turn(asked, on=True)
    except InvalidSettings as error:
        said = " ".join(words.retell(each.sentence) for each in error.problems)
        _answer(asked, said, escape(said), {**NUMBERS.button(words), "style": "primary"})
        return
    if turned.already:
        _answer_already(asked, turned.before)
        return
    known = known_of(asked.desk.shop.directory.read())
    said = words(
        "{name} is enabled: calls and messages on {numbers} are logged from now on.",
        name=turned.revision.settings.name,
        numbers=connected(turned.revision.settings, known, words),
    )
    text = lines(
        Markup(f":white_check_mark: {escape(said)}"),
        words.md(
            "What came in while it was disabled, since {when}, is not logged later by itself.",
            when=date(turned.before.at),
        ),
        _waiting(asked, on=True),
    )
    _answer(asked, said, text)


def disable(asked: Asked) -> None:
    """Disable the integration, and say what follows. Raises as `turn` does, and VendorErrors."""
    words = asked.words
    turned = turn(asked, on=False)
    if turned.already:
        _answer_already(asked, turned.before)
        return
    said = words(
        "{name} is disabled: nothing is written to HubSpot or Aircall any more.",
        name=turned.revision.settings.name,
    )
    text = lines(
        Markup(f":double_vertical_bar: {escape(said)}"),
        words.md("Calls and messages that come in from now on are not logged later by themselves."),
        _waiting(asked, on=False),
        words.md(
            "Changes to calls that were logged before follow after enabling. Checks and alerts go "
            "on."
        ),
    )
    _answer(asked, said, text, enable_button(words, style=None))


def connected(settings: Settings, known: Known, words: Words) -> str:
    """Name the connected numbers within a sentence."""
    if settings.numbers == "all":
        return words("all numbers")
    return number_names(sorted(settings.numbers), known, words)


def _waiting(asked: Asked, *, on: bool) -> Markup:
    """Say what becomes of what was accepted and is not written yet."""
    words, count = asked.words, asked.desk.shop.due.waiting()
    if not count:
        return Markup("")
    if on:
        return escape(
            words.count(
                "{count} that was accepted before and is not written yet follows now.",
                "{count} that were accepted before and are not written yet follow now.",
                count,
            )
        )
    return escape(
        words.count(
            "{count} that was accepted and is not written yet waits, and follows after enabling.",
            "{count} that were accepted and are not written yet wait, and follow after enabling.",
            count,
        )
    )


def _answer_already(asked: Asked, switch: Switch) -> None:
    words, who = asked.words, author_name(switch.author, asked.words)
    if switch.enabled:
        said = words("The integration is enabled already.")
        text = words.md(
            "It is enabled already, since {when}, by {who}.", when=date(switch.at), who=who
        )
    else:
        said = words("The integration is disabled already.")
        text = words.md(
            "It is disabled already, since {when}, by {who}.", when=date(switch.at), who=who
        )
    _answer(asked, said, text)


def _answer(asked: Asked, said: str, text: Markup, offer: Element | None = None) -> None:
    """Say it where it was asked for: in the overview, or in a message for this person alone."""
    view = asked.act.view
    if view is not None and view.callback == OVERVIEW:
        # The overview has the button itself; only what it lacks stands beside the notice.
        beside = offer if offer and offer["action_id"] != buttons.ENABLE else None
        notice: Block = section(text, beside)
        refresh_overview(asked, view.id, view.hash, notice)
        return
    blocks = [section(text), *([actions(offer)] if offer else [])]
    asked.tell(Message(said, tuple(blocks)))


ENABLE: Final = (
    Command(
        "enable",
        N_("Log calls and messages from now on."),
        "admins",
        lambda asked, _: enable(asked),
    ),
    Action(buttons.ENABLE, "admins", enable),
)
DISABLE: Final = (
    Command(
        "disable",
        N_("Log nothing until it is enabled again; settings stay."),
        "admins",
        lambda asked, _: disable(asked),
    ),
    Action(buttons.DISABLE, "admins", disable),
)
