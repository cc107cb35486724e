"""What an admin can do about an alert: the button beside it, by how the alert's name begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.blocks import Element, button
from bot.words import N_, Words

BESIDE: Final = "alert"
"""Begins what tells the buttons beside alerts apart from each other and from all others."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A way to mend something: a button's action, and the sub-command that does the same."""

    action: str
    command: str
    text: str
    label: str
    """The full sentence, at most 75 characters."""

    def button(self, words: Words, number: int = 0, text: str = "") -> Element:
        """Build the button, with another `text` where its name is enough.

        `number` tells several of one message apart.
        """
        id_ = f"{self.action}#{number}" if number else self.action
        label = words(self.label)
        return button(words(text or self.text), id_, label=label, value=self.command)

    def button_beside(self, alert: int, words: Words) -> Element:
        """Build the button beside the alert that stands at this place, counted from one."""
        text = words(self.text)
        label = words("{fix}: what helps against alert {number}", fix=text, number=alert)
        return button(text, f"{self.action}#{BESIDE}{alert}", label=label, value=self.command)


TICKETS: Final = Fix(
    "edit.tickets",
    "tickets",
    N_("Choose stages"),
    N_("Open the form that chooses the ticket pipeline and stages"),
)
NUMBERS: Final = Fix(
    "edit.numbers",
    "numbers",
    N_("Choose numbers"),
    N_("Open the form that chooses the connected numbers"),
)
GENERAL: Final = Fix(
    "edit.general",
    "general",
    N_("Choose an owner"),
    N_("Open the form with the owner where none is found"),
)
OUTCOMES: Final = Fix(
    "edit.outcomes",
    "outcomes",
    N_("Choose outcomes"),
    N_("Open the form that chooses outcomes by kind and by tag"),
)
SETTINGS: Final = Fix(
    "open.settings", "settings", N_("Settings"), N_("Open the overview of all settings")
)
FAILURES: Final = Fix(
    "status.more", "failures", N_("See failures"), N_("Show what could not be written, and why")
)
CHECK: Final = Fix(
    "status.more", "check", N_("Check now"), N_("Compare the settings with Aircall and HubSpot now")
)

BY_NAME: Final[tuple[tuple[str, Fix], ...]] = (
    ("stage missing ", TICKETS),
    ("pipeline missing ", TICKETS),
    ("tickets scope missing", FAILURES),
    ("store emptied", SETTINGS),
    ("poisoned ", FAILURES),
    ("failures", FAILURES),
    ("number ", NUMBERS),
    ("owner ", GENERAL),
    ("tag ", OUTCOMES),
    ("outcome ", OUTCOMES),
    ("hubspot refuses", CHECK),
    ("aircall refuses", CHECK),
    ("no unique properties", CHECK),
    ("webhook", CHECK),
)
"""The first whose beginning fits. About a full disk or a used-up day no button helps."""


def fix_of(alert: str) -> Fix | None:
    """Return what helps against the alert of this name, if anything here does."""
    return next((fix for start, fix in BY_NAME if alert.startswith(start)), None)
