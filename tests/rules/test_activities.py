from __future__ import annotations

import re
from dataclasses import replace
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.activities import (
    BODY_LIMIT,
    EDITED_LIMIT,
    appended,
    body,
    body_lines,
    call_properties,
    iso,
    message_properties,
)
from rules.kinds import Kind, kind_of
from rules.records import Agent, Call, Choice, Comment, Line, Message, Person, Tag

CONNECTED = "f240bbac-87c9-4f6e-bf70-924b57d47db7"
BREAK = "<br>"
PAGE = "https://assets.aircall.io/calls/4001/recording/info"
CALL = Call(id="call-4001", direction="inbound", phone="+33199004567")
OURS = re.compile(r'</?strong>|<br>|<a href="https://assets\.aircall\.io/[^"<>]*">|</a>')


def written(call, kind=None, disposition=None, owner=None):
    return call_properties(
        call,
        kind or kind_of(call, {"busy": "busy", "unallocated_number": "wrong_number"}),
        disposition=disposition,
        owner=owner,
        integration="Aircall – HubSpot",
    )


def test_an_answered_call_is_written_complete(interaction):
    call = interaction("call_inbound_answered_5_ended")
    assert written(call, disposition=CONNECTED, owner="7") == {
        "hs_timestamp": "2026-09-21T14:13:20Z",
        "hs_call_title": "Inbound answered call – Claire Dubois",
        "hs_call_body": BREAK.join(
            [
                "<strong>Inbound answered call</strong>",
                "<strong>With:</strong> Claire Dubois (+33 1 99 00 45 67)",
                "<strong>Line:</strong> Sales France (+33199000123)",
                "<strong>Agent:</strong> Jeanne Martin",
                "<strong>Talk time:</strong> 3 min 0 s",
                "<strong>Waiting time:</strong> 9 s",
                "<strong>Tags:</strong> Quote",
                f'<strong>Recording:</strong> <a href="{PAGE}">Listen in Aircall</a>',
                "<strong>Comment by Jeanne Martin:</strong> Wants a quote for 20 seats",
                "<strong>Logged by:</strong> Aircall – HubSpot",
                "Call ID: 4001",
            ]
        ),
        "hs_call_direction": "INBOUND",
        "hs_call_duration": "180000",
        "hs_call_status": "COMPLETED",
        "hs_call_disposition": CONNECTED,
        "hs_call_from_number": "+33199004567",
        "hs_call_to_number": "+33199000123",
        "hubspot_owner_id": "7",
        "hs_call_has_voicemail": "false",
        "hs_call_external_id": "4001",
        "aircall_id": "call-4001",
    }


def test_without_outcome_or_owner_neither_is_written(interaction):
    properties = written(interaction("call_inbound_answered_5_ended"))
    assert not {"hs_call_disposition", "hubspot_owner_id"} & set(properties)


@pytest.mark.parametrize(
    ("name", "status", "duration", "voicemail"),
    [
        ("call_outbound_answered_ended", "COMPLETED", "60000", None),
        ("call_outbound_unanswered_ended", "NO_ANSWER", "0", None),
        ("call_outbound_busy_ended_GUESSED", "BUSY", "0", None),
        ("call_outbound_wrong_number_ended_GUESSED", "FAILED", "0", None),
        ("call_missed_no_voicemail_ended", "NO_ANSWER", "0", "false"),
        ("call_missed_voicemail_2_ended", "NO_ANSWER", "0", "true"),
    ],
)
def test_status_duration_and_voicemail_follow_the_kind(
    interaction, name, status, duration, voicemail
):
    properties = written(interaction(name))
    assert properties["hs_call_status"] == status
    assert properties["hs_call_duration"] == duration
    assert properties.get("hs_call_has_voicemail") == voicemail


def test_an_outbound_call_goes_from_our_line_to_the_other_party(interaction):
    properties = written(interaction("call_outbound_answered_ended"))
    assert properties["hs_call_direction"] == "OUTBOUND"
    assert properties["hs_call_from_number"] == "+33199000123"
    assert properties["hs_call_to_number"] == "+33199004567"


def test_numbers_are_e164_where_they_parse_and_as_sent_elsewhere(interaction):
    abridged = written(interaction("call_number_abridged_ended"))
    assert abridged["hs_call_to_number"] == "+33199000123"
    hidden = written(interaction("call_inbound_anonymous_ended"))
    assert hidden["hs_call_from_number"] == "anonymous"
    assert "hs_call_from_number" not in written(Call(id="call-1"))


def test_a_call_that_never_got_an_end_lasts_nothing():
    assert written(replace(CALL, answered_at=50))["hs_call_duration"] == "0"
    assert written(replace(CALL, answered_at=50, ended_at=40))["hs_call_duration"] == "0"


def test_what_people_typed_is_escaped_everywhere():
    evil = "<img src=x onerror='a()'> & \"q\""
    call = replace(
        CALL,
        answered_at=5,
        line=Line(1, evil),
        agent=Agent(1, evil),
        person=Person(1, evil),
        assigned_to=Agent(2, evil),
        tags=(Tag(1, evil),),
        comments=(Comment(1, f"{evil}\n{evil}", author=evil),),
        ivr_choices=(Choice("a", evil),),
        transferred_by=Agent(3, evil),
    )
    for text in (body(call, Kind.INBOUND_ANSWERED, evil), body(call, Kind.INBOUND_MISSED, evil)):
        assert "<" not in OURS.sub("", text)
        assert text.count("&lt;img src=x onerror=&#x27;a()&#x27;&gt; &amp; &quot;q&quot;") == 11
    message = Message(id="message-1", body=evil, template=evil, media=(evil,), status=f"fail{evil}")
    assert "<" not in OURS.sub("", body(message, Kind.INBOUND_MESSAGE, evil))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 70_000), max_size=4),
    st.sampled_from(["a", "<", "&", "'", "é\n", "\n", "<b>&amp;"]),
    st.integers(0, 300),
)
def test_a_body_never_exceeds_its_limit_and_keeps_its_id(lengths, pattern, tags):
    texts = [(pattern * length)[:60_000] for length in lengths]
    call = replace(
        CALL,
        answered_at=1,
        asset="https://assets.aircall.io/" + "x" * 1000,
        comments=tuple(Comment(at, text) for at, text in enumerate(texts)),
        tags=tuple(Tag(at, (pattern * 255)[:255]) for at in range(tags)),
    )
    text = body(call, Kind.INBOUND_ANSWERED, "A" * 80)
    assert len(text) <= BODY_LIMIT
    assert text.endswith("Call ID: 4001")
    assert "x" * 1000 in text
    assert "<" not in OURS.sub("", text)
    assert re.fullmatch(r"([^&]|&(amp|lt|gt|quot|#x27);)*", text)


def test_a_long_comment_is_cut_and_the_next_still_fits():
    long, short = Comment(1, "x" * 30_000), Comment(2, "short")
    text = body(replace(CALL, comments=(long, short)), Kind.INBOUND_MISSED, "A")
    assert "xxx…<br>" in text
    assert "short" in text
    assert 9_900 < len(text) < 11_000


def test_comments_for_which_no_room_is_left_are_dropped_whole():
    comments = tuple(Comment(at, "y" * 9_960) for at in range(7))
    text = body(replace(CALL, comments=comments), Kind.INBOUND_MISSED, "A")
    assert len(text) <= BODY_LIMIT
    assert 5 <= text.count("Comment:") <= 6


def test_a_long_link_stays_whole_beside_long_lists():
    link = "https://assets.aircall.io/" + "&" * 1000
    tags = tuple(Tag(at, "&" * 255) for at in range(99))
    choices = tuple(Choice(str(at), "&" * 255) for at in range(99))
    text = body(replace(CALL, asset=link, tags=tags, ivr_choices=choices), Kind.INBOUND_MISSED, "A")
    assert f'{escape(link)}">Listen in Aircall</a>' in text
    assert len(text) <= BODY_LIMIT


def test_a_message_is_written_complete(interaction):
    message = interaction("message_sent_sms")
    assert message_properties(
        message, Kind.OUTBOUND_MESSAGE, owner="7", integration="Aircall – HubSpot"
    ) == {
        "hs_communication_channel_type": "SMS",
        "hs_communication_logged_from": "CRM",
        "hs_communication_body": BREAK.join(
            [
                "<strong>Outbound SMS</strong>",
                "Sure, in ten minutes.",
                "<strong>To:</strong> Claire Dubois (+33 1 99 00 45 67)",
                "<strong>Line:</strong> Sales France (+33199000123)",
                "<strong>Agent:</strong> Jeanne Martin",
                "<strong>Logged by:</strong> Aircall – HubSpot",
                "Message ID: 9a1b2c3d-0000-4000-8000-000000000002",
            ]
        ),
        "hs_timestamp": "2026-09-21T14:13:20Z",
        "hubspot_owner_id": "7",
        "aircall_id": "message-9a1b2c3d-0000-4000-8000-000000000002",
    }


def test_only_whatsapp_is_not_an_sms(interaction):
    for name, channel in (
        ("message_received_whatsapp", "WHATS_APP"),
        ("message_received_mms", "SMS"),
        ("group_message_received", "SMS"),
    ):
        properties = message_properties(
            interaction(name), Kind.INBOUND_MESSAGE, owner=None, integration="A"
        )
        assert properties["hs_communication_channel_type"] == channel
        assert "hubspot_owner_id" not in properties


def test_lines_of_a_message_stay_lines():
    message = Message(id="message-1", body="one\ntwo")
    assert "one<br>two" in body(message, Kind.INBOUND_MESSAGE, "A")


def test_a_body_is_split_into_lines_however_it_is_broken():
    text = "<p>one</p><div>two</div>three<br/>four<BR />five<br><br> \n<strong></strong>\nsix"
    assert body_lines(text) == ("<p>one", "<div>two", "three", "four", "five", "six")


@pytest.mark.parametrize(
    ("current", "written_before", "planned", "expected"),
    [
        ("a<br>mine", "a", "a<br>b", "a<br>mine<br>b"),
        ("mine", "a<br>b", "b<br>a", "mine"),
        ("", "a", "a<br>b", "b"),
        ("a<br>mine<br>b", "a", "a<br>b", "a<br>mine<br>b"),
        ("a<br>ok<br>mine", "a<br>ok", "a<br>ok<br>ok", "a<br>ok<br>mine<br>ok"),
        (
            "mine",
            "<strong>Tags:</strong> A",
            "<strong>Tags:</strong> A, B",
            "mine<br><strong>Tags:</strong> A, B",
        ),
        (
            "<p>it's mine</p>",
            "it&#x27;s",
            "it's<br>new &amp; shiny",
            "<p>it's mine</p><br>new &amp; shiny",
        ),
        ("<p>New &amp;  shiny</p>", "a", "a<br>New &#38; shiny", "<p>New &amp;  shiny</p>"),
    ],
)
def test_only_our_new_lines_are_appended_to_an_edited_body(
    current, written_before, planned, expected
):
    assert appended(current, written_before, planned) == expected
    assert appended(expected, written_before, planned) == expected


def test_an_edited_body_grows_only_so_far():
    current = "x" * (EDITED_LIMIT - 8)
    assert appended(current, "", "too long<br>fits") == f"{current}<br>fits"


def test_moments_are_written_in_utc():
    assert iso(1_790_000_000) == "2026-09-21T14:13:20Z"
    assert iso(0) == "1970-01-01T00:00:00Z"
