"""The names of all webhook events that Aircall publishes."""

_CALL = """created ringing_on_agent agent_declined answered transferred external_transferred
    unsuccessful_transfer hungup ended hold unhold ivr_option_selected comm_assets_generated
    voicemail_left assigned archived tagged untagged commented"""
_USER = "created deleted connected disconnected opened closed wut_start wut_end"
_OTHERS = """transcription.created summary.created topics.created sentiment.created
    action_item.created playbook_result.created playbook_result.updated
    realtime_transcription.utterances_received custom_summary.result_created
    custom_summary.result_updated call_evaluation.created call_evaluation.updated
    ai_voice_agent.started ai_voice_agent.ended ai_voice_agent.escalated ai_voice_agent.summary
    analytics.report_created analytics.report_failed integration.deleted"""

EVENTS: tuple[str, ...] = (
    *(f"call.{name}" for name in _CALL.split()),
    *(f"message.{name}" for name in ("sent", "received", "status_updated")),
    *(f"group_message.{name}" for name in ("sent", "received", "status_updated")),
    *(f"contact.{name}" for name in ("created", "updated", "deleted")),
    *(f"number.{name}" for name in ("created", "opened", "closed", "deleted")),
    *(f"user.{name}" for name in _USER.split()),
    *(f"user.{name}.v2" for name in _USER.split()),
    *_OTHERS.split(),
)
