"""Text of vendors and people is shown as it is, and turns nothing of ours."""

import pytest

from bot.markup import clean, code, escape, link, mention


@pytest.mark.parametrize("mark", "\u061c\u200e\u200f\u202a\u202e\u2066\u2069")
def test_no_mark_of_direction_is_left(mark):
    assert clean(f"a{mark}b") == "ab"


@pytest.mark.parametrize("call", ["<!channel>", "<!here|x>", "<@U0ADMIN>", "<https://x.example|y>"])
def test_nobody_is_called_and_nothing_linked(call):
    for made in (escape(call), code(call), mention(call), link("https://a.example/", call)):
        assert call not in made


def test_an_address_cannot_break_out_of_its_link():
    assert link("https://a.example/|x> <!channel>", "here").count("<") == 1
    assert link("javascript:x", "here") == "here"
