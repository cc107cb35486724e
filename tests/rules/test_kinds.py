from __future__ import annotations

import pytest

from rules.kinds import Kind, kind_of, missed_reason_in_words, stage_setting, unknown_hangup_cause
from rules.records import Call, Message

CAUSES = {"busy": "busy", "USER_BUSY": "busy", "unallocated_number": "wrong_number", "17": "busy"}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("call_inbound_answered_5_ended", Kind.INBOUND_ANSWERED),
        ("call_missed_no_voicemail_ended", Kind.INBOUND_MISSED),
        ("call_missed_short_abandoned_ended", Kind.INBOUND_MISSED),
        ("call_unknown_missed_reason_ended", Kind.INBOUND_MISSED),
        ("call_missed_voicemail_2_ended", Kind.INBOUND_VOICEMAIL),
        ("call_missed_voicemail_late_ended_without_voicemail", Kind.INBOUND_MISSED),
        ("call_missed_voicemail_late_voicemail_left", Kind.INBOUND_VOICEMAIL),
        ("call_outbound_answered_ended", Kind.OUTBOUND_ANSWERED),
        ("call_outbound_unanswered_ended", Kind.OUTBOUND_UNANSWERED),
        ("call_outbound_busy_ended_GUESSED", Kind.OUTBOUND_BUSY),
        ("call_outbound_wrong_number_ended_GUESSED", Kind.OUTBOUND_WRONG_NUMBER),
        ("message_sent_sms", Kind.OUTBOUND_MESSAGE),
        ("message_status_updated", Kind.OUTBOUND_MESSAGE),
        ("message_received_whatsapp", Kind.INBOUND_MESSAGE),
        ("group_message_received", Kind.INBOUND_MESSAGE),
        ("group_message_sent", Kind.OUTBOUND_MESSAGE),
    ],
)
def test_each_sample_is_of_its_kind(interaction, name, kind):
    assert kind_of(interaction(name), CAUSES) is kind


def test_an_answered_call_with_a_voicemail_is_answered():
    call = Call(id="call-1", direction="inbound", answered_at=5, voicemail=True)
    assert kind_of(call, CAUSES) is Kind.INBOUND_ANSWERED


def test_an_outbound_call_that_was_answered_is_not_busy_whatever_its_hangup_cause():
    call = Call(id="call-1", direction="outbound", answered_at=5, hangup_cause="busy")
    assert kind_of(call, CAUSES) is Kind.OUTBOUND_ANSWERED


def test_the_hangup_cause_of_an_inbound_call_means_nothing():
    call = Call(id="call-1", direction="inbound", hangup_cause="busy")
    assert kind_of(call, CAUSES) is Kind.INBOUND_MISSED
    assert (
        unknown_hangup_cause(Call(id="call-1", direction="inbound", hangup_cause="x"), {}) is None
    )


@pytest.mark.parametrize("cause", ["user_busy", "User_Busy", "17"])
def test_hangup_causes_are_compared_without_regard_to_case(cause):
    call = Call(id="call-1", direction="outbound", hangup_cause=cause)
    assert kind_of(call, CAUSES) is Kind.OUTBOUND_BUSY
    assert unknown_hangup_cause(call, CAUSES) is None


def test_an_unknown_hangup_cause_is_told_and_counts_as_unanswered():
    call = Call(id="call-1", direction="outbound", hangup_cause="melted")
    assert kind_of(call, CAUSES) is Kind.OUTBOUND_UNANSWERED
    assert unknown_hangup_cause(call, CAUSES) == "melted"


def test_an_answered_call_or_one_without_a_cause_has_no_unknown_one():
    answered = Call(id="call-1", direction="outbound", answered_at=5, hangup_cause="melted")
    assert unknown_hangup_cause(answered, CAUSES) is None
    assert unknown_hangup_cause(Call(id="call-1", direction="outbound"), CAUSES) is None


def test_without_a_direction_a_call_is_inbound_and_a_message_outbound():
    assert kind_of(Call(id="call-1"), CAUSES) is Kind.INBOUND_MISSED
    assert kind_of(Message(id="message-1"), CAUSES) is Kind.OUTBOUND_MESSAGE


def test_busy_and_wrong_number_take_the_stage_of_unanswered():
    assert {kind: stage_setting(kind) for kind in Kind} == {kind: kind.value for kind in Kind} | {
        Kind.OUTBOUND_BUSY: "outbound_unanswered",
        Kind.OUTBOUND_WRONG_NUMBER: "outbound_unanswered",
    }


def test_kinds_know_whether_they_were_inbound_missed_or_answered():
    assert {kind for kind in Kind if kind.missed} == {Kind.INBOUND_MISSED, Kind.INBOUND_VOICEMAIL}
    assert {kind for kind in Kind if kind.answered} == {
        Kind.INBOUND_ANSWERED,
        Kind.OUTBOUND_ANSWERED,
    }
    assert len([kind for kind in Kind if kind.inbound]) == 4


def test_the_six_missed_reasons_and_any_other_are_put_in_words():
    six = {
        *("out_of_opening_hours", "short_abandoned", "abandoned_in_ivr", "abandoned_in_classic"),
        *("no_available_agent", "agents_did_not_answer"),
    }
    words = {missed_reason_in_words(reason) for reason in six}
    assert len(words) == 6
    assert all(word.startswith("Missed, ") for word in words)
    assert missed_reason_in_words("some_future_reason") == "Missed, other reason"
    assert "Missed, other reason" not in words
    assert missed_reason_in_words("agents_did_not_answer") == "Missed, no agent answered"
