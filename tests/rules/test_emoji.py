"""Emoji leave a text whole, and a text is cut where a reader would cut it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.emoji import cut, without_emoji


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Ada", "Ada"),
        ("Ada 🚀", "Ada "),
        ("👩🏽‍🚀 Ada", " Ada"),
        ("👨‍👩‍👧‍👦x", "x"),
        ("🇫🇷 Paris", " Paris"),
        ("🏴\U000e0067\U000e0062\U000e007f!", "!"),
        ("1️⃣ Wahl", "1 Wahl"),
        ("❤️", ""),
        ("a\u200d🚀", "a"),
        ("Acme™", "Acme"),
        ("№ 5, 20 °C, → ㈱", "№ 5, 20 °C, → ㈱"),
        ("क्\u200dष", "क्\u200dष"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\U0001fae8 new", " new"),
    ],
)
def test_emoji_go_and_all_scripts_stay(text, left):
    assert without_emoji(text) == left


@pytest.mark.parametrize(
    ("text", "most", "left"),
    [
        ("Ada", 3, "Ada"),
        ("Ada", 2, "Ad"),
        ("ae\u0301x", 2, "a"),
        ("ae\u0301x", 3, "ae\u0301"),
        ("xक्\u200dष", 4, "x"),
        ("x\u1112\u1161\u11ab", 3, "x"),
        ("Ada Byron", 4, "Ada"),
        ("e" + "\u0301" * 9, 3, "e\u0301\u0301"),
    ],
)
def test_a_text_is_cut_at_the_end_of_a_sign(text, most, left):
    assert cut(text, most) == left


@given(st.text(), st.integers(1, 40))
def test_any_text_comes_out_short_and_without_emoji(text, most):
    plain = without_emoji(text)
    assert without_emoji(plain) == plain
    short = cut(plain, most)
    assert len(short) <= most
    assert plain.startswith(short)
    if len(plain) > most and short and unicodedata.category(plain[len(short)])[0] == "M":
        assert all(unicodedata.category(sign)[0] == "M" for sign in plain[1:most])
