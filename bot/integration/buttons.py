"""The two buttons that turn the integration on and off, alike wherever they stand."""

from __future__ import annotations

from typing import Final

from bot.blocks import Element, Style, button, confirm
from bot.words import Words

ENABLE: Final = "enable"
DISABLE: Final = "disable"


def enable_button(words: Words, style: Style | None = "primary") -> Element:
    """Build the button that enables; `style` None where another one is more pressing."""
    label = words("Enable the integration: calls and messages are logged from then on")
    return button(words("Enable"), ENABLE, label=label, style=style)


def disable_button(words: Words, style: Style | None = None) -> Element:
    """Build the button that disables; it asks first."""
    return button(
        words("Disable"),
        DISABLE,
        label=words("Disable the integration: nothing is written to HubSpot any more"),
        style=style,
        ask=confirm(
            words("Disable the integration?"),
            words.md(
                "Calls and messages that come in while it is disabled are not logged later by "
                "themselves."
            ),
            words("Disable"),
            words("Keep it enabled"),
            style="danger",
        ),
    )
