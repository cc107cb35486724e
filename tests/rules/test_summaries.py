from __future__ import annotations

from dataclasses import replace

import pytest

from rules.kinds import Kind, kind_of
from rules.records import Agent, Call, Choice, Line, Message, Person, Tag
from rules.summaries import (
    Fact,
    duration_in_words,
    facts,
    heading,
    not_delivered,
    title,
)
from rules.who import name_of, phone_text

CALL = Call(id="call-4001", direction="inbound", phone="+33199004567")
LINK = "https://assets.aircall.io/calls/4001/recording/info"


def told(interaction, kind=None):
    return {
        fact.label: fact.text
        for fact in facts(interaction, kind or kind_of(interaction, {}))
        if fact.label
    }


def test_an_answered_call_is_summed_up_in_reading_order(interaction):
    call = interaction("call_commented")
    assert facts(call, Kind.INBOUND_ANSWERED) == (
        Fact("With", "Claire Dubois (+33 1 99 00 45 67)"),
        Fact("Line", "Sales France (+33199000123)"),
        Fact("Agent", "Jeanne Martin"),
        Fact("Talk time", "3 min 0 s"),
        Fact("Waiting time", "9 s"),
        Fact("Tags", "Quote"),
        Fact("Recording", "Listen in Aircall", LINK),
        Fact("Comment by Jeanne Martin", "Wants a quote for 20 seats"),
        Fact("Comment", "Sent the quote by e-mail"),
        Fact("", "Call ID: 4001"),
    )


def test_a_missed_call_tells_why_and_how_long_the_caller_waited(interaction):
    summary = told(interaction("call_missed_voicemail_2_ended"))
    assert summary["Reason"] == "Missed, no agent answered"
    assert summary["Waiting time"] == "58 s"
    assert summary["Voicemail"] == "Listen in Aircall"
    assert "Talk time" not in summary
    assert "Agent" not in summary
    assert told(interaction("call_unknown_missed_reason_ended"))["Reason"] == "Missed, other reason"


def test_only_a_missed_call_tells_a_missed_reason():
    call = replace(CALL, missed_reason="short_abandoned")
    assert "Reason" in told(call)
    assert "Reason" not in told(replace(call, answered_at=5))
    assert "Reason" not in told(replace(call, direction="outbound"))


def test_an_outbound_call_tells_how_long_it_rang(interaction):
    summary = told(interaction("call_outbound_unanswered_ended"))
    assert summary["Ringing time"] == "31 s"
    assert "Waiting time" not in summary


def test_transfers_assignments_and_voice_menu_are_told(interaction):
    transferred = told(interaction("call_transferred_ended"))
    assert transferred["Transferred"] == "by Jeanne Martin to Omar Haddad"
    outside = told(interaction("call_external_transferred"))
    assert outside["Transferred"] == "by Jeanne Martin to +33 1 99 00 99 99"
    assert told(interaction("call_ivr_option_selected"))["Voice menu"] == "Sales"
    many = replace(CALL, ivr_choices=(Choice("a", "Sales"), Choice("b", "Quotes")))
    assert told(many)["Voice menu"] == "Sales › Quotes"
    assert told(interaction("call_assigned"))["Assigned to"] == "Omar Haddad"
    assert told(replace(CALL, transferred_to=Agent(email="o@example.com")))["Transferred"] == (
        "to o@example.com"
    )


def test_a_voicemail_or_recording_without_a_page_is_at_least_mentioned():
    assert told(replace(CALL, voicemail=True))["Voicemail"] == "in Aircall"
    assert told(replace(CALL, answered_at=5, recording=True))["Recording"] == "in Aircall"
    assert not {"Recording", "Voicemail"} & set(told(replace(CALL, answered_at=5)))


def test_a_call_of_which_nothing_is_known_still_has_its_id():
    assert facts(Call(id="call-7"), Kind.INBOUND_MISSED) == (
        Fact("With", "unknown number"),
        Fact("", "Call ID: 7"),
    )


def test_times_that_contradict_each_other_are_not_negative():
    call = replace(CALL, started_at=50, answered_at=40, ended_at=30)
    assert (told(call)["Talk time"], told(call)["Waiting time"]) == ("0 s", "0 s")


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (Line(1, "Sales", "+331"), "Sales (+331)"),
        (Line(1, "Sales"), "Sales"),
        (Line(1, digits="+331"), "+331"),
    ],
)
def test_a_line_is_named_as_far_as_known(line, text):
    assert told(replace(CALL, line=line))["Line"] == text
    assert "Line" not in told(replace(CALL, line=Line(1)))


def test_a_tag_without_a_name_is_told_by_its_id():
    assert told(replace(CALL, tags=(Tag(31), Tag(32, "VIP"))))["Tags"] == "31, VIP"


def test_a_message_tells_its_text_and_whence_it_came(interaction):
    assert facts(interaction("message_received_sms"), Kind.INBOUND_MESSAGE) == (
        Fact("", "Hello, can you call me back?"),
        Fact("From", "Claire Dubois (+33 1 99 00 45 67)"),
        Fact("Line", "Sales France (+33199000123)"),
        Fact("", "Message ID: 9a1b2c3d-0000-4000-8000-000000000001"),
    )
    sent = told(interaction("message_sent_sms"))
    assert (sent["To"], sent["Agent"]) == ("Claire Dubois (+33 1 99 00 45 67)", "Jeanne Martin")


def test_media_and_templates_are_told(interaction):
    assert told(interaction("message_received_mms"))["Attachments"] == "photo.jpg"
    template = told(interaction("message_sent_whatsapp_template"))
    assert template["Template"] == "Hello {{1}}, your order is ready"


@pytest.mark.parametrize(
    "status",
    [
        *("failed", "undelivered", "REJECTED", "expired", "carrier_error", "delivery_failed"),
        *("not_delivered", "Not delivered", "blocked", "bounced"),
    ],
)
def test_a_failed_message_says_not_delivered(status):
    message = Message(id="message-1", direction="outbound", phone="+33199004567", status=status)
    assert not_delivered(status)
    assert told(message)["Status"] == f"not delivered ({status})"


@pytest.mark.parametrize("status", [None, "", "sent", "delivered", "pending", "received", "read"])
def test_any_other_status_is_not_told(status):
    assert not not_delivered(status)
    assert "Status" not in told(Message(id="message-1", status=status))


def test_a_group_tells_everybody(interaction):
    message = interaction("group_message_received")
    assert told(message)["From"] == "+33 1 99 00 45 67, +33 1 99 00 45 68"
    assert name_of(message) == "+33 1 99 00 45 67, +33 1 99 00 45 68"
    assert name_of(replace(message, participants=())) == "a group"
    three = replace(message, participants=tuple(f"+3319900456{digit}" for digit in range(3)))
    assert name_of(three) == "+33 1 99 00 45 60, +33 1 99 00 45 61, +33 1 99 00 45 62"
    five = replace(message, participants=tuple(f"+3319900456{digit}" for digit in range(5)))
    assert name_of(five).endswith("+33 1 99 00 45 62 and 2 more")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min 0 s"), (192, "3 min 12 s"), (3665, "1 h 1 min 5 s")],
)
def test_durations_are_put_in_words(seconds, words):
    assert duration_in_words(seconds) == words


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("call_inbound_answered_5_ended", "Inbound answered call – Claire Dubois"),
        ("call_missed_no_voicemail_ended", "Missed call – Claire Dubois"),
        ("call_missed_voicemail_2_ended", "Missed call – Claire Dubois (voicemail)"),
        ("call_inbound_unknown_number_missed_ended", "Missed call – +44 20 7946 0018"),
        ("call_inbound_anonymous_ended", "Inbound answered call – anonymous caller"),
        ("call_outbound_answered_ended", "Outbound answered call – Claire Dubois"),
        ("call_outbound_unanswered_ended", "Outbound unanswered call – Claire Dubois"),
        ("message_received_sms", "Inbound SMS – Claire Dubois"),
        ("message_received_mms", "Inbound MMS – Claire Dubois"),
        ("message_received_whatsapp", "Inbound WhatsApp message – Claire Dubois"),
        ("group_message_sent", "Outbound group SMS – +33 1 99 00 45 67, +33 1 99 00 45 68"),
    ],
)
def test_titles_tell_what_and_who(interaction, name, expected):
    one = interaction(name)
    assert title(one, kind_of(one, {})) == expected


def test_busy_and_wrong_number_are_told_apart():
    assert heading(CALL, Kind.OUTBOUND_BUSY) == "Outbound call, busy"
    assert heading(CALL, Kind.OUTBOUND_WRONG_NUMBER) == "Outbound call, wrong number"


def test_a_title_holds_no_html():
    evil = replace(CALL, person=Person(first_name="<b>Bob</b>", last_name="& Co"))
    assert title(evil, Kind.INBOUND_MISSED) == "Missed call – ‹b›Bob‹/b› & Co"


def test_a_company_names_a_nameless_contact_and_odd_phones_are_shown_as_sent():
    assert name_of(replace(CALL, person=Person(1, company="Atelier"))) == "Atelier"
    assert name_of(replace(CALL, phone="3631")) == "3631"
    assert name_of(replace(CALL, phone="0199004567", line=Line(1, country="FR"))) == (
        "+33 1 99 00 45 67"
    )
    assert phone_text(None, CALL) == phone_text("  ", CALL) == "unknown number"
