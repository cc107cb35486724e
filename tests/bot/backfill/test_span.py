"""What admins type for a past time, in their own time zone, and what is wrong with it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.backfill import span
from bot.backfill.span import Span, SpanError, read_span, zone_of

BERLIN = ZoneInfo("Europe/Berlin")
NOW = int(datetime(2026, 11, 26, 15, 0, tzinfo=BERLIN).timestamp())


def at(text: str, zone=BERLIN) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp())


@pytest.mark.parametrize(
    ("typed", "start", "end"),
    [
        ("2026-11-01 2026-11-02", "2026-11-01T00:00", "2026-11-02T23:59:59"),
        ("1.11.2026 2.11.2026", "2026-11-01T00:00", "2026-11-02T23:59:59"),
        ("01.11.2026 02.11.2026", "2026-11-01T00:00", "2026-11-02T23:59:59"),
        ("2026-11-01 2026-11-01", "2026-11-01T00:00", "2026-11-01T23:59:59"),
        ("2026-11-01T14:30 2026-11-02T09:00", "2026-11-01T14:30", "2026-11-02T09:00"),
        ("2026-11-01 14:30 2026-11-02 09:00", "2026-11-01T14:30", "2026-11-02T09:00"),
        ("2026-11-01 14:30 2026-11-02", "2026-11-01T14:30", "2026-11-02T23:59:59"),
        ("2026-11-01 2026-11-02 9:05", "2026-11-01T00:00", "2026-11-02T09:05"),
        ("1.11.2026 14:30 Uhr bis 2.11.2026 9:05 Uhr", "2026-11-01T14:30", "2026-11-02T09:05"),
        ("from 2026-11-01 to 2026-11-02", "2026-11-01T00:00", "2026-11-02T23:59:59"),
        ("2026-11-01 – 2026-11-02", "2026-11-01T00:00", "2026-11-02T23:59:59"),
        ("2026-11-01T14:30Z 2026-11-02", "2026-11-01T15:30", "2026-11-02T23:59:59"),
        ("2026-11-01T14:30-05:00 2026-11-02", "2026-11-01T20:30", "2026-11-02T23:59:59"),
        ("yesterday yesterday", "2026-11-25T00:00", "2026-11-25T23:59:59"),
        ("GESTERN HEUTE", "2026-11-25T00:00", "2026-11-26T15:00"),
        ("yesterday 14:30 today 9:00", "2026-11-25T14:30", "2026-11-26T09:00"),
        ("today", "2026-11-26T00:00", "2026-11-26T15:00"),
        ("2026-11-20", "2026-11-20T00:00", "2026-11-26T15:00"),
        ("2026-11-20 now", "2026-11-20T00:00", "2026-11-26T15:00"),
        ("2026-11-20 2026-11-26", "2026-11-20T00:00", "2026-11-26T15:00"),
        # The clocks go back on 25 October: that day has 25 hours, 2:30 comes twice.
        ("2026-10-25 2026-10-25", "2026-10-25T00:00", "2026-10-25T23:59:59"),
    ],
)
def test_a_time_is_read_as_it_is_meant_where_the_person_lives(typed, start, end):
    assert read_span(typed, BERLIN, NOW) == Span(at(start), at(end))


def test_the_day_on_which_the_clocks_go_back_has_25_hours():
    day = read_span("2026-10-25 2026-10-25", BERLIN, NOW)
    assert day.end - day.start + 1 == 25 * 3600


def test_the_day_on_which_the_clocks_go_forward_has_23_hours():
    now = at("2026-05-01T12:00")
    day = read_span("2026-03-29 2026-03-29", BERLIN, now)
    assert day.end - day.start + 1 == 23 * 3600
    # 2:30 does not exist on that day: it is what a clock shows that nobody set forward.
    assert read_span("2026-03-29 02:30", BERLIN, now).start == at("2026-03-29T03:30")


def test_of_an_hour_that_comes_twice_all_is_meant():
    both = read_span("2026-10-25 02:30 2026-10-25 02:30", BERLIN, NOW)
    assert both.end - both.start == 3600


def test_the_same_words_mean_another_time_elsewhere():
    tokyo = read_span("2026-11-01 2026-11-01", ZoneInfo("Asia/Tokyo"), NOW)
    assert tokyo.start == int(datetime(2026, 10, 31, 15, tzinfo=UTC).timestamp())


def test_a_time_zone_that_nobody_knows_is_utc():
    assert [zone_of(name) for name in ("", "Mars/Olympus", "../etc/passwd")] == [UTC] * 3
    assert zone_of("Europe/Berlin") == BERLIN


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", span.NOTHING),
        ("to", span.NOTHING),
        ("tomorrow", span.NOT_A_DATE),
        ("11/01/2026", span.NOT_A_DATE),
        ("2026-11", span.NOT_A_DATE),
        ("20261101", span.NOT_A_DATE),
        ("14:30", span.NOT_A_DATE),
        ("2026-11-01 14:30 15:30", span.NOT_A_DATE),
        ("2026-11-01T14:30+99:99", span.NOT_A_DATE),
        ("2026-11-01 <@U1>", span.NOT_A_DATE),
        ("2026-11-01 25:00", span.NOT_A_TIME),
        ("2026-11-01T12:60", span.NOT_A_TIME),
        ("2026-02-30", span.NO_SUCH_DAY),
        ("31.11.2026", span.NO_SUCH_DAY),
        ("2026-13-01", span.NO_SUCH_DAY),
        ("2026-11-01 2026-11-02 2026-11-03", span.TOO_MUCH),
        ("2026-11-02 2026-11-01", span.BACKWARDS),
        ("2026-11-01 14:30 2026-11-01 14:29", span.BACKWARDS),
        ("2026-11-27", span.FUTURE_START),
        ("9999-12-31", span.FUTURE_START),
        ("2026-11-25 2026-11-27", span.FUTURE_END),
        ("2026-11-25 9999-12-31", span.FUTURE_END),
        ("2026-11-25 today 15:01", span.FUTURE_END),
        ("2026-05-28 2026-06-01", span.TOO_OLD),
        ("0001-01-01", span.TOO_OLD),
        ("1.1.2020", span.TOO_OLD),
    ],
)
def test_what_is_wrong_is_named(typed, sentence):
    with pytest.raises(SpanError) as error:
        read_span(typed, BERLIN, NOW)
    assert error.value.sentence == sentence
    assert all(f"{{{hole}}}" in sentence for hole in error.value.values)


def test_the_earliest_possible_day_is_possible():
    with pytest.raises(SpanError) as error:
        read_span("2026-01-01", BERLIN, NOW)
    day = datetime.fromtimestamp(error.value.values["day"], BERLIN)
    assert f"{day:%Y-%m-%d %H:%M}" == "2026-05-29 00:00"
    assert read_span(f"{day:%Y-%m-%d}", BERLIN, NOW).start == int(day.timestamp())


@given(st.text() | st.from_regex(r"[\d.:TZ+ -]{0,40}"))
def test_whatever_is_typed_is_a_past_time_or_an_error_in_words(typed):
    try:
        found = read_span(typed, BERLIN, NOW)
    except SpanError:
        return
    assert 0 < found.start <= found.end <= NOW
