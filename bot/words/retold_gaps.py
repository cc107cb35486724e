"""What is said of spans in which messages may be missing, sentence by sentence."""

from __future__ import annotations

from typing import Final

from bot.words.marked import N_

GAPS: Final = (
    N_("No events were taken in from {began} to {ended} UTC."),
    N_(
        "Aircall sent us nothing from {began} to {ended} UTC, for its webhook was switched off or "
        "gone."
    ),
    N_("Calls of that time that were fetched from Aircall: {count}."),
    N_(
        "Messages of that time may be missing: they cannot be read again from Aircall, which "
        "itself delivers some of them again for up to 12 hours."
    ),
    N_(
        "Calls before {start} UTC were not looked for: Aircall's list and our memory reach no "
        "further."
    ),
    N_("The store lost all it held between {began} and {ended} UTC."),
    N_("What was taken in and not logged yet is lost, messages among it."),
    N_(
        "As the integration starts disabled, calls are not fetched by themselves: backfill logs "
        "those of a past time."
    ),
)
