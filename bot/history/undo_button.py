"""*Undo*: the button that takes back what one revision changed."""

from __future__ import annotations

from typing import Final

from bot.blocks import Element, button, confirm
from bot.words import Words

UNDO: Final = "undo"
ANNOUNCED: Final = "announced"
"""What tells the button of an announcement from all others."""


def undo_button(words: Words, number: int, where: str = "") -> Element:
    """Build the button that takes a revision back; it asks first."""
    return button(
        words("Undo"),
        f"{UNDO}#{where or number}",
        label=words("Undo what revision {number} changed", number=number),
        value=str(number),
        ask=confirm(
            words("Undo revision {number}?", number=number),
            words.md("What it changed becomes as it was before, as a new revision."),
            words("Undo"),
            words("Keep it"),
        ),
    )
