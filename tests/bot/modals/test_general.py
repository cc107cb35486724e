"""The form of the general settings."""

import pytest

from bot.modals.general import GENERAL
from sandbox.hubspot.people import archive_owner
from tests.bot.modals.drafts import directory, draft, inputs, view_of
from tests.bot.modals.forging import forge, picked, said, typed
from tests.bot.team import ADMIN

OMAR, LEFT = "11349275741", "11349275750"


def test_admin_changes_everything_at_once(team, stored):
    team.command(ADMIN, "general")
    team.type(ADMIN, "name", "  Phones & more  ")
    team.choose(ADMIN, "business_hours_only", "yes")
    team.choose(ADMIN, "create_contacts", "no")
    team.choose(ADMIN, "sync_contacts", "yes")
    team.choose(ADMIN, "fallback_owner", OMAR)
    team.submit(ADMIN)
    now = stored()
    assert (now.name, now.fallback_owner) == ("Phones & more", OMAR)
    assert (now.business_hours_only, now.create_contacts, now.sync_contacts) == (True, False, True)
    assert "Owner where none is found: nobody → Omar Haddad" in team.shown(ADMIN)


def test_nobody_can_be_chosen_again(team, stored):
    team.set(fallback_owner=OMAR)
    team.command(ADMIN, "general")
    team.choose(ADMIN, "fallback_owner", "Nobody")
    team.submit(ADMIN)
    assert stored().fallback_owner is None


def test_owner_archived_meanwhile_is_shown_so_and_keeps_nobody_from_another_field(team, stored):
    team.set(fallback_owner=OMAR)
    archive_owner(team.product.hubspot.portal, OMAR)
    team.product.read_directory()
    team.command(ADMIN, "general")
    assert "Omar Haddad was chosen before and is not active in HubSpot any more" in team.shown(
        ADMIN
    )
    team.type(ADMIN, "name", "Phones")
    team.submit(ADMIN)
    assert (stored().name, stored().fallback_owner) == ("Phones", OMAR)


@pytest.mark.parametrize(
    "name", [None, "", "   ", "x" * 81, "two\nlines", "bell\x07", "\u202eturned", "\u200b", "\x00"]
)
def test_bad_name_is_refused_in_one_sentence(team, number, name):
    team.command(ADMIN, "general")
    acted = forge(team, ADMIN, {"name": typed(name)})
    assert acted.answer["errors"] == {"name": "Enter a name of 1 to 80 characters, on one line."}
    assert number() == 1


@pytest.mark.parametrize("name", ["x" * 80, "<!channel> & 📞", "שירות", ":smile:", "`*_~"])
def test_any_other_name_is_taken_and_calls_nobody(team, stored, name):
    team.command(ADMIN, "general")
    team.type(ADMIN, "name", name)
    team.submit(ADMIN)
    assert stored().name == name


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("business_hours_only", "maybe"),
        ("create_contacts", "-"),
        ("fallback_owner", "1"),
        ("fallback_owner", LEFT),
        ("fallback_owner", "x" * 3000),
    ],
)
def test_made_up_choices_are_refused_under_their_field(team, number, path, value):
    team.command(ADMIN, "general")
    acted = forge(team, ADMIN, {path: picked(value)})
    assert list(acted.answer["errors"]) == [path]
    assert number() == 1


@pytest.mark.parametrize("block", ["enabled", "numbers", "tickets.pipeline", "nonsense", "#", ""])
def test_field_that_is_not_of_this_form_is_refused(team, number, block):
    team.command(ADMIN, "general")
    acted = forge(team, ADMIN, {block: picked("yes")})
    assert "This form has no such field" in said(acted)
    assert number() == 1


def test_three_hundred_owners_are_searched_by_name_and_mail():
    made = draft(directory(owners=300, label=lambda n: f"Owner {n}"), {"fallback_owner": "250"})
    element = inputs(view_of(GENERAL, made))["fallback_owner"]
    assert element["type"] == "external_select"
    assert element["initial_option"]["text"]["text"] == "Owner 250"
    find = GENERAL.choices["fallback_owner"]
    assert [each.value for each in find(made, "299@EXAMPLE")] == ["299"]
    assert [each.value for each in find(made, "nobo")] == ["-"]
