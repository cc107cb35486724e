import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.aircall.events import EVENTS
from sandbox.day import days_before, deliveries, small_day
from sandbox.traffic import (
    CALL_KINDS,
    Story,
    call_events,
    ended_of,
    group_events,
    message_events,
    number_event,
)

START = 1_790_000_000
PHONE = "+33199004567"
FIELDS = {
    "id",
    "direct_link",
    "direction",
    "call_uuid",
    "status",
    "missed_call_reason",
    "started_at",
    "answered_at",
    "ended_at",
    "duration",
    "cost",
    "hangup_cause",
    "voicemail",
    "recording",
    "asset",
    "raw_digits",
    "user",
    "contact",
    "archived",
    "assigned_to",
    "transferred_by",
    "transferred_to",
    "teams",
    "number",
    "comments",
    "tags",
    "participants",
}


def call(kind, **story):
    return call_events(4001, kind, start=START, phone=PHONE, story=Story(**story))


@pytest.mark.parametrize("kind", CALL_KINDS)
def test_every_kind_begins_with_created_and_has_one_end(kind):
    events = call(kind)
    names = [one["event"] for one in events]
    assert names[0] == "call.created"
    assert names.count("call.ended") == names.count("call.hungup") == 1
    assert set(names) <= set(EVENTS)
    assert all(set(one["data"]) == FIELDS for one in events)
    stamps = [one["timestamp"] for one in events]
    assert stamps == sorted(stamps)
    json.dumps(events)


@pytest.mark.parametrize(
    ("kind", "direction", "answered", "missed", "cause", "voicemail"),
    [
        ("outbound_answered", "outbound", True, None, None, False),
        ("outbound_unanswered", "outbound", False, None, None, False),
        ("outbound_busy", "outbound", False, None, "busy", False),
        ("outbound_wrong_number", "outbound", False, None, "unallocated_number", False),
        ("inbound_answered", "inbound", True, None, None, False),
        ("inbound_missed", "inbound", False, "agents_did_not_answer", None, False),
        ("inbound_voicemail", "inbound", False, "agents_did_not_answer", None, True),
    ],
)
def test_end_of_a_call_tells_its_kind(*, kind, direction, answered, missed, cause, voicemail):
    data = ended_of(call(kind))["data"]
    assert data["status"] == "done"
    assert data["direction"] == direction
    assert (data["answered_at"] is not None) == answered
    assert data["missed_call_reason"] == missed
    assert data["hangup_cause"] == cause
    assert (data["voicemail"] is not None) == voicemail
    assert data["duration"] == data["ended_at"] - data["started_at"]
    assert (data["user"] is None) == (kind in ("inbound_missed", "inbound_voicemail"))
    assert data["number"]["e164_digits"] == "+33199000123"


def test_answered_call_agrees_with_the_recorded_sample(samples):
    sample = json.loads((samples / "call_inbound_answered_5_ended.json").read_text())
    contact = sample["data"]["contact"]
    ours = ended_of(
        call_events(4001, "inbound_answered", start=START, phone=PHONE, contact=contact)
    )
    assert ours["timestamp"] == sample["timestamp"]
    for name in FIELDS - {"call_uuid", "comments", "tags", "number"}:
        assert ours["data"][name] == sample["data"][name], name
    assert set(ours["data"]["number"]) == set(sample["data"]["number"])


def test_end_comes_half_a_minute_after_hanging_up_and_assets_later():
    events = {one["event"]: one["timestamp"] for one in call("inbound_answered")}
    assert events["call.ended"] == events["call.hungup"] + 30
    assert events["call.comm_assets_generated"] > events["call.ended"]


def test_late_voicemail_is_not_yet_in_the_end():
    events = call("inbound_voicemail", late_voicemail=True)
    assert [one["event"] for one in events][-2:] == ["call.ended", "call.voicemail_left"]
    assert ended_of(events)["data"]["voicemail"] is None
    assert events[-1]["data"]["voicemail"].startswith("https://")


def test_tags_come_and_go():
    events = call("inbound_answered", tags=(33,), later_tags=(31,), untagged=True)
    tags = {one["event"]: [tag["name"] for tag in one["data"]["tags"]] for one in events}
    assert tags["call.ended"] == ["VIP"]
    assert tags["call.tagged"] == ["VIP", "Quote"]
    assert tags["call.untagged"] == []


def test_comment_keeps_its_id_when_another_one_joins():
    events = call("inbound_answered", comments=("a",), later_comments=("b",))
    early = ended_of(events)["data"]["comments"]
    late = events[-1]["data"]["comments"]
    assert events[-1]["event"] == "call.commented"
    assert late[0] == early[0]
    assert [one["content"] for one in late] == ["a", "b"]
    assert late[0]["id"] != late[1]["id"]


def test_transferred_call_ends_with_the_other_agent():
    data = ended_of(call("inbound_answered", transferred_to=457))["data"]
    assert data["transferred_by"]["id"] == 456
    assert data["transferred_to"]["id"] == data["user"]["id"] == 457


def test_anonymous_caller_has_no_digits_anywhere():
    events = call_events(1, "inbound_answered", start=START, phone="anonymous")
    assert ended_of(events)["data"]["raw_digits"] == "anonymous"
    assert "phone_number" not in json.dumps(events)


@given(
    st.sampled_from(CALL_KINDS),
    st.integers(1, 600),
    st.integers(1, 7200),
    st.booleans(),
    st.sets(st.sampled_from([31, 32, 33])),
)
@settings(max_examples=60, deadline=None)
def test_any_story_keeps_its_times_in_order(kind, wait, talk, late, tags):
    story = Story(wait=wait, talk=talk, late_voicemail=late, later_tags=tuple(tags))
    events = call_events(7, kind, start=START, phone=PHONE, story=story)
    stamps = [one["timestamp"] for one in events]
    assert stamps == sorted(stamps)
    for one in events:
        data = one["data"]
        times = [data["started_at"], data["answered_at"], data["ended_at"]]
        known = [at for at in times if at is not None]
        assert known == sorted(known)


def test_messages_tell_channel_media_and_direction():
    sms = message_events("m1", "inbound", start=START, phone=PHONE)[0]
    assert (sms["resource"], sms["event"]) == ("message", "message.received")
    assert sms["data"]["channel"] is None
    assert "user" not in sms["data"]
    mms = message_events("m2", "inbound", start=START, phone=PHONE, media=("a.jpg",))[0]
    assert mms["data"]["media_details"][0]["file_name"] == "a.jpg"
    sent = message_events(
        "m3", "outbound", start=START, phone=PHONE, channel="whatsapp", template="Hi {{1}}"
    )[0]
    assert sent["event"] == "message.sent"
    assert sent["data"]["user"]["email"] == "jeanne.martin@example.com"
    assert (sent["data"]["body"], sent["data"]["template_content"]) == ("", "Hi {{1}}")


def test_each_status_of_a_message_is_a_delivery_of_its_own():
    statuses = ("sent", "failed")
    events = message_events("m", "outbound", start=START, phone=PHONE, statuses=statuses)
    assert [one["data"]["status"] for one in events] == ["sent", "sent", "failed"]
    assert {one["event"] for one in events[1:]} == {"message.status_updated"}


def test_group_message_has_participants_and_milliseconds():
    event = group_events("g1", "inbound", start=START, phones=(PHONE, "+33199004568"))[0]
    assert event["resource"] == "group_message"
    assert event["data"]["participants"] == [PHONE, "+33199004568"]
    assert event["data"]["created_at"] == START * 1000


def test_number_event_carries_whether_it_is_open():
    assert number_event("closed", 1001, START)["data"]["open"] is False
    assert number_event("opened", 1001, START)["data"]["open"] is True


def test_day_holds_every_kind_and_is_always_the_same():
    day = small_day(START)
    assert len(day) == 32
    kinds = {interaction.kind for interaction in day}
    assert kinds == {*CALL_KINDS, "inbound_message", "outbound_message"}
    assert small_day(START) == day
    assert len({interaction.name for interaction in day}) == len(day)
    ids = {one["events"][0]["data"].get("id") for one in map(as_dict, day)}
    assert len(ids) == len(day)
    stamps = [one["timestamp"] for one in deliveries(day)]
    assert stamps == sorted(stamps)


def as_dict(interaction):
    return {"events": interaction.events}


def test_of_the_days_before_each_kind_is_in_aircalls_list_and_has_ended():
    calls = days_before(START)
    assert len({one["data"]["id"] for one in calls}) == len(calls) == 28
    assert {one["event"] for one in calls} == {"call.ended"}
    assert all(one["data"]["ended_at"] < START for one in calls)
