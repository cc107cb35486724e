"""Whether an interaction is to be written at all: pending, ignored, waiting, or go on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from rules.hours import Hours
from rules.records import Interaction
from rules.settings import Settings

DISABLED: Final = "disabled"
NOT_CONNECTED: Final = "number not connected"
OUTSIDE_HOURS: Final = "outside business hours"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`go` is planned and written; `waiting` goes on after the integration is enabled again."""

    result: Literal["pending", "ignored", "waiting", "go"]
    reason: str = ""


def judge(
    interaction: Interaction, accepted: Settings, newest: Settings, hours: Hours, *, logged: bool
) -> Verdict:
    """Judge by the three reasons to ignore, in their order.

    `accepted` are the settings in force when the interaction arrived: only they can make it
    ignored. `newest` only can make it wait. What was `logged` before is never ignored afterwards.
    """
    if interaction.accepted is None:
        return Verdict("pending", "the call has not ended")
    if not logged:
        # Backfill is asked for on purpose: that the product was disabled then does not count.
        if not accepted.enabled and interaction.backfilled is None:
            return Verdict("ignored", DISABLED)
        if not accepted.connects(interaction.line.id if interaction.line else None):
            return Verdict("ignored", NOT_CONNECTED)
        if accepted.business_hours_only and hours.verdict == "outside":
            return Verdict("ignored", OUTSIDE_HOURS)
    if not newest.enabled:
        return Verdict("waiting", "the integration is disabled")
    return Verdict("go")
