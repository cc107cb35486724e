"""What can be done about an alert beside mending it: check again, be reminded, ignore it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, get_args

from bot.blocks import Element, Option, button, overflow
from bot.words import N_, Words

MORE: Final = "alert.more"
"""The menu of an alert's message; the value of an option is what to do, and of what."""
WAKE: Final = "alert.wake"
"""The button that takes back what quieted an alert; its value is the alert's id."""
WAKE_ALL: Final = "alerts.wake"
"""The option in the status's menu that takes back all of that."""
Act = Literal["check", "hour", "tomorrow", "monday", "ignore", "wake"]
ACTS: Final[Mapping[Act, str]] = {
    "check": N_("Check again"),
    "hour": N_("Remind me in an hour"),
    "tomorrow": N_("Remind me tomorrow"),
    "monday": N_("Remind me next Monday"),
    "ignore": N_("Ignore until it changes"),
    "wake": N_("Warn as usual again"),
}
LOUD: Final[tuple[Act, ...]] = ("check", "hour", "tomorrow", "monday", "ignore")
QUIETED: Final[tuple[Act, ...]] = ("check", "wake")


def menu(id_: str, words: Words, *, quiet: bool) -> Element:
    """Build the menu of the alert (or of the message on several) with this id."""
    acts = QUIETED if quiet else LOUD
    return overflow(MORE, [Option(words(ACTS[each]), f"{each}:{id_}") for each in acts])


def read(value: str) -> tuple[Act, str] | None:
    """Read what was chosen, and of which alert or message; None for what was made up."""
    act, _, id_ = value.partition(":")
    return next(((each, id_) for each in get_args(Act) if each == act), None)


def wake_button(id_: str, number: int, words: Words) -> Element:
    """Build the button that takes back what quieted the alert at this place of a list."""
    label = words("Warn of alert {number} as usual again", number=number)
    return button(words("Warn again"), f"{WAKE}#{number}", label=label, value=id_)
