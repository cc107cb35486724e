"""`delete` offers to remove in Aircall the contacts that we made there."""

import pytest

from bot.contact_sync import offering
from store.aircall_contacts import AircallContacts
from store.operations import Operations
from tests.bot.team import ADMIN, OWNER

NAME = "Aircall – HubSpot"


@pytest.fixture
def copied(team):
    """All contacts were copied; how many Aircall had before."""
    before = len(team.product.aircall.office.book.contacts)
    team.set(sync_contacts=True)
    team.command(ADMIN, "sync start")
    team.background()
    return before


def removal(team):
    return Operations(team.redis).current("removal")


def made(team):
    return AircallContacts(team.redis).made()


def delete(team, *, removing=True):
    team.command(ADMIN, "delete")
    if removing:
        team.choose(ADMIN, offering.FIELD, [str(made(team))])
    team.type(ADMIN, "name", NAME)
    return team.submit(ADMIN)


def test_form_offers_it_with_how_many_and_how_long(team, copied):
    team.command(ADMIN, "delete")
    shown = team.shown(ADMIN)
    assert f"Remove the {made(team)} contacts that were made in Aircall" in shown
    assert "Contacts that were in Aircall before stay" in shown
    assert "It takes about" in shown
    assert copied < len(team.product.aircall.office.book.contacts)


def test_chosen_ours_go_and_the_others_stay(team, copied):
    count = made(team)
    delete(team)
    assert f"{count} contacts that were made in Aircall are being removed" in team.shown(ADMIN)
    assert (removal(team).total, removal(team).by) == (count, ADMIN)
    team.background()
    assert (removal(team).state, removal(team).counts["removed"]) == ("done", count)
    assert len(team.product.aircall.office.book.contacts) == copied
    assert made(team) == 0
    assert any("Removal of the contacts" in each for each in team.messages())


def test_not_chosen_all_stay(team, copied):
    delete(team, removing=False)
    team.background()
    assert removal(team) is None
    assert len(team.product.aircall.office.book.contacts) > copied


def test_without_any_of_ours_nothing_is_offered(team):
    team.command(ADMIN, "delete")
    assert "Contacts in Aircall" not in team.shown(ADMIN)


def test_a_copy_that_is_under_way_ends_with_the_integration(team):
    team.set(sync_contacts=True)
    team.command(ADMIN, "sync start")
    team.command(OWNER, "delete")
    team.type(OWNER, "name", NAME)
    team.submit(OWNER)
    team.background()
    assert Operations(team.redis).current("contacts").state == "stopped"


@pytest.mark.usefixtures("copied")
def test_a_wrong_name_removes_nothing(team):
    team.command(ADMIN, "delete")
    team.choose(ADMIN, offering.FIELD, [str(made(team))])
    team.type(ADMIN, "name", "Another")
    assert list(team.submit(ADMIN).errors) == ["name"]
    assert removal(team) is None


@pytest.mark.usefixtures("copied")
def test_asked_again_after_somebody_saved_it_is_still_offered(team):
    team.command(ADMIN, "delete")
    team.set(create_contacts=False)
    team.type(ADMIN, "name", NAME)
    team.submit(ADMIN)
    team.choose(ADMIN, offering.FIELD, [str(made(team))])
    team.type(ADMIN, "name#1", NAME)
    team.submit(ADMIN)
    assert removal(team).active
