"""Tell the nine kinds of interaction apart, and put a missed call's reason in words."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from rules.records import Call, Interaction, Message


class Kind(StrEnum):
    """What an interaction is; a call's kind is also the name of its outcome setting."""

    OUTBOUND_ANSWERED = "outbound_answered"
    OUTBOUND_UNANSWERED = "outbound_unanswered"
    OUTBOUND_BUSY = "outbound_busy"
    OUTBOUND_WRONG_NUMBER = "outbound_wrong_number"
    INBOUND_ANSWERED = "inbound_answered"
    INBOUND_MISSED = "inbound_missed"
    INBOUND_VOICEMAIL = "inbound_voicemail"
    OUTBOUND_MESSAGE = "outbound_message"
    INBOUND_MESSAGE = "inbound_message"

    @property
    def inbound(self) -> bool:
        """Whether the other party began it."""
        return self.value.startswith("inbound")

    @property
    def missed(self) -> bool:
        """Whether it is an inbound call that nobody took."""
        return self in (Kind.INBOUND_MISSED, Kind.INBOUND_VOICEMAIL)

    @property
    def answered(self) -> bool:
        """Whether it is a call in which somebody answered."""
        return self in (Kind.OUTBOUND_ANSWERED, Kind.INBOUND_ANSWERED)


_CAUSES: Final[Mapping[str, Kind]] = {
    "busy": Kind.OUTBOUND_BUSY,
    "wrong_number": Kind.OUTBOUND_WRONG_NUMBER,
}
_COUNTED_AS: Final[Mapping[Kind, Kind]] = {
    Kind.OUTBOUND_BUSY: Kind.OUTBOUND_UNANSWERED,
    Kind.OUTBOUND_WRONG_NUMBER: Kind.OUTBOUND_UNANSWERED,
}
_REASONS: Final[Mapping[str, str]] = {
    "out_of_opening_hours": "Missed, outside opening hours",
    "short_abandoned": "Missed, the caller hung up at once",
    "abandoned_in_ivr": "Missed, the caller hung up in the voice menu",
    "abandoned_in_classic": "Missed, the caller hung up while waiting",
    "no_available_agent": "Missed, no agent was available",
    "agents_did_not_answer": "Missed, no agent answered",
}


def kind_of(interaction: Interaction, hangup_causes: Mapping[str, str]) -> Kind:
    """Decide the kind; `hangup_causes` maps Aircall's value to `busy` or `wrong_number`.

    `answered_at` decides whether a call was answered, as Aircall's status is `done` for every call
    that ended. An answered call with a voicemail is answered. A call without a direction counts as
    inbound: a missed caller is what nobody may overlook. A message without one counts as outbound:
    only a status update, which tells of a message we sent, might lack it.
    """
    if isinstance(interaction, Message):
        inbound = interaction.direction == "inbound"
        return Kind.INBOUND_MESSAGE if inbound else Kind.OUTBOUND_MESSAGE
    if interaction.direction == "outbound":
        if interaction.answered_at is not None:
            return Kind.OUTBOUND_ANSWERED
        meaning = _meaning(interaction.hangup_cause, hangup_causes)
        return _CAUSES.get(meaning or "", Kind.OUTBOUND_UNANSWERED)
    if interaction.answered_at is not None:
        return Kind.INBOUND_ANSWERED
    return Kind.INBOUND_VOICEMAIL if interaction.voicemail else Kind.INBOUND_MISSED


def stage_setting(kind: Kind) -> str:
    """Name the `tickets.stages` setting of a kind: busy and wrong number count as unanswered."""
    return _COUNTED_AS.get(kind, kind).value


def unknown_hangup_cause(call: Call, causes: Mapping[str, str]) -> str | None:
    """Return the hangup cause of an unanswered outbound call that the table does not know."""
    if call.direction != "outbound" or call.answered_at is not None:
        return None
    return None if _meaning(call.hangup_cause, causes) else call.hangup_cause


def missed_reason_in_words(reason: str) -> str:
    """Put Aircall's `missed_call_reason` in words.

    https://developer.aircall.io/api-references/#call-overview
    """
    return _REASONS.get(reason, "Missed, other reason")


def _meaning(cause: str | None, causes: Mapping[str, str]) -> str | None:
    if cause is None:
        return None
    wanted = cause.casefold()
    return next((means for known, means in causes.items() if known.casefold() == wanted), None)
