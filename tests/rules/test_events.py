from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.events import (
    KNOWN_EVENTS,
    READ,
    Event,
    Unreadable,
    interaction_id,
    is_ending,
    parse,
    read_envelope,
)
from rules.records import Arrival, Version

SAMPLES = sorted((Path(__file__).parents[1] / "samples" / "aircall_webhooks").glob("*.json"))
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([2**63, 2**64, -(10**19), 10**400, 1e308])
    | st.floats()
    | st.text(st.characters()),  # lone surrogates too
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def envelope(event, **changed):
    return {
        "arrived": 1_790_000_500_123,
        "revision": 7,
        "source": "webhook",
        "event": event,
    } | changed


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_sample_of_a_call_or_message_is_readable_and_nothing_else_is(path):
    event = json.loads(path.read_text(encoding="utf-8"))
    parsed = parse(envelope(event))
    assert isinstance(parsed, Event) == (event.get("event") in KNOWN_EVENTS)
    if isinstance(parsed, Event):
        assert parsed.id == interaction_id(event)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"resource": "call", "event": "call.ended", "data": {"id": 4001}}, "call-4001"),
        ({"resource": "call", "event": "call.ended", "data": {"id": "4001"}}, "call-4001"),
        ({"resource": "call", "event": "call.x", "data": {"call_id": "4001"}}, "call-4001"),
        ({"resource": "call", "data": {"id": 4001}}, "call-4001"),
        ({"event": "call.ended", "data": {"id": 4001}}, "call-4001"),
        (
            {"resource": "message", "event": "message.sent", "data": {"id": "9a-1_b"}},
            "message-9a-1_b",
        ),
        (
            {
                "resource": "group_message",
                "event": "group_message.sent",
                "data": {"group_message_id": "b1", "id": "other"},
            },
            "group-b1",
        ),
        ({"resource": "message", "event": "group_message.sent", "data": {"id": "b2"}}, "group-b2"),
        (
            {"resource": "number", "event": "number.opened", "data": {"id": 1001}},
            "hint-number-1001",
        ),
        ({"event": "user.created.v2", "data": {"id": 456}}, "hint-user-456"),
        (
            {
                "resource": "integration",
                "event": "integration.deleted",
                "data": {"integration_id": 42},
            },
            "hint-integration-42",
        ),
        # An AI event under resource `call` must not make a call of the AI object's own id.
        ({"resource": "call", "event": "summary.created", "data": {"id": 88}}, "hint-call-88"),
        ({"resource": "call", "event": "call.ended", "data": {"id": "x" * 80}}, "call-" + "x" * 80),
    ],
)
def test_an_interaction_is_known_by_its_own_id(event, expected):
    assert interaction_id(event) == expected


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"resource": "call", "event": "call.ended"},
        {"resource": "call", "event": "call.ended", "data": []},
        {"resource": "call", "event": "call.ended", "data": {}},
        {"resource": "call", "event": "call.ended", "data": {"id": None}},
        {"resource": "call", "event": "call.ended", "data": {"id": True}},
        {"resource": "call", "event": "call.ended", "data": {"id": -1}},
        {"resource": "call", "event": "call.ended", "data": {"id": 4.5}},
        {"resource": "call", "event": "call.ended", "data": {"id": 10**20}},
        {"resource": "call", "event": "call.ended", "data": {"id": "x" * 81}},
        {"resource": "call", "event": "call.ended", "data": {"id": "40 01"}},
        {"resource": "call", "event": "call.ended", "data": {"id": "4001\n"}},
        {"resource": "call", "event": "call.ended", "data": {"id": "é"}},
        {"resource": "call", "event": "call.ended", "data": {"id": "٤"}},
        {"resource": ["call"], "data": {"id": 4001}},
        {"resource": "a b", "event": 5, "data": {"id": 4001}},
        {"resource": "number", "event": "number.opened", "data": {}},
        {"data": {"id": 4001}},
    ],
)
def test_an_id_that_cannot_be_told_is_none(event):
    assert interaction_id(event) is None


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(["resource", "event", "data", "timestamp"]), JSON))
def test_no_json_breaks_the_id(event):
    found = interaction_id(event)
    assert found is None or found.isascii()


@settings(max_examples=150, deadline=None)
@given(JSON)
def test_no_json_breaks_the_parser(anything):
    assert isinstance(parse(anything), Unreadable)
    assert isinstance(parse(envelope(anything)), Unreadable)


FIELDS = [
    *("id", "direction", "raw_digits", "started_at", "answered_at", "ended_at", "asset", "number"),
    *("user", "contact", "tags", "comments", "ivr_options_selected", "voicemail", "recording"),
    *("hangup_cause", "missed_call_reason", "status", "transferred_to", "external_number", "body"),
    *("media_details", "media_url", "participants", "sent_at", "group_message_id", "channel"),
]
PART = st.dictionaries(
    st.sampled_from(
        ["id", "name", "email", "value", "content", "posted_at", "posted_by", "country"]
    )
    | st.sampled_from(
        ["title", "key", "open", "emails", "file_name", "presigned_url", "created_at"]
    ),
    JSON,
)


@settings(max_examples=120, deadline=None)
@given(
    st.sampled_from([*sorted(KNOWN_EVENTS), READ]),
    st.dictionaries(st.sampled_from(FIELDS), JSON | PART | st.lists(PART, max_size=3)),
    JSON,
    st.sampled_from(["webhook", "api", "gap", "backfill"]),
)
def test_no_data_of_a_known_event_breaks_the_parser_or_brings_in_control_characters(
    name, data, timestamp, source
):
    event = {"event": name, "timestamp": timestamp, "data": {**data, "id": 5}}
    parsed = parse(envelope(event, source=source))
    if name == READ and source == "webhook":
        assert isinstance(parsed, Unreadable)
        return
    assert isinstance(parsed, Event)
    told = repr(parsed.snapshot)
    assert not any(f"\\x{code:02x}" in told.replace("\\\\", "") for code in range(32))
    assert "\\ud8" not in told.replace("\\\\", "")
    assert parsed.version.timestamp >= 0


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (None, "not an envelope of ours"),
        ({"event": []}, "not an envelope of ours"),
        (envelope({}, arrived=None), "the envelope lacks arrival, revision or source"),
        (envelope({}, revision="new"), "the envelope lacks arrival, revision or source"),
        (envelope({}, source="rumour"), "the envelope lacks arrival, revision or source"),
        (envelope({}, source=10**5000), "the envelope lacks arrival, revision or source"),
        (envelope({}, source=["webhook"]), "the envelope lacks arrival, revision or source"),
        (envelope({"data": {"id": 1}}), "no event name"),
        (
            envelope({"event": "call.dreamt", "data": {"id": 1}}),
            "not an event of a call or message",
        ),
        (envelope({"event": "call.read", "data": {"id": 1}}), "not an event of a call or message"),
        (envelope({"event": "call.ended"}), "no data"),
        (envelope({"event": "call.ended", "data": {}}), "no data"),
        (envelope({"event": "call.ended", "data": {"id": {}}}), "no usable id"),
    ],
)
def test_an_unreadable_delivery_says_why(broken, reason):
    assert parse(broken) == Unreadable(reason)


def test_only_the_end_of_a_call_and_every_message_event_are_ending():
    assert {name for name in KNOWN_EVENTS if is_ending(name)} == {
        "call.ended",
        *("message.sent", "message.received", "message.status_updated"),
        *("group_message.sent", "group_message.received", "group_message.status_updated"),
    }
    assert not is_ending("message.dreamt")


def test_an_event_carries_its_version_and_arrival(sample):
    parsed = parse(envelope(sample("call_inbound_answered_5_ended")))
    assert parsed.version == Version(1_790_000_219, 6, 1_790_000_500_123)
    assert parsed.arrival == Arrival(1_790_000_500_123, 7, "webhook")
    assert (parsed.ended, parsed.hung_up, parsed.voicemail_left) == (True, True, False)


def test_events_of_one_second_are_ordered_by_their_stage(sample):
    def stage(name):
        return parse(envelope(sample("call_hold") | {"event": name})).version.stage

    order = [
        *("call.created", "call.ringing_on_agent", "call.agent_declined", "call.answered"),
        *("call.transferred", "call.hungup", "call.ended", "call.tagged"),
    ]
    assert [stage(name) for name in order] == sorted({stage(name) for name in order})
    assert (
        stage("call.voicemail_left") == stage("call.comm_assets_generated") == stage("call.tagged")
    )
    assert stage("call.hold") == stage("call.external_transferred") == stage("call.transferred")


@pytest.mark.parametrize("timestamp", [None, "soon", -4, True, 0, 10**30, float("nan"), []])
def test_without_a_usable_timestamp_the_arrival_counts(timestamp):
    event = {"event": "call.ended", "timestamp": timestamp, "data": {"id": 1}}
    assert parse(envelope(event)).version.timestamp == 1_790_000_500


def test_a_hangup_is_no_end_although_its_status_is_done(sample):
    parsed = parse(envelope(sample("call_inbound_answered_4_hungup")))
    assert (parsed.hung_up, parsed.ended) == (True, False)


def test_a_voicemail_event_tells_of_a_voicemail_even_without_its_url(sample):
    event = sample("call_missed_voicemail_1_voicemail_left")
    event["data"]["voicemail"] = None
    assert parse(envelope(event)).voicemail_left
    assert parse(envelope(sample("call_missed_voicemail_2_ended"))).voicemail_left
    assert not parse(envelope(sample("call_missed_no_voicemail_ended"))).voicemail_left


def test_a_message_event_always_ends(sample):
    parsed = parse(envelope(sample("message_status_updated")))
    assert parsed.ended
    assert parsed.version.stage > parse(envelope(sample("message_sent_sms"))).version.stage


@pytest.mark.parametrize(
    ("status", "ended_at", "ended"),
    [("done", 1_790_000_189, True), ("answered", 1_790_000_189, False), ("done", None, False)],
)
def test_an_api_read_is_an_event_at_its_fetch_time_and_ends_what_is_done(
    sample, status, ended_at, ended
):
    call = sample("call_inbound_answered_5_ended")["data"] | {
        "status": status,
        "ended_at": ended_at,
    }
    parsed = parse(read_envelope(call, 1_790_900_000_999, 4, "gap"))
    assert parsed.name == READ
    assert parsed.id == "call-4001"
    assert parsed.version == Version(1_790_900_000, 7, 1_790_900_000_999)
    assert parsed.arrival == Arrival(1_790_900_000_999, 4, "gap")
    assert (parsed.ended, parsed.hung_up) == (ended, ended)


def test_an_api_read_is_never_older_than_its_fetch_whatever_timestamp_it_holds():
    event = {"event": "call.ended", "timestamp": 5, "data": {"id": 1}}
    assert parse(envelope(event, source="api")).version.timestamp == 1_790_000_500
