"""What is said of missing ticket pipelines and stages, and of tickets left out for them."""

from __future__ import annotations

from typing import Final

from bot.words.marked import N_

PIPELINES: Final = (
    N_("An admin has chosen anew."),
    N_("It is there again, and in use."),
    N_("It is there again, and nothing in the settings would use it."),
    N_("The old choice was put back: it is there again in HubSpot."),
    N_("All that could be made were made."),
    N_("Their kinds have no stage any more: choose one, and they can be made."),
    N_("the ticket that was left out was made when an admin asked for it"),
    N_(
        "Logged without a ticket while what it needed was missing in HubSpot: {count}. Their "
        "tickets can be made now."
    ),
)
