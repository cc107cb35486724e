"""One table of all that people can do in Slack: who may, and what carries it out.

Help is written from it, the manifest and the matrix of rights are held against it, and what is not
in it is answered as unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from bot.asking.asked import Asked, Reply
from bot.asking.standing import Right
from bot.blocks import Option


@dataclass(frozen=True, slots=True)
class Command:
    """A sub-command: its word, what follows it, and what it does, for help."""

    word: str
    does: str
    """One sentence, marked for translation."""
    right: Right
    run: Callable[[Asked, str], None]
    """Carries it out; the text is what follows the word."""
    usage: str = ""
    """What follows the word, as `FROM TO`."""


@dataclass(frozen=True, slots=True)
class Action:
    """A button, menu or live input, by its action id; an input's is `value:` and its setting."""

    id: str
    right: Right
    run: Callable[[Asked], None]


@dataclass(frozen=True, slots=True)
class Form:
    """A form that can be submitted, by its callback id."""

    callback: str
    right: Right
    submit: Callable[[Asked], Reply]


@dataclass(frozen=True, slots=True)
class Choices:
    """A long list that is searched while typing, by its setting or the beginning of several."""

    path: str
    right: Right
    find: Callable[[Asked], Sequence[Option]]


@dataclass(frozen=True, slots=True)
class Routes:
    """The table."""

    commands: Mapping[str, Command]
    actions: Mapping[str, Action]
    forms: Mapping[str, Form]
    choices: Mapping[str, Choices]

    def choices_of(self, path: str) -> Choices | None:
        """Return the list of a setting: its own, or the one of all that begin as `outcomes.`."""
        beginnings = (each for each in self.choices if each.endswith(".") and path.startswith(each))
        found = self.choices.get(path)
        return found or next((self.choices[each] for each in beginnings), None)


T = TypeVar("T")

DEFAULT: Final = "status"
"""The sub-command of the bare slash command."""


def routes(*entries: Command | Action | Form | Choices) -> Routes:
    """Build the table; raises ValueError where two entries claim one name."""
    commands: dict[str, Command] = {}
    actions: dict[str, Action] = {}
    forms: dict[str, Form] = {}
    choices: dict[str, Choices] = {}
    for entry in entries:
        match entry:
            case Command():
                _add(commands, entry.word, entry)
            case Action():
                _add(actions, entry.id, entry)
            case Form():
                _add(forms, entry.callback, entry)
            case Choices():
                _add(choices, entry.path, entry)
    return Routes(commands, actions, forms, choices)


def _add(table: dict[str, T], name: str, entry: T) -> None:
    if name in table:
        raise ValueError(f"{name} is routed twice")
    table[name] = entry
