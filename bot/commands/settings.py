"""`settings`: the overview of every section."""

from __future__ import annotations

from typing import Final

from bot.asking.routes import Action, Command
from bot.modals.overview import open_overview
from bot.words import N_

SETTINGS: Final = (
    Command(
        "settings",
        N_("Show all settings, each with a button to change it."),
        "admins",
        lambda asked, _: open_overview(asked),
    ),
    Action("open.settings", "admins", open_overview),
)
