"""`sync`: how contact sync stands, and the copy of all contacts: started, shown, stopped."""

import json
from dataclasses import replace

import pytest

from bot.contact_sync import view as room
from bot.contact_sync.facts import read_facts
from bot.words import words_in
from bot.words.words import LANGUAGES
from rules.aircall_steps import Held
from store import keys
from store.aircall_contacts import AircallContacts
from store.aircall_entries import Entry
from store.operations import Operations
from tests.bot.team import ADMIN, GUEST, MEMBER, OWNER


@pytest.fixture
def on(team):
    team.set(sync_contacts=True)


def copy(team):
    return Operations(team.redis).current("contacts")


def in_aircall(team):
    return len(team.product.aircall.office.book.contacts)


def refuse(team, count, reason="phone_numbers is invalid"):
    contacts = AircallContacts(team.redis)
    for n in range(count):
        contacts.keep(str(12345 + n), Entry(reason=reason, refused=True, held=Held()), None, {})


def test_switched_off_it_says_so_and_offers_the_form_with_the_switch(team):
    team.command(ADMIN, "sync")
    shown = team.shown(ADMIN)
    assert "Copying contacts to Aircall is off" in shown
    assert "Copy all contacts" not in shown
    team.click(ADMIN, room.CHANGE)
    assert "You came here for" in team.shown(ADMIN)


@pytest.mark.usefixtures("on")
def test_disabled_it_says_so_and_offers_to_enable(team):
    team.set(enabled=False)
    team.command(ADMIN, "sync")
    shown = team.shown(ADMIN)
    assert "until it is enabled, nothing is copied" in shown
    assert "Copy all contacts" not in shown


@pytest.mark.usefixtures("on")
def test_question_before_a_copy_says_how_many_how_long_and_who_is_left_out(team):
    team.command(ADMIN, "sync")
    asked = json.dumps(team.slack.modal(ADMIN).blocks, ensure_ascii=False)
    assert "HubSpot has 20 contacts" in asked
    assert "requests a minute" in asked
    assert "Those without a phone are left out" in asked
    assert "nobody is there twice" in asked


@pytest.mark.usefixtures("on")
def test_copy_runs_shows_how_far_it_is_and_reports(team):
    team.command(ADMIN, "sync")
    team.click(ADMIN, room.COPY)
    assert copy(team).active
    assert (copy(team).by, copy(team).total) == (ADMIN, 20)
    assert "Copy of all contacts to Aircall" in team.shown(ADMIN)
    team.close(ADMIN)
    before = in_aircall(team)
    team.background()
    ended = copy(team)
    assert (ended.state, ended.counts["done"]) == ("done", 20)
    assert in_aircall(team) == before + ended.counts["created"]
    told = team.channel()
    assert "Copy of all contacts to Aircall is done" in told
    assert "left out: no valid phone" in told
    team.command(ADMIN, "sync")
    shown = team.shown(ADMIN)
    assert "Copy of all contacts to Aircall is done" in shown
    assert f"{AircallContacts(team.redis).count()} contacts are in step" in shown
    assert "Copy all contacts" in shown


@pytest.mark.usefixtures("on")
def test_words_start_and_stop_it_as_well(team):
    team.command(ADMIN, "sync start")
    assert copy(team).state == "running"
    team.command(OWNER, "sync stop")
    assert "It stops after its present step" in team.shown(OWNER)
    assert (copy(team).state, copy(team).stopped_by) == ("stopping", OWNER)
    team.background()
    assert copy(team).state == "stopped"
    team.command(OWNER, "sync stop")
    assert "No copy of all contacts is under way" in team.shown(OWNER)


@pytest.mark.usefixtures("on")
def test_form_stops_it_and_shows_that(team):
    team.command(ADMIN, "sync start")
    team.command(ADMIN, "sync")
    team.click(ADMIN, room.STOP)
    shown = team.shown(ADMIN)
    assert "It stops after its present step" in shown
    assert copy(team).stopped_by == ADMIN
    team.background()
    team.click(ADMIN, room.REFRESH)
    assert "was stopped" in team.shown(ADMIN)


@pytest.mark.usefixtures("on")
def test_two_admins_start_one(team):
    for user in (ADMIN, OWNER):
        team.command(user, "sync")
    team.click(ADMIN, room.COPY)
    first = copy(team).id
    team.click(OWNER, room.COPY)
    assert copy(team).id == first
    assert "A copy of all contacts is under way already" in team.shown(OWNER)
    team.command(OWNER, "sync start")
    assert copy(team).id == first


@pytest.mark.usefixtures("on")
def test_stop_of_a_copy_that_is_over_stops_no_other_one(team):
    team.command(ADMIN, "sync start")
    team.command(OWNER, "sync")
    team.background()
    team.command(ADMIN, "sync start")
    team.click(OWNER, room.STOP)
    assert copy(team).state == "running"
    assert "No copy of all contacts is under way" in team.shown(OWNER)


@pytest.mark.parametrize(
    ("settings", "says", "mends"),
    [
        ({}, "Copying contacts to Aircall is switched off", room.CHANGE),
        ({"sync_contacts": True, "enabled": False}, "The integration is disabled", "enable"),
    ],
)
def test_started_by_word_it_is_refused_with_the_button_that_mends_it(team, settings, says, mends):
    team.set(name="Phones", **settings)
    team.command(ADMIN, "sync start")
    assert says in team.shown(ADMIN)
    assert copy(team) is None
    assert mends in json.dumps(team.last_private(ADMIN).blocks)


@pytest.mark.usefixtures("on")
@pytest.mark.parametrize("vendor", ["hubspot", "aircall"])
def test_started_while_a_vendor_is_away_it_is_refused_with_the_reason(team, vendor):
    getattr(team.product, vendor).fault("503", times=None)
    team.command(ADMIN, "sync start")
    assert "Please try again" in team.shown(ADMIN)
    assert copy(team) is None
    team.product.hubspot.faults.clear()
    team.product.aircall.faults.clear()


@pytest.mark.usefixtures("on")
def test_form_opens_while_hubspot_is_away_and_says_so(team):
    team.product.hubspot.fault("503", times=None)
    team.command(ADMIN, "sync")
    shown = team.shown(ADMIN)
    assert "HubSpot did not tell how many contacts it has" in shown
    assert "Copy all contacts" not in shown
    team.product.hubspot.faults.clear()
    team.product.pass_time(120)
    team.click(ADMIN, room.REFRESH)
    assert "Copy all contacts" in team.shown(ADMIN)


@pytest.mark.usefixtures("on")
def test_copy_is_refused_while_ours_are_being_removed(team):
    Operations(team.redis).start("removal", OWNER, "Olga", {}, 3)
    team.command(ADMIN, "sync start")
    assert "are being removed" in team.shown(ADMIN)
    assert copy(team) is None
    team.command(ADMIN, "sync")
    assert "Copy all contacts" not in team.shown(ADMIN)


@pytest.mark.usefixtures("on")
def test_what_aircall_refused_is_named_with_the_reason_and_tried_again(team):
    team.product.hubspot.portal.records["contacts"]["12345"].properties["firstname"] = "<!channel>*"
    refuse(team, 7, "phone_numbers <is> invalid")
    team.command(ADMIN, "sync")
    shown = team.shown(ADMIN)
    assert "Aircall refused 7 contacts" in shown
    assert "and 2 more" in shown
    text = json.dumps(team.slack.modal(ADMIN).blocks)
    assert "<!channel>" not in text
    assert "phone_numbers &lt;is&gt; invalid" in text
    team.click(ADMIN, room.AGAIN)
    assert "7 are being tried again" in team.shown(ADMIN)
    assert team.redis.zcard(keys.CONTACTS_CHANGED) == 7


@pytest.mark.usefixtures("on")
def test_what_waits_and_the_last_look_are_told(team):
    for n in range(3):
        team.redis.zadd(keys.CONTACTS_WANTED, {str(12345 + n): 1_790_000_000_000})
    team.command(ADMIN, "sync")
    shown = team.shown(ADMIN)
    assert "3 contacts wait to be copied, which takes about" in shown
    assert "There was no look for changes in HubSpot yet" in shown


@pytest.mark.usefixtures("on")
def test_switched_off_during_a_copy_it_waits_and_says_so(team):
    team.command(ADMIN, "sync start")
    team.set(sync_contacts=False)
    team.background()
    assert copy(team).active
    team.command(ADMIN, "sync")
    assert "Copying contacts to Aircall is switched off: the copy goes on" in team.shown(ADMIN)


@pytest.mark.parametrize("user", [MEMBER, GUEST])
@pytest.mark.parametrize("text", ["sync", "sync start", "sync stop"])
@pytest.mark.usefixtures("on")
def test_others_neither_see_nor_start_nor_stop_it(team, user, text):
    team.command(user, text)
    assert copy(team) is None
    assert team.slack.modal(user) is None


def test_anything_else_after_the_word_is_explained(team):
    team.command(ADMIN, "sync everything")
    assert "there can be “start” or “stop”" in team.shown(ADMIN)


@pytest.mark.usefixtures("on")
def test_question_fits_at_its_longest(team):
    facts = replace(read_facts(team.product.shop), per_minute=116)
    for language in LANGUAGES:
        assert len(room.asked(facts, words_in(language), 12_345_678)) <= 300


def test_switched_on_in_the_form_it_says_what_follows_and_leads_to_the_copy(team):
    team.command(ADMIN, "general")
    assert "removes nothing" in team.shown(ADMIN)
    team.choose(ADMIN, "sync_contacts", "yes")
    team.submit(ADMIN)
    assert "contacts of logged calls and messages are kept in Aircall" in team.shown(ADMIN)
    team.click(ADMIN, room.REFRESH)
    assert "Copy all contacts" in team.shown(ADMIN)
