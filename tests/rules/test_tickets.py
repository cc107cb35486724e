from __future__ import annotations

from dataclasses import replace

from rules.kinds import Kind, kind_of
from rules.records import Call, Comment, Message, Person
from rules.tickets import CONTENT_LIMIT, SUBJECT_LIMIT, ticket_properties

BREAK = "\n"


def ticket(interaction, kind=None, owner="7", who="Claire Dubois"):
    return ticket_properties(
        interaction,
        kind or kind_of(interaction, {}),
        pipeline="81234567",
        stage="158001",
        owner=owner,
        who=who,
    )


def test_a_ticket_tells_who_and_what_and_is_written_complete(interaction):
    assert ticket(interaction("call_missed_voicemail_2_ended")) == {
        "subject": "Missed call – Claire Dubois (voicemail)",
        "content": BREAK.join(
            [
                "Missed call",
                "With: Claire Dubois (+33 1 99 00 45 67)",
                "Line: Sales France (+33199000123)",
                "Waiting time: 58 s",
                "Reason: Missed, no agent answered",
                "Voicemail: https://assets.aircall.io/calls/4016/voicemail/info",
                "Call ID: 4016",
            ]
        ),
        "hs_pipeline": "81234567",
        "hs_pipeline_stage": "158001",
        "hubspot_owner_id": "7",
        "source_type": "PHONE",
        "aircall_id": "call-4016",
    }


def test_a_ticket_without_an_owner_names_none(interaction):
    assert "hubspot_owner_id" not in ticket(
        interaction("call_missed_no_voicemail_ended"), owner=None
    )


def test_a_messages_ticket_holds_its_text(interaction):
    properties = ticket(interaction("message_received_sms"))
    assert properties["subject"] == "Inbound SMS – Claire Dubois"
    assert properties["content"].split("\n")[1] == "Hello, can you call me back?"
    assert properties["content"].endswith("Message ID: 9a1b2c3d-0000-4000-8000-000000000001")


def test_a_tickets_texts_hold_no_html_and_stay_within_their_limits():
    call = Call(
        id="call-1",
        person=Person(1, "<b>Bob</b>"),
        comments=tuple(Comment(at, "<i>" * 5000) for at in range(9)),
    )
    properties = ticket(call, Kind.INBOUND_VOICEMAIL, who="<b>" * 100)
    assert "<" not in properties["subject"] + properties["content"]
    assert len(properties["subject"]) <= SUBJECT_LIMIT + len(" (voicemail)")
    assert properties["subject"].endswith(" (voicemail)")
    assert len(properties["content"]) <= CONTENT_LIMIT
    assert properties["content"].endswith("…\nCall ID: 1")


def test_a_message_that_failed_says_so_in_its_ticket():
    message = replace(Message(id="message-1", direction="outbound"), status="failed")
    assert "Status: not delivered (failed)" in ticket(message)["content"]
