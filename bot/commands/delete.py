"""`delete`: remove the integration, after its name was typed."""

from __future__ import annotations

from typing import Final

from bot.asking.routes import Action, Command, Form
from bot.integration.removal import REMOVE_AGAIN
from bot.modals.deletion import CALLBACK, open_deletion, submit_deletion
from bot.words import N_

DELETE: Final = (
    Command(
        "delete",
        N_("Remove the integration, after you typed its name; what is in HubSpot stays."),
        "admins",
        lambda asked, _: open_deletion(asked),
    ),
    Action("delete", "admins", open_deletion),
    Form(CALLBACK, "admins", submit_deletion),
    REMOVE_AGAIN,
)
