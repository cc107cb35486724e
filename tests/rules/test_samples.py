"""Every delivery among the samples, by itself: what it is, and what becomes of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rules.contacts import ContactChoice
from rules.decide import Others, World, decide
from rules.events import Event, Unreadable, parse
from rules.folding import fold
from rules.hours import hours_of
from rules.judge import judge
from rules.kinds import kind_of
from rules.outcomes import DEFAULT_OUTCOMES
from rules.owners import Owner, owners_by
from rules.parties import parties_of
from rules.settings import Settings, with_values
from settings.file import HANGUP_CAUSES

SAMPLES = sorted((Path(__file__).parents[1] / "samples" / "aircall_webhooks").glob("*.json"))
SETTINGS = with_values(
    Settings(),
    {
        "enabled": True,
        "numbers": "all",
        "business_hours_only": True,
        "fallback_owner": "9",
        "tickets.pipeline": "0",
        "tickets.stages.inbound_voicemail": "1",
        "tickets.stages.outbound_unanswered": "2",
        "tickets.stages.inbound_message": "3",
    },
)
WORLD = World(
    SETTINGS,
    1,
    owners_by(
        [
            Owner("7", "Jeanne.Martin@example.com", "Jeanne", active=True),
            Owner("8", "omar.haddad@example.com", "Omar", active=True),
            Owner("9", "desk@example.com", "Desk", active=True),
        ]
    ),
    {guid: label for label, guid in DEFAULT_OUTCOMES.items()},
    {},
)

# The kind, the outcome, the owner, the stage, the phone of a new contact.
FR, US, GB, SHOWN = "+33199004567", "+12025550177", "+442079460018", "+33199000000"
ANSWERED = "inbound_answered COMPLETED Connected"
MISSED = "inbound_missed NO_ANSWER No answer"
VOICEMAIL = "inbound_voicemail NO_ANSWER Left voicemail"
CALLED = "outbound_answered COMPLETED Connected"
UNANSWERED = "outbound_unanswered NO_ANSWER No answer"
GO = {
    "call_inbound_anonymous_ended": (ANSWERED, "8", None, None),
    "call_inbound_answered_5_ended": (ANSWERED, "7", None, FR),
    "call_inbound_answered_us_number_ended": (ANSWERED, "8", None, US),
    "call_inbound_unknown_number_missed_ended": (MISSED, "9", None, GB),
    "call_missed_abandoned_in_classic_ended": (MISSED, "9", None, FR),
    "call_missed_abandoned_in_ivr_ended": (MISSED, "9", None, FR),
    "call_missed_no_available_agent_ended": (MISSED, "9", None, FR),
    "call_missed_no_voicemail_ended": (MISSED, "9", None, FR),
    "call_missed_short_abandoned_ended": (MISSED, "9", None, FR),
    "call_missed_voicemail_2_ended": (VOICEMAIL, "9", "1", FR),
    "call_number_abridged_ended": (ANSWERED, "7", None, FR),
    "call_outbound_answered_ended": (CALLED, "7", None, FR),
    "call_outbound_busy_ended_GUESSED": ("outbound_busy BUSY Busy", "7", "2", FR),
    "call_outbound_unanswered_ended": (UNANSWERED, "7", "2", FR),
    "call_outbound_wrong_number_ended_GUESSED": (
        *("outbound_wrong_number FAILED Wrong number", "7", "2", SHOWN),
    ),
    "call_transferred_ended": (ANSWERED, "8", None, FR),
    "call_unknown_missed_reason_ended": (MISSED, "9", None, FR),
    "invalid_token": (MISSED, "9", None, FR),
    "group_message_received": ("inbound_message SMS", "9", "3", None),
    "group_message_sent": ("outbound_message SMS", "9", None, None),
    "message_received_mms": ("inbound_message SMS", "9", "3", FR),
    "message_received_mms_media_url_strings": ("inbound_message SMS", "9", "3", FR),
    "message_received_sms": ("inbound_message SMS", "9", "3", FR),
    "message_received_sms_ms_timestamps": ("inbound_message SMS", "9", "3", FR),
    "message_received_whatsapp": ("inbound_message WHATS_APP", "9", "3", FR),
    "message_sent_sms": ("outbound_message SMS", "7", None, FR),
    "message_sent_whatsapp_template": ("outbound_message WHATS_APP", "7", None, FR),
    "message_status_updated": ("outbound_message SMS", "9", None, FR),
}
OUTSIDE = {
    *("call_missed_out_of_opening_hours_ended",),
    *("call_missed_voicemail_late_ended_without_voicemail",),
}
PENDING = {
    *("call_agent_declined", "call_archived", "call_assigned", "call_commented"),
    *("call_external_transferred", "call_hold", "call_inbound_answered_1_created"),
    *("call_inbound_answered_2_ringing_on_agent", "call_inbound_answered_3_answered"),
    *("call_inbound_answered_4_hungup", "call_inbound_answered_6_comm_assets_generated"),
    *("call_ivr_option_selected", "call_missed_voicemail_1_voicemail_left"),
    *("call_missed_voicemail_late_voicemail_left", "call_outbound_answered_answered"),
    *("call_outbound_answered_created", "call_outbound_callback_created", "call_tagged"),
    *("call_transferred", "call_unhold", "call_unsuccessful_transfer", "call_untagged"),
    *("doc_call_created",),
}


def parsed(path):
    event = json.loads(path.read_text(encoding="utf-8"))
    return parse({"arrived": 1_790_000_300_000, "revision": 1, "source": "webhook", "event": event})


def verdict_of(interaction):
    return judge(interaction, SETTINGS, SETTINGS, hours_of(interaction, None), logged=False)


def test_every_sample_stands_in_one_of_the_tables():
    told = {path.stem for path in SAMPLES if isinstance(parsed(path), Event)}
    assert len(GO) + len(OUTSIDE) + len(PENDING) == len(told)
    assert GO.keys() | OUTSIDE | PENDING == told


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_becomes_what_it_should(path):
    event = parsed(path)
    if isinstance(event, Unreadable):
        proxied = path.stem == "proxy_mode_message_received"
        assert event.reason == ("no event name" if proxied else "not an event of a call or message")
        return
    interaction = fold(None, [event])
    verdict = verdict_of(interaction)
    if path.stem in PENDING:
        assert verdict.result == "pending"
        return
    if path.stem in OUTSIDE:
        assert (verdict.result, verdict.reason) == ("ignored", "outside business hours")
        return
    assert verdict.result == "go"
    kind = kind_of(interaction, HANGUP_CAUSES)
    parties = parties_of(interaction, ())
    nobody = (ContactChoice(),) * len(parties)
    others = Others(parties, nobody, (None,) * len(parties))
    plan = decide(event.id, interaction, kind, others, hours_of(interaction, None), WORLD)
    channel = plan.properties.get("hs_communication_channel_type")
    status = plan.properties.get("hs_call_status")
    outcome = WORLD.outcomes.get(plan.properties.get("hs_call_disposition", ""))
    assert (
        " ".join(filter(None, (kind, status, channel, outcome))),
        plan.properties["hubspot_owner_id"],
        plan.ticket and plan.ticket["hs_pipeline_stage"],
        plan.new_contact and plan.new_contact.phone,
    ) == GO[path.stem]
