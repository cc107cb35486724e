from __future__ import annotations

import pytest

from rules.scalars import many_lines, one_line, seconds, text_or_number, whole


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1_790_000_000, 1_790_000_000),
        (1_790_000_000_900, 1_790_000_000),
        (1_790_000_000.7, 1_790_000_000),
        (99_999_999_999, 99_999_999_999),
        (100_000_000_000, 100_000_000),
        (100_000_000_000_000, None),
        ("1790000000", 1_790_000_000),
        ("1790000000000", 1_790_000_000),
        (158_554_819, 158_554_819),
        ("2026-09-21T14:13:20.000Z", 1_790_000_000),
        ("2026-09-21T16:13:20+02:00", 1_790_000_000),
        ("2026-09-21 14:13:20 UTC", 1_790_000_000),
        ("2026-09-21T14:13:20", 1_790_000_000),
        ("1969-12-31T00:00:00Z", None),
        ("yesterday", None),
        ("", None),
        (None, None),
        (True, None),
        (0, None),
        (-5, None),
        (float("inf"), None),
        (float("nan"), None),
        (10**18, None),
        ([], None),
    ],
)
def test_a_moment_is_read_in_seconds_milliseconds_or_iso(value, expected):
    assert seconds(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *((7, 7), ("7", 7), (0, 0), (-7, None), (True, None), ("٧", None), ("7.0", None)),
        *((7.0, None), ("9" * 20, None), (10**19, None), (None, None), ("", None)),
    ],
)
def test_a_whole_number_is_read_from_a_number_or_digits(value, expected):
    assert whole(value) == expected


@pytest.mark.parametrize(
    ("value", "line", "lines"),
    [
        (" Claire ", "Claire", "Claire"),
        ("a\x00b\x1bc\x7fd\x9fe", "abcde", "abcde"),
        ("lone \ud83d end \udc00", "lone  end", "lone  end"),
        ("one\r\ntwo\rthree\u2028four", "one two three four", "one\ntwo\nthree\nfour"),
        ("tab\there", "tab here", "tab here"),
        ("👍 café", "👍 café", "👍 café"),
        ("👩\u200d👧 \ufe0f", "👩\u200d👧 \ufe0f", "👩\u200d👧 \ufe0f"),
        ("in\u202evoice\u202c\u2066gnp\u2069", "invoicegnp", "invoicegnp"),
        ("a\u061cb\u200ec\u200fd\u202ae\u2068f", "abcdef", "abcdef"),
        ("\x00\n", None, None),
        ("", None, None),
        (5, None, None),
    ],
)
def test_texts_lose_what_cannot_be_shown(value, line, lines):
    assert one_line(value) == line
    assert many_lines(value) == lines


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (33199004567, "33199004567"),
        (" 007 ", "007"),
        (0, "0"),
        (True, None),
        (1.5, None),
        ([], None),
    ],
)
def test_a_number_where_a_text_belongs_is_read_as_text(value, expected):
    assert text_or_number(value) == expected


def test_texts_are_cut_at_their_limit():
    assert len(one_line("x" * 400)) == 255
    assert len(many_lines("x" * 70_000)) == 60_000
