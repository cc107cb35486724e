"""Saving any form: two admins at once, replays, former forms, and nothing typed lost."""

import json

import pytest
import redis

from bot.modals.form import FormerFormError, Memo, memo_of
from bot.modals.merging import merged
from rules.settings import Settings, with_values
from store import keys
from store.settings import BY_SYSTEM
from tests.bot.modals.forging import forge, typed
from tests.bot.team import ADMIN, GERMAN, GUEST, MEMBER, OWNER


def test_second_admin_is_told_who_changed_what_and_goes_on(team, stored):
    team.command(ADMIN, "general")
    team.command(OWNER, "general")
    team.type(ADMIN, "name", "By the admin")
    team.choose(OWNER, "create_contacts", "no")
    team.submit(ADMIN)
    team.submit(OWNER)
    shown = team.shown(OWNER)
    assert "saved at" in shown
    assert "Name: Aircall – HubSpot → By the admin" in shown
    assert "What you entered is kept below" in shown
    assert stored().create_contacts is True
    team.submit(OWNER)
    assert "Saved as revision 3" in team.shown(OWNER)
    assert (stored().name, stored().create_contacts) == ("By the admin", False)


def test_what_both_changed_is_named_and_the_second_decides(team, stored):
    team.command(ADMIN, "general")
    team.command(OWNER, "general")
    team.type(ADMIN, "name", "First")
    team.type(OWNER, "name", "Second")
    team.submit(ADMIN)
    team.submit(OWNER)
    assert "You both changed Name. Below it is as you chose." in team.shown(OWNER)
    assert stored().name == "First"
    team.submit(OWNER)
    assert stored().name == "Second"


def test_save_in_another_section_is_kept_as_well(team, stored):
    team.command(ADMIN, "numbers")
    team.set(name="Renamed", business_hours_only=True)
    team.choose(ADMIN, "numbers", ["Berlin"])
    team.submit(ADMIN)
    assert "Name: Aircall – HubSpot → Renamed" in team.shown(ADMIN)
    team.submit(ADMIN)
    assert (stored().name, stored().numbers) == ("Renamed", {1003})


def test_number_that_the_first_added_is_not_taken_away_by_the_second(team, stored):
    team.set(numbers=[1001])
    team.command(ADMIN, "numbers")
    team.set(numbers=[1001, 1002])
    team.choose(ADMIN, "numbers", ["Sales France", "Berlin"])
    team.submit(ADMIN)
    team.submit(ADMIN)
    assert stored().numbers == {1001, 1002, 1003}


def test_pipeline_that_the_first_chose_takes_the_stages_of_the_second_along(team, stored):
    team.set(tickets__pipeline="0")
    team.command(ADMIN, "tickets")
    team.choose(ADMIN, "Missed incoming call without voicemail", "New")
    team.set(tickets__pipeline="81234567")
    team.submit(ADMIN)
    shown = team.shown(ADMIN)
    assert "Ticket pipeline: Support Pipeline → Call-backs" in shown
    assert "so these open no ticket unless you choose a stage: Missed incoming call" in shown
    team.choose(ADMIN, "Missed incoming call without voicemail", "To call back")
    team.submit(ADMIN)
    assert stored().tickets.stages.inbound_missed == "158001"


def test_row_of_a_tag_is_still_there_after_somebody_else_saved(team, stored):
    team.command(ADMIN, "outcomes")
    team.choose(ADMIN, "Add or show a tag", "VIP")
    team.choose(ADMIN, "Calls tagged “VIP”", "Busy")
    team.set(name="Renamed", tag_outcomes={"31": "Connected"})
    team.submit(ADMIN)
    assert "Calls tagged “VIP”" in team.shown(ADMIN)
    team.submit(ADMIN)
    assert set(stored().tag_outcomes) == {"31", "33"}


def test_many_saves_in_between_are_counted(team):
    team.command(ADMIN, "general")
    for number in range(10):
        team.set(name=f"Name {number}")
    team.type(ADMIN, "name", "Mine")
    team.submit(ADMIN)
    shown = team.shown(ADMIN)
    assert "the settings were saved 7 more times before that" in shown
    assert "Name 8 → Name 9" in shown


def test_both_saved_the_same(team, number):
    team.command(ADMIN, "general")
    team.command(OWNER, "general")
    for user in (ADMIN, OWNER):
        team.type(user, "name", "Same")
        team.submit(user)
    assert number() == 2
    assert "saved the same, as revision 2" in team.shown(OWNER)


def test_saving_without_a_change_says_so(team, number):
    for section in ("numbers", "outcomes", "tickets", "general"):
        team.command(ADMIN, section)
        team.submit(ADMIN)
        assert "Nothing was changed" in team.shown(ADMIN)
        team.close(ADMIN)
    assert number() == 1


def test_second_delivery_of_a_submission_does_nothing(team, number):
    team.command(ADMIN, "general")
    team.type(ADMIN, "name", "Once")
    acted = team.submit(ADMIN)
    team.set(name="Since then")
    again = team.again(acted)
    assert again.answer in ({}, {"response_action": "clear"})
    assert number() == 3


def test_submission_replayed_later_with_a_new_trigger_overwrites_nothing(team, stored):
    team.command(ADMIN, "general")
    team.type(ADMIN, "name", "Mine")
    old = team.slack.modal(ADMIN).body["private_metadata"]
    team.submit(ADMIN)
    team.close(ADMIN)
    team.set(name="Since then")
    team.command(ADMIN, "general")
    acted = forge(team, ADMIN, {"name": typed("Mine")}, private_metadata=old)
    assert acted.answer["response_action"] == "update"
    assert stored().name == "Since then"


def test_settings_of_the_form_that_are_not_in_the_store_any_more(team, stored, number):
    team.set(name="Two")
    team.set(name="Three")
    team.command(ADMIN, "general")
    team.type(ADMIN, "name", "Typed")
    team.redis.delete(keys.SETTINGS_HEAD, keys.SETTINGS_REVISIONS)
    team.product.shop.revisions.save(Settings(), BY_SYSTEM, 0)
    team.submit(ADMIN)
    shown = team.shown(ADMIN)
    assert "are not in the store any more" in shown
    assert (number(), stored().name) == (1, "Aircall – HubSpot")
    team.submit(ADMIN)
    assert (number(), stored().name) == (2, "Typed")


def test_store_emptied_then_something_invalid_is_typed(team, number):
    team.set(name="Two")
    team.command(ADMIN, "general")
    team.redis.delete(keys.SETTINGS_HEAD, keys.SETTINGS_REVISIONS)
    team.product.shop.revisions.save(Settings(), BY_SYSTEM, 0)
    acted = forge(team, ADMIN, {"name": typed("x" * 81)})
    assert acted.answer["errors"] == {"name": "Enter a name of 1 to 80 characters, on one line."}
    assert number() == 1


def test_store_emptied_then_another_pipeline_is_chosen(team, stored):
    team.set(name="Two")
    team.command(ADMIN, "tickets")
    team.redis.delete(keys.SETTINGS_HEAD, keys.SETTINGS_REVISIONS)
    team.product.shop.revisions.save(Settings(), BY_SYSTEM, 0)
    team.choose(ADMIN, "Ticket pipeline", "Call-backs")
    team.submit(ADMIN)
    assert "are not in the store any more" in team.shown(ADMIN)
    team.submit(ADMIN)
    assert stored().tickets.pipeline == "81234567"


@pytest.mark.parametrize(
    "metadata",
    ["", "{}", "[]", "null", "nonsense", '{"based_on": "x"}', '{"based_on": 1}', "1" * 3000],
)
@pytest.mark.parametrize("section", ["general", "delete"])
def test_form_of_a_former_version_says_so(team, number, section, metadata):
    team.command(ADMIN, section)
    acted = forge(team, ADMIN, {}, private_metadata=metadata)
    text = json.dumps(acted.answer)
    assert "former version" in text
    assert number() == 1


def test_choice_in_a_form_of_a_former_version_says_so(team):
    team.command(ADMIN, "tickets")
    team.slack.modal(ADMIN).body["private_metadata"] = "{}"
    team.choose(ADMIN, "Ticket pipeline", "Call-backs")
    assert "former version" in team.shown(ADMIN)


@pytest.mark.parametrize("revision", [-1, 0, 99, 10**30])
def test_revision_that_never_was_changes_nothing_at_once(team, number, revision):
    team.command(ADMIN, "general")
    memo = json.dumps({"based_on": revision, "fresh": 0, "at": "", "over": ""})
    acted = forge(team, ADMIN, {"name": typed("Forged")}, private_metadata=memo)
    assert acted.answer["response_action"] == "update"
    assert number() == 1


def test_admin_who_lost_the_right_while_the_form_was_open_saves_nothing(team, number):
    team.command(ADMIN, "general")
    team.type(ADMIN, "name", "Mine")
    team.slack.set_roles(ADMIN)
    team.forget_people()
    assert "Only admins of this integration may do this" in " ".join(
        team.submit(ADMIN).errors.values()
    )
    assert number() == 1


def test_members_and_guests_get_no_form(team):
    for user in (MEMBER, GUEST):
        for word in ("numbers", "outcomes", "tickets", "general", "settings", "delete"):
            team.command(user, word)
            assert team.slack.modal(user) is None
            assert "Only admins of this integration may do this" in team.shown(user)


def test_two_bots_answer_the_same_form(team, other, answering, stored):
    team.command(ADMIN, "tickets")
    answering(other).choose(ADMIN, "Ticket pipeline", "Call-backs")
    answering(team).choose(ADMIN, "Missed incoming call without voicemail", "Done")
    answering(other).submit(ADMIN)
    assert stored().tickets.stages.inbound_missed == "158002"


def test_two_bots_save_two_forms_of_one_revision_once_each(team, other, answering, number, stored):
    answering(team).command(ADMIN, "general")
    answering(other).command(OWNER, "general")
    team.type(ADMIN, "name", "One")
    team.type(OWNER, "name", "Two")
    answering(other).submit(ADMIN)
    answering(team).submit(OWNER)
    assert (number(), stored().name) == (2, "One")


def test_form_of_a_german_reader_works_too(team):
    team.redis.hset(keys.GRANTS, GERMAN, json.dumps({"by": ADMIN, "at": 1}))
    team.command(GERMAN, "general")
    team.type(GERMAN, "name", "Telefon")
    assert not team.submit(GERMAN).errors


def test_memo_comes_back_as_it_was_written():
    memo = Memo(7, 2, "tickets.pipeline", "V1")
    assert memo_of(memo.text()) == memo
    with pytest.raises(FormerFormError):
        memo_of('{"based_on": null, "fresh": 0, "at": "", "over": ""}')


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "after", "both"),
    [
        ([1], [1, 2], [1, 3], {1, 2, 3}, ()),
        ([1, 2], [2], [1, 2, 3], {2, 3}, ()),
        ([1], [1, 2], "all", "all", ()),
        ([1, 2], [1], "all", {1}, ("numbers",)),
        ([1], "all", [1, 2], "all", ("numbers",)),
        ("all", [1], [2], {1}, ("numbers",)),
        ("all", [1], "all", {1}, ()),
        ([1], [2], [2], {2}, ()),
    ],
)
def test_numbers_that_two_admins_chose(base, mine, theirs, after, both):
    of = [with_values(Settings(), {"numbers": each}) for each in (base, mine, theirs)]
    found = merged(*of)
    assert (found.settings.numbers, found.both) == (after, both)


def test_tags_that_two_admins_mapped():
    base = with_values(Settings(), {"tag_outcomes": {"1": "a", "2": "b"}})
    mine = with_values(base, {"tag_outcomes.1": None, "tag_outcomes.3": "c"})
    theirs = with_values(base, {"tag_outcomes.2": "x", "tag_outcomes.1": "y"})
    found = merged(base, mine, theirs)
    assert dict(found.settings.tag_outcomes) == {"2": "x", "3": "c"}
    assert found.both == ("tag_outcomes.1",)


def test_store_lost_just_after_the_save_does_not_make_it_look_refused(team, number, monkeypatch):
    def lost(*_):
        raise redis.exceptions.ConnectionError("gone")

    monkeypatch.setattr("bot.channel.announcements.enqueue", lost)
    team.command(ADMIN, "general")
    team.type(ADMIN, "Name", "Phones")
    team.submit(ADMIN)
    assert "Saved as revision 2." in team.shown(ADMIN)
    assert number() == 2
