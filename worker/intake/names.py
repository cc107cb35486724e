"""What the door does with an event, by its name alone."""

from __future__ import annotations

from typing import Final, Literal

from rules.events import KNOWN_EVENTS

Use = Literal["interaction", "hint", "nothing", "unknown"]

OTHER: Final = "other"
"""The label that all names share which Aircall does not publish."""

_HINTS: Final = (
    "number.", "user.created", "user.deleted", "tag.", "team.", "integration.",
)  # fmt: skip
"""They say that the directory is stale: worked on like an interaction, though none."""
_OF_NO_USE: Final = (
    "user.", "contact.", "transcription.", "summary.", "topics.", "sentiment.", "action_item.",
    "playbook_result.", "realtime_transcription.", "custom_summary.", "call_evaluation.",
    "ai_voice_agent.", "analytics.",
)  # fmt: skip

_USER: Final = "created deleted connected disconnected opened closed wut_start wut_end"
_REST: Final = """contact.created contact.updated contact.deleted
    number.created number.opened number.closed number.deleted integration.deleted
    transcription.created summary.created topics.created sentiment.created action_item.created
    playbook_result.created playbook_result.updated realtime_transcription.utterances_received
    custom_summary.result_created custom_summary.result_updated
    call_evaluation.created call_evaluation.updated
    ai_voice_agent.started ai_voice_agent.ended ai_voice_agent.escalated ai_voice_agent.summary
    analytics.report_created analytics.report_failed"""
_PUBLISHED: Final = KNOWN_EVENTS.union(
    (f"user.{name}{version}" for name in _USER.split() for version in ("", ".v2")), _REST.split()
)
"""https://developer.aircall.io/docs/webhooks-overview"""


def use_of(name: str) -> Use:
    """Tell whether an event is an interaction's, a hint, of no use to us, or not understood."""
    if name in KNOWN_EVENTS:
        return "interaction"
    if name.startswith(_HINTS):
        return "hint"
    return "nothing" if name.startswith(_OF_NO_USE) else "unknown"


def label(name: str) -> str:
    """Return the name as a metric's label: whoever invents names makes no new series."""
    return name if name in _PUBLISHED else OTHER
