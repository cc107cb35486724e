"""`delete`: behind typing the name, and what becomes of our webhook."""

import pytest

from bot.modals.deletion import same_name
from rules.settings import Settings
from store.tombstone import DELETED
from tests.bot.team import ADMIN, MEMBER, OWNER

OURS = "https://hooks.example.com/aircall/webhook"
NAME = "Aircall – HubSpot"


def delete(team, name=NAME, user=ADMIN):
    team.command(user, "delete")
    team.type(user, "name", name)
    return team.submit(user)


def webhooks(team):
    return [each["url"] for each in team.product.aircall.office.webhooks.values()]


def add_webhook(team, url, token="other-token"):
    hooks = team.product.aircall.office.webhooks
    one = dict(next(iter(hooks.values())))
    id_ = f"c5b9c0f2-0000-4000-8000-{len(hooks):012}"
    hooks[id_] = {**one, "webhook_id": id_, "url": url, "token": token}


def test_deleting_leaves_a_disabled_tombstone_and_takes_our_webhook_away(team):
    team.set(name="Phones", sync_contacts=True)
    delete(team, "Phones")
    revision = team.product.shop.revisions.current()
    assert revision.settings == Settings()
    assert (revision.note, revision.author.kind, revision.author.id) == (DELETED, "admin", ADMIN)
    assert "Phones is deleted, as revision 3" in team.shown(ADMIN)
    assert webhooks(team) == [OURS]
    team.background()
    assert webhooks(team) == []
    assert "Our webhook at Aircall is removed" in team.shown(ADMIN)


def test_form_says_what_goes_and_what_stays(team):
    team.command(ADMIN, "delete")
    shown = team.shown(ADMIN)
    assert "Everything that is in HubSpot stays as it is" in shown
    assert f"Type its name to delete it: {NAME}" in shown


@pytest.mark.parametrize(
    "typed", ["aircall – hubspot", "Aircall", "yes", "Aircall – HubSpot!", ":x:"]
)
def test_another_name_deletes_nothing(team, number, typed):
    acted = delete(team, typed)
    assert acted.errors == {"name": f"This is not its name. Type exactly: {NAME}"}
    assert number() == 1
    team.background()
    assert webhooks(team) == [OURS]


def test_nothing_typed_deletes_nothing(team, number):
    team.command(ADMIN, "delete")
    assert team.submit(ADMIN).errors
    assert number() == 1


def test_somebody_who_closed_the_form_is_told_directly(team):
    delete(team)
    team.close(ADMIN)
    team.background()
    assert "Our webhook at Aircall is removed" in team.direct(ADMIN)[-1]


def test_aircall_that_refuses_our_key_is_said_with_what_to_do_by_hand(team):
    team.product.aircall.api_token = "another"
    delete(team)
    team.background()
    shown = team.shown(ADMIN)
    assert "Our webhook at Aircall was not removed" in shown
    assert "By hand: in Aircall’s dashboard, Integrations & API, Webhooks" in shown
    assert webhooks(team) == [OURS]


def test_aircall_that_is_down_is_tried_again_with_a_button(team):
    team.product.aircall.fault("500", times=None)
    delete(team)
    team.background()
    assert webhooks(team) == [OURS]
    team.product.aircall.faults.clear()
    team.product.pass_time(120)
    team.click(ADMIN, "Try again")
    team.close(ADMIN)
    team.background()
    assert webhooks(team) == []
    assert "Our webhook at Aircall is removed" in team.direct(ADMIN)[-1]


def test_webhooks_of_others_stay(team):
    add_webhook(team, "https://other.example.com/hook")
    delete(team)
    team.background()
    assert webhooks(team) == ["https://other.example.com/hook"]


def test_of_several_that_could_be_ours_the_one_with_our_token_goes(team):
    add_webhook(team, "https://staging.example.com/aircall/webhook")
    delete(team)
    team.background()
    assert webhooks(team) == ["https://staging.example.com/aircall/webhook"]


def test_several_that_could_be_ours_are_left_to_a_person(team, monkeypatch):
    monkeypatch.setitem(vars(team.environment.aircall), "webhook_token", None)
    add_webhook(team, "https://staging.example.com/aircall/webhook")
    delete(team)
    team.background()
    assert len(webhooks(team)) == 2
    shown = team.shown(ADMIN)
    assert "Several webhooks at Aircall could be ours" in shown
    assert "https://staging.example.com/aircall/webhook" in shown


def test_one_without_our_token_is_left_though_it_is_the_only_one(team):
    """Another product of the same company has the same path."""
    add_webhook(team, "https://staging.example.com/aircall/webhook")
    hooks = team.product.aircall.office.webhooks
    del hooks[next(id_ for id_, each in hooks.items() if each["url"] == OURS)]
    delete(team)
    team.background()
    assert webhooks(team) == ["https://staging.example.com/aircall/webhook"]
    assert "No webhook at Aircall has the token of AIRCALL_WEBHOOK_TOKEN" in team.shown(ADMIN)


def test_settings_made_anew_before_the_webhook_was_removed_keep_it(team):
    delete(team)
    team.set(numbers="all")
    team.background()
    assert webhooks(team) == [OURS]
    assert "was left as it is" in team.shown(ADMIN)


def test_somebody_saved_while_the_form_was_open_so_it_asks_again(team, number):
    team.command(ADMIN, "delete")
    team.set(sync_contacts=True)
    team.type(ADMIN, "name", NAME)
    team.submit(ADMIN)
    assert "Nothing was deleted. Look first, then type the name again" in team.shown(ADMIN)
    assert number() == 2
    team.type(ADMIN, "name#1", NAME)
    team.submit(ADMIN)
    assert team.product.shop.revisions.current().note == DELETED


def test_deleted_already_is_said(team, number):
    delete(team)
    team.close(ADMIN)
    team.command(OWNER, "delete")
    assert "It was deleted already" in team.shown(OWNER)
    assert number() == 2


def test_two_admins_delete_once(team, number):
    for user in (ADMIN, OWNER):
        team.command(user, "delete")
        team.type(user, "name", NAME)
    team.submit(ADMIN)
    team.submit(OWNER)
    assert "It was deleted already" in team.shown(OWNER)
    assert number() == 2


def test_second_delivery_deletes_nothing_that_was_made_since(team, number):
    acted = delete(team)
    team.set(name="Anew")
    team.again(acted)
    assert number() == 3


def test_member_gets_no_form(team):
    team.command(MEMBER, "delete")
    assert team.slack.modal(MEMBER) is None


def test_deleting_from_the_overview_shows_there(team):
    team.command(ADMIN, "settings")
    team.click(ADMIN, "delete")
    team.type(ADMIN, "name", NAME)
    team.submit(ADMIN)
    team.slack.close_modal(ADMIN)
    assert "No number is connected yet" in team.shown(ADMIN)


@pytest.mark.parametrize(
    ("typed", "name", "same"),
    [
        ("Aircall - HubSpot", "Aircall – HubSpot", True),
        ("  Aircall  – HubSpot ", "Aircall – HubSpot", True),
        ("aircall – hubspot", "Aircall – HubSpot", False),
        ("Phones :telephone_receiver:", "Phones 📞", True),
        ("Phones", "Phones 📞", True),
        ("", "Phones", False),
        ("📞", "📞", True),
        ("", "📞", False),
        ("שירות", "שירות", True),
        ("Phones2", "Phones", False),
    ],
)
def test_name_counts_as_far_as_it_can_be_typed(typed, name, same):
    assert same_name(typed, name) is same
