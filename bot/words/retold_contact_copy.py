"""What the copy of all contacts to Aircall waits for, as it says itself."""

from __future__ import annotations

from typing import Final

from bot.words.marked import N_

CONTACT_COPY: Final = (
    N_("The integration is disabled: the copy goes on once it is enabled."),
    N_("Copying contacts to Aircall is switched off: the copy goes on once it is switched on."),
)
