from __future__ import annotations

import pytest

from rules.payloads import call_snapshot, message_snapshot
from rules.records import Agent, Choice, Comment, Line, Person, Tag


def test_a_call_is_read_in_full(sample):
    data = sample("call_commented")["data"]
    snapshot = call_snapshot(data)
    assert snapshot.direction == "inbound"
    assert snapshot.phone == "+33 1 99 00 45 67"
    assert (snapshot.started_at, snapshot.answered_at, snapshot.ended_at) == (
        1_790_000_000,
        1_790_000_009,
        1_790_000_189,
    )
    assert snapshot.asset == "https://assets.aircall.io/calls/4001/recording/info"
    assert snapshot.line == Line(
        id=1001,
        name="Sales France",
        digits="+33199000123",
        country="FR",
        time_zone="Europe/Paris",
        availability="custom",
        open=True,
    )
    assert snapshot.agent == Agent(456, "Jeanne Martin", "jeanne.martin@example.com")
    assert snapshot.person == Person(
        710, "Claire", "Dubois", "Atelier Dubois", ("claire.dubois@example.com",)
    )
    assert snapshot.tags == (Tag(31, "Quote"),)
    assert snapshot.comments == (
        Comment(735, "Wants a quote for 20 seats", 1_790_000_120, "Jeanne Martin"),
        Comment(736, "Sent the quote by e-mail", 1_790_000_400, ""),
    )
    assert (snapshot.voicemail, snapshot.recording) == (False, True)


def test_a_transfer_and_an_ivr_choice_are_read(sample):
    told = call_snapshot(sample("call_transferred_ended")["data"])
    assert (told.transferred_by.name, told.transferred_to.name) == ("Jeanne Martin", "Omar Haddad")
    outside = call_snapshot(sample("call_external_transferred")["data"])
    assert outside.transferred_to_phone == "+33 1 99 00 99 99"
    chosen = call_snapshot(sample("call_ivr_option_selected")["data"])
    assert chosen.ivr_choices == (Choice("1f0c2f4e-0001", "Sales", 1_790_000_005),)


def test_what_is_absent_or_of_a_wrong_type_is_not_carried():
    empty = call_snapshot({})
    wrong = {
        name: {"id": []}
        for name in (
            "direction",
            "raw_digits",
            "started_at",
            "answered_at",
            "asset",
            "user",
            "number",
        )
    }
    wrong |= {"tags": "VIP", "comments": {}, "contact": [], "ivr_options_selected": 5, "user": {}}
    wrong |= {"number": {"name": "no id"}, "voicemail": 1, "recording": "", "hangup_cause": []}
    assert call_snapshot(wrong) == empty
    assert empty.tags is None
    assert message_snapshot({"media_url": 5, "participants": "x"}, "?") == message_snapshot({}, "?")


def test_empty_tags_are_carried_and_unreadable_items_are_left_out():
    assert call_snapshot({"tags": []}).tags == ()
    data = {
        "tags": [{"id": "31"}, {"name": "VIP"}, {}, "x", None],
        "comments": [
            {"id": "7", "content": "a\r\nb", "posted_by": {"email": "a@example.com"}},
            {"content": "no id"},
            {"id": 8, "content": ""},
        ],
        "ivr_options_selected": [{"key": 2}, {"title": "Sales", "key": "1"}, {"id": 5}],
        "contact": {"emails": [{"value": "a@example.com"}, {"value": "a b@c"}, {"value": 5}, {}]},
    }
    snapshot = call_snapshot(data)
    assert snapshot.tags == (Tag(31, ""), Tag(None, "VIP"))
    assert snapshot.comments == (Comment(7, "a\nb", None, "a@example.com"),)
    assert snapshot.ivr_choices == (Choice("2-2", "2", None), Choice("1-Sales", "Sales", None))
    assert snapshot.person.emails == ("a@example.com",)


def test_an_abridged_line_is_carried_as_far_as_it_goes(sample):
    line = call_snapshot(sample("call_number_abridged_ended")["data"]).line
    assert line == Line(id=1001, name="Sales France", digits="+33199000123", country="FR")
    odd = call_snapshot({"number": {"id": "5", "country": "France", "open": "yes"}}).line
    assert odd == Line(id=5)
    assert call_snapshot({"number": {"id": 5, "country": "fr"}}).line.country == "FR"


def test_a_bare_id_is_a_line_and_a_text_is_none():
    assert call_snapshot({"number": 1001}).line == Line(id=1001)
    assert message_snapshot({"number": 1001}, "message.sent").line == Line(id=1001)
    for value in ("1001", "33199000123", True, -1, 10**19, 1.5, [1001]):
        assert call_snapshot({"number": value}).line is None


def test_phones_sent_as_json_numbers_are_read():
    phone = 33199004567
    call = call_snapshot({"raw_digits": phone, "external_transferred_to": phone})
    assert (call.phone, call.transferred_to_phone) == (str(phone), str(phone))
    assert message_snapshot({"raw_digits": phone}, "x").phone == str(phone)
    assert message_snapshot({"external_number": phone}, "x").phone == str(phone)
    line = call_snapshot({"number": {"id": 5, "digits": phone, "country": "FR"}}).line
    assert line.digits == f"+{phone}"


@pytest.mark.parametrize(
    ("number", "digits"),
    [
        ({"e164_digits": "+33199000123", "digits": "+33 1 99 00 01 24"}, "+33199000123"),
        ({"digits": "+33 1 99 00 01 23"}, "+33199000123"),
        ({"digits": "01 99 00 01 23", "country": "FR"}, "+33199000123"),
        ({"digits": "01 99 00 01 23"}, "01 99 00 01 23"),
        ({"digits": "3631", "country": "FR"}, "3631"),
        ({"digits": ["x"]}, ""),
    ],
)
def test_a_lines_digits_are_the_same_however_a_payload_writes_them(number, digits):
    assert call_snapshot({"number": {"id": 5, **number}}).line.digits == digits


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"asset": "https://assets.aircall.io/a/b"}, "https://assets.aircall.io/a/b"),
        (
            {"asset": None, "recording_short_url": "https://assets.aircall.io/r"},
            "https://assets.aircall.io/r",
        ),
        ({"asset": None, "recording": "https://recordings.example.com/a.mp3"}, None),
        ({"asset": "https://assets.aircall.io.example.com/"}, None),
        ({"asset": "http://assets.aircall.io/a"}, None),
        ({"asset": 'https://assets.aircall.io/"><script>'}, None),
        ({"asset": "https://assets.aircall.io/a b"}, None),
        ({"asset": 5}, None),
        # These two die within an hour, wherever they point.
        ({"recording": "https://assets.aircall.io/r.mp3"}, None),
        ({"voicemail": "https://assets.aircall.io/v.mp3"}, None),
    ],
)
def test_only_a_page_of_aircalls_assets_is_kept(data, expected):
    assert call_snapshot(data).asset == expected


@pytest.mark.parametrize(("value", "expected"), [("busy", "busy"), (17, "17"), ("17", "17")])
def test_a_hangup_cause_may_be_a_number(value, expected):
    assert call_snapshot({"hangup_cause": value}).hangup_cause == expected


def test_a_message_is_read_with_iso_and_millisecond_times(sample):
    iso = message_snapshot(sample("message_received_sms")["data"], "message.received")
    milliseconds = message_snapshot(sample("message_received_sms_ms_timestamps")["data"], "x")
    assert iso.sent_at == milliseconds.sent_at == 1_790_000_000
    assert iso.phone == "+33 1 99 00 45 67"
    assert iso.body == "Hello, can you call me back?"
    assert iso.channel is None
    assert iso.person.name == "Claire Dubois"
    assert milliseconds.person is None


def test_media_are_kept_by_file_name_in_both_forms(sample):
    for name in ("message_received_mms", "message_received_mms_media_url_strings"):
        assert message_snapshot(sample(name)["data"], "message.received").media == ("photo.jpg",)
    odd = {"media_details": [{"presigned_url": "https://x.example/a%20b.png?q=1"}, {}]}
    assert message_snapshot(odd, "message.received").media == ("a b.png",)
    assert message_snapshot({"media_url": "https://x.example/c.png"}, "x").media == ("c.png",)
    empty = {"media_details": [{"file_name": ""}], "media_url": ["https://x.example/d.png"]}
    assert message_snapshot(empty, "x").media == ("d.png",)
    assert message_snapshot({"media_url": [5, "https://x.example/"]}, "x").media is None


def test_whatsapp_keeps_its_channel_and_template(sample):
    told = message_snapshot(sample("message_sent_whatsapp_template")["data"], "message.sent")
    assert (told.channel, told.body) == ("whatsapp", None)
    assert told.template == "Hello {{1}}, your order is ready"


def test_a_group_message_keeps_its_participants(sample):
    told = message_snapshot(sample("group_message_received")["data"], "group_message.received")
    assert told.participants == ("+33199004567", "+33199004568")
    objects = {"participants": [{"phone_number": "+33199004567"}, {}, 33199004569, None, True]}
    assert message_snapshot(objects, "x").participants == ("+33199004567", "33199004569")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("message.sent", "outbound"),
        ("group_message.received", "inbound"),
        ("message.status_updated", None),
    ],
)
def test_the_events_name_tells_a_direction_that_the_message_lacks(name, expected):
    assert message_snapshot({}, name).direction == expected
    assert message_snapshot({"direction": "inbound"}, name).direction == "inbound"


def test_the_time_of_creation_and_the_raw_digits_stand_in():
    told = message_snapshot({"created_at": 1_790_000_000_000, "raw_digits": "+331"}, "message.sent")
    assert (told.sent_at, told.phone) == (1_790_000_000, "+331")


def test_the_time_of_sending_and_the_external_number_come_first():
    both = {"sent_at": 7, "created_at": 5, "external_number": "+331", "raw_digits": "+332"}
    told = message_snapshot(both, "message.sent")
    assert (told.sent_at, told.phone) == (7, "+331")
