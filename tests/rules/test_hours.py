from __future__ import annotations

from dataclasses import replace

import pytest

from rules.hours import Hours, LineHours, hours_of, line_hours
from rules.records import Arrival, Call, Line, Message, Version

START = 1_790_000_000
DAY = 86_400_000
LINE = Line(id=1001, availability="custom", open=True)
CALL = Call(
    id="call-1",
    direction="inbound",
    started_at=START,
    ended_at=START + 60,
    line=LINE,
    as_of=Version(START + 90, 6, 1),
)
LONG_AGO = LineHours(open=True, at=START * 1000 - 8 * DAY)


def verdict(call, seen=None):
    return hours_of(call, seen).verdict


def test_a_call_missed_outside_opening_hours_was_outside(interaction):
    call = interaction("call_missed_out_of_opening_hours_ended")
    opened = LineHours(open=True, at=START * 1000 - 1)
    assert hours_of(call, opened) == Hours("outside", "Aircall says: missed outside opening hours")


def test_an_answered_call_is_not_outside_by_a_missed_reason():
    call = replace(CALL, missed_reason="out_of_opening_hours", answered_at=START + 5)
    assert verdict(call) == "unknown"


def test_another_missed_reason_tells_nothing_of_hours():
    assert verdict(replace(CALL, missed_reason="agents_did_not_answer")) == "unknown"


@pytest.mark.parametrize(("availability", "expected"), [("closed", "outside"), ("open", "inside")])
def test_a_number_set_to_always_closed_or_open_is_a_sure_sign(availability, expected):
    call = replace(CALL, line=replace(LINE, availability=availability))
    against = LineHours(open=expected == "outside", at=START * 1000 - 1)
    assert verdict(call) == verdict(call, against) == expected


def test_an_availability_read_long_after_the_call_is_no_sign():
    line = replace(LINE, availability="closed", open=False)
    read = replace(CALL, line=line, as_of=Version(START + 60 + 3601, 7, 1))
    assert verdict(read, LONG_AGO) == "unknown"
    in_time = replace(read, versions={"line.1001.availability": Version(START + 60 + 3600, 6, 1)})
    assert verdict(in_time, LONG_AGO) == "outside"


@pytest.mark.parametrize(
    ("opened", "before", "expected"),
    [
        (True, 1, "inside"),
        (False, 1, "outside"),
        (False, 0, "outside"),
        (False, 7 * DAY, "outside"),
    ],
)
def test_an_event_of_the_last_seven_days_decides(opened, before, expected):
    assert verdict(CALL, LineHours(open=opened, at=START * 1000 - before)) == expected


def test_the_payload_decides_only_for_numbers_that_ever_told_of_their_hours():
    closed = replace(CALL, line=replace(LINE, open=False))
    assert verdict(closed, None) == "unknown"
    assert verdict(closed, LONG_AGO) == "outside"
    assert verdict(CALL, replace(LONG_AGO, open=False)) == "inside"
    assert verdict(replace(CALL, line=replace(LINE, open=None)), LONG_AGO) == "unknown"
    assert verdict(replace(CALL, line=None), LONG_AGO) == "unknown"
    assert verdict(replace(CALL, line=None), LineHours(open=False, at=START * 1000)) == "outside"


@pytest.mark.parametrize(
    ("seen_open", "at", "line_open", "because"),
    [
        (True, START * 1000, None, "the number had opened before"),
        (False, START * 1000, None, "the number had closed before"),
        (False, LONG_AGO.at, True, "the event says that it was open"),
        (True, LONG_AGO.at, False, "the event says that it was closed"),
    ],
)
def test_what_the_verdict_rests_on_is_told(seen_open, at, line_open, because):
    call = replace(CALL, line=replace(LINE, open=line_open))
    assert hours_of(call, LineHours(open=seen_open, at=at)).because == because


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        (LINE, None),
        (replace(LINE, open=None), LONG_AGO),
        (LINE, LineHours(open=False, at=(START + 30) * 1000)),
    ],
)
def test_whoever_is_unsure_says_that_the_hours_are_unknown(line, seen):
    hours = hours_of(replace(CALL, line=line), seen)
    assert hours.verdict == "unknown"
    assert hours.because.startswith("hours unknown: ")


def test_a_number_that_closed_during_the_call_leaves_it_unsure():
    closed = replace(CALL, line=replace(LINE, open=False))
    assert verdict(closed, LineHours(open=False, at=(START + 30) * 1000)) == "unknown"
    assert verdict(closed, LineHours(open=False, at=(START + 90) * 1000)) == "unknown"
    assert verdict(CALL, LineHours(open=False, at=(START + 91) * 1000)) == "inside"


def test_a_payload_of_long_after_the_call_does_not_tell_of_it():
    late = replace(CALL, line=replace(LINE, open=False), as_of=Version(START + 9999, 7, 1))
    assert verdict(late, LONG_AGO) == "unknown"
    told = {"line.1001.open": Version(START + 60, 6, 1)}
    assert verdict(replace(late, versions=told), LONG_AGO) == "outside"


def test_a_message_is_judged_by_the_moment_it_was_sent():
    message = Message(id="message-1", sent_at=START, line=Line(id=1), accepted=Arrival(5, 1))
    assert verdict(message, LineHours(open=False, at=START * 1000 - 5)) == "outside"
    assert verdict(message, None) == "unknown"


def test_opened_and_closed_events_tell_the_state_of_their_number(sample):
    assert line_hours(sample("number_opened"), 7) == (1001, LineHours(open=True, at=START * 1000))
    assert line_hours(sample("number_closed"), 7) == (1001, LineHours(open=False, at=START * 1000))


def test_a_number_event_without_a_timestamp_counts_from_its_arrival(sample):
    event = sample("number_closed") | {"timestamp": None}
    assert line_hours(event, 7) == (1001, LineHours(open=False, at=7))


@pytest.mark.parametrize(
    "changed", [{"event": "number.created"}, {"event": None}, {"data": []}, {"data": {"id": "x"}}]
)
def test_any_other_event_tells_nothing_of_hours(sample, changed):
    assert line_hours(sample("number_closed") | changed, 7) is None
