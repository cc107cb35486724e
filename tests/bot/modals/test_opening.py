"""Opening a form: within the trigger's life, however slow or dead the vendors are."""

import pytest

from store import keys
from tests.bot.modals.forging import forge, picked
from tests.bot.team import ADMIN, MEMBER


def begin(team, word):
    """Type a command, and return as soon as a form is open, whatever goes on behind it."""
    acted = team.slack.command(ADMIN, word)
    team.slack.until(lambda: team.slack.modal(ADMIN))
    return acted


def test_form_says_that_it_reads_until_hubspot_has_answered(team, silent_vendors):
    team.slack.switches.ack_limit = 1.0  # a third of what Slack allows
    assert begin(team, "tickets").acked
    assert "Reading what there is to choose from" in team.shown(ADMIN)
    assert "Save" not in team.shown(ADMIN)
    silent_vendors.set()
    team.settle()
    assert "Ticket pipeline" in team.shown(ADMIN)
    assert "Save" in team.shown(ADMIN)


def test_form_that_was_read_just_now_opens_filled_without_asking_anybody(team, silent_vendors):
    asked = len(team.product.aircall.requests)
    begin(team, "numbers")
    assert "Connected numbers" in team.shown(ADMIN)
    assert len(team.product.aircall.requests) == asked


def test_form_closed_while_it_was_read_is_left_alone(team, silent_vendors):
    begin(team, "tickets")
    team.slack.close_modal(ADMIN, everything=True)
    silent_vendors.set()
    team.settle()
    assert team.slack.modal(ADMIN) is None
    assert team.last_private(ADMIN) is None


def test_settings_saved_while_the_form_was_read_are_the_ones_shown(team, silent_vendors, number):
    begin(team, "tickets")
    team.set(tickets__pipeline="81234567")
    silent_vendors.set()
    team.settle()
    team.submit(ADMIN)
    assert "Nothing was changed" in team.shown(ADMIN)
    assert number() == 2


@pytest.mark.parametrize("kind", ["500", "timeout", "reset", "empty_200"])
def test_hubspot_is_down_the_choices_are_those_of_before_and_that_is_said(team, kind):
    team.product.hubspot.fault(kind, times=None, hold=0.1)
    team.command(ADMIN, "tickets")
    shown = team.shown(ADMIN)
    assert "HubSpot does not answer now. The choices are those of" in shown
    assert "Ticket pipeline" in shown


def test_hubspot_never_answered_nothing_can_be_chosen_nor_forged(team, number):
    team.redis.hdel(keys.DIRECTORY, "pipelines")
    team.product.hubspot.fault("500", times=None)
    team.command(ADMIN, "tickets")
    assert "HubSpot does not answer and was never read yet" in team.shown(ADMIN)
    acted = forge(team, ADMIN, {"tickets.pipeline": picked("0")})
    assert "HubSpot has not answered yet" in " ".join(acted.answer["errors"].values())
    assert number() == 1


def test_store_lost_while_a_form_was_read_is_said_in_its_place(team, silent_vendors):
    begin(team, "tickets")
    team.redis.delete(keys.SETTINGS_HEAD)
    silent_vendors.set()
    team.settle()
    assert "The store holds no settings yet" in team.shown(ADMIN)


def test_expired_trigger_is_said_in_words(team, silent_vendors):
    team.slack.switches.trigger_life = -1
    team.slack.command(ADMIN, "general")
    silent_vendors.set()
    team.settle()
    assert "Slack gave us too little time to open the form" in team.shown(ADMIN)


def test_search_of_a_member_finds_nothing(team):
    office = team.product.aircall.office.numbers
    for id_ in range(2001, 2120):
        office[id_] = {**office[1003], "id": id_, "name": f"Line {id_}"}
    team.product.read_directory()
    team.command(ADMIN, "numbers")
    assert team.search(ADMIN, "numbers", "line")
    team.slack.set_roles(ADMIN)
    team.forget_people()
    assert team.search(ADMIN, "numbers", "line") == []
    assert team.slack.modal(MEMBER) is None
