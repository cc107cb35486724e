"""What the logging of a past time says of itself: each sentence by its shape."""

from __future__ import annotations

from typing import Final

from bot.words.marked import N_

BACKFILL: Final = (
    N_("The integration is disabled: what was taken in waits until it is enabled again."),
    N_("HubSpot takes no calls just now: what was taken in waits for it."),
)
