"""The form of the connected numbers."""

import pytest

from bot.modals.numbers import NUMBERS, read
from tests.bot.modals.drafts import at_first, directory, draft, inputs, text_of, view_of
from tests.bot.modals.forging import forge, picked_many, said
from tests.bot.team import ADMIN


def test_admin_connects_two_numbers_instead_of_all(team, stored):
    team.command(ADMIN, "numbers")
    assert "All numbers, new ones too" in team.shown(ADMIN)
    team.choose(ADMIN, "numbers", ["Sales France", "Berlin"])
    team.submit(ADMIN)
    assert stored().numbers == {1001, 1003}
    shown = team.shown(ADMIN)
    assert "Saved as revision 2" in shown
    assert "Connected numbers: all numbers, new ones too → Berlin and Sales France" in shown or (
        "Connected numbers: all numbers, new ones too → Sales France and Berlin" in shown
    )


def test_all_numbers_win_over_single_ones(team, stored):
    team.set(numbers=[1001])
    team.command(ADMIN, "numbers")
    team.choose(ADMIN, "numbers", ["Sales France", "All numbers, new ones too"])
    team.submit(ADMIN)
    assert stored().numbers == "all"


def test_digits_stand_below_each_name(team):
    team.command(ADMIN, "numbers")
    element = inputs(team.slack.modal(ADMIN).shown())["numbers"]
    described = {
        e["text"]["text"]: e.get("description", {}).get("text") for e in element["options"]
    }
    assert described["Berlin"] == "+493023125000"


def test_emptying_while_enabled_is_refused_under_the_field(team, number):
    team.command(ADMIN, "numbers")
    team.choose(ADMIN, "numbers", None)
    acted = team.submit(ADMIN)
    assert acted.errors == {
        "numbers": "Keep at least one number while the integration is enabled, or disable it first."
    }
    assert number() == 1


def test_emptying_while_disabled_is_saved(team, stored):
    team.set(enabled=False)
    team.command(ADMIN, "numbers")
    team.choose(ADMIN, "numbers", None)
    team.submit(ADMIN)
    assert stored().numbers == frozenset()


def test_number_that_is_gone_is_shown_as_gone_and_kept(team, stored):
    team.set(numbers=[1001, 77, 78])
    team.command(ADMIN, "numbers")
    assert "2 chosen numbers are gone from Aircall: 77 and 78" in team.shown(ADMIN)
    team.choose(ADMIN, "numbers", ["Number 77, gone from Aircall", "Support US"])
    team.submit(ADMIN)
    assert stored().numbers == {77, 1002}


def test_thousand_numbers_are_searched_by_name_and_digits(team, stored):
    numbers = team.product.aircall.office.numbers
    for id_ in range(2001, 3001):
        numbers[id_] = {**numbers[1003], "id": id_, "name": f"Line {id_}"}
    team.product.read_directory()
    team.command(ADMIN, "numbers")
    assert team.search(ADMIN, "numbers", "line 25") == [f"Line {n}" for n in range(2500, 2600)]
    assert team.search(ADMIN, "numbers", "")[0] == "All numbers, new ones too"
    assert len(team.search(ADMIN, "numbers", "3023125")) == 100
    team.choose(ADMIN, "numbers", ["Line 2999", "Line 2001"])
    team.submit(ADMIN)
    assert stored().numbers == {2001, 2999}


def test_more_than_a_hundred_chosen_numbers_have_a_field_for_each_hundred():
    made = draft(directory(1000, label=str), {"numbers": list(range(1, 251))})
    view = view_of(NUMBERS, made)
    assert list(inputs(view)) == ["numbers", "numbers#0.1", "numbers#0.2"]
    assert "Connected numbers 201 to 250" in text_of(view)
    values = at_first(view)
    values["numbers#0.2"] = (*values["numbers#0.2"][1:], "777")
    now = set(read(values, made)["numbers"])
    assert len(now) == 250
    assert 777 in now


@pytest.mark.parametrize(
    "value", ["999999", "1001;drop", "١٠٠١", "9" * 5000, "-1001", "0", "", "1001.0", "\x00"]
)
def test_made_up_numbers_are_refused_and_nothing_is_stored(team, number, value):
    team.command(ADMIN, "numbers")
    acted = forge(team, ADMIN, {"numbers": picked_many("1001", value)})
    assert said(acted)
    assert number() == 1


def test_numbers_that_aircall_never_told_cannot_be_chosen(team, number):
    team.redis.hdel("ah:directory", "numbers")
    team.product.aircall.fault("500", times=None)
    team.command(ADMIN, "numbers")
    assert "Aircall does not answer and was never read yet" in team.shown(ADMIN)
    acted = forge(team, ADMIN, {"numbers": picked_many("1001")})
    assert "Aircall has not answered yet, so this cannot be checked" in said(acted)
    assert number() == 1
