"""The form of outcomes, by kind and by tag."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from bot.modals.outcomes import OUTCOMES
from bot.modals.tag_rows import MOST_ROWS, rows, with_row
from rules.settings import outcome_choices, with_values
from sandbox.hubspot.people import delete_outcome
from tests.bot.modals.drafts import at_first, directory, draft, inputs, text_of, view_of
from tests.bot.modals.forging import forge, picked, said
from tests.bot.team import ADMIN

QUOTE, LEAD, VIP = "31", "32", "33"


@pytest.fixture
def guid(team):
    known = {label: guid for guid, label in team.product.shop.directory.read().outcomes.items()}
    return known.__getitem__


def test_admin_changes_the_outcome_of_a_kind(team, stored):
    team.command(ADMIN, "outcomes")
    team.choose(ADMIN, "Outgoing call to a busy line", "No answer")
    team.choose(ADMIN, "Answered incoming call", "No outcome")
    team.submit(ADMIN)
    assert stored().outcomes.outbound_busy == "No answer"
    assert stored().outcomes.inbound_answered is None
    assert "Outcome of an answered incoming call: Connected → no outcome" in team.shown(ADMIN)


@pytest.mark.parametrize("kind", ["outbound_busy", "inbound_voicemail", "inbound_answered"])
def test_only_allowed_outcomes_can_be_chosen(kind):
    element = inputs(view_of(OUTCOMES, draft(directory())))[f"outcomes.{kind}"]
    offered = [each["value"] for each in element["options"]]
    assert offered == ["-" if each is None else each for each in outcome_choices(kind)]


@pytest.mark.parametrize("outcome", ["Busy", "Left voicemail", "x" * 200, "none at all", "\x07"])
def test_outcome_that_a_kind_may_not_have_is_refused_under_its_field(team, number, outcome):
    team.command(ADMIN, "outcomes")
    acted = forge(team, ADMIN, {"outcomes.inbound_missed": picked(outcome)})
    assert list(acted.answer["errors"]) == ["outcomes.inbound_missed"]
    assert "Must be No answer or None" in said(acted)
    assert number() == 1


def test_admin_adds_two_tags_and_nothing_chosen_before_is_lost(team, stored, guid):
    team.command(ADMIN, "outcomes")
    team.choose(ADMIN, "Outgoing call to a busy line", "No answer")
    team.choose(ADMIN, "Add or show a tag", "VIP")
    team.choose(ADMIN, "Calls tagged “VIP”", "Left live message")
    team.choose(ADMIN, "Add or show a tag", "Quote")
    team.choose(ADMIN, "Calls tagged “Quote”", "Busy")
    team.submit(ADMIN)
    assert dict(stored().tag_outcomes) == {VIP: guid("Left live message"), QUOTE: guid("Busy")}
    assert stored().outcomes.outbound_busy == "No answer"
    assert "Outcome of calls tagged “VIP”: not mapped → Left live message" in team.shown(ADMIN)


def test_admin_takes_a_tag_out_again(team, stored, guid):
    team.set(tag_outcomes={VIP: guid("Busy"), LEAD: guid("Connected")})
    team.command(ADMIN, "outcomes")
    team.choose(ADMIN, "Calls tagged “VIP”", "Not mapped any more")
    team.choose(ADMIN, "Add or show a tag", "Quote")
    team.choose(ADMIN, "Calls tagged “Quote”", "Not mapped any more")
    team.submit(ADMIN)
    assert dict(stored().tag_outcomes) == {LEAD: guid("Connected")}


def test_tag_without_an_outcome_is_refused_by_slack_and_by_us(team, number):
    team.command(ADMIN, "outcomes")
    team.choose(ADMIN, "Add or show a tag", "VIP")
    row = f"tag_outcomes.{VIP}#1"
    assert row in team.submit(ADMIN).errors
    acted = forge(team, ADMIN, {})
    assert acted.answer["errors"] == {
        row: "Choose an outcome for this tag, or “Not mapped any more”."
    }
    assert number() == 1


def test_tag_chosen_whose_row_did_not_come_is_said(team, number):
    team.command(ADMIN, "outcomes")
    acted = forge(team, ADMIN, {"tag_outcomes": picked(VIP)})
    assert "Choose “VIP” once more" in acted.answer["errors"]["tag_outcomes"]
    assert number() == 1


def test_outcome_that_is_gone_is_shown_as_gone_and_kept_until_replaced(team, stored, guid):
    busy, live = guid("Busy"), guid("Left live message")
    team.set(tag_outcomes={VIP: busy})
    delete_outcome(team.product.hubspot.portal, busy)
    team.product.read_directory()
    team.command(ADMIN, "outcomes")
    assert f"The outcome chosen before ({busy}) is gone from HubSpot" in team.shown(ADMIN)
    team.submit(ADMIN)
    assert "Nothing was changed" in team.shown(ADMIN)
    team.close(ADMIN)
    team.command(ADMIN, "outcomes")
    team.choose(ADMIN, "Calls tagged “VIP”", "Left live message")
    team.submit(ADMIN)
    assert dict(stored().tag_outcomes) == {VIP: live}


def test_tag_that_is_gone_is_shown_as_gone_and_can_be_taken_out(team, stored, guid):
    team.set(tag_outcomes={"99": guid("Busy")})
    team.command(ADMIN, "outcomes")
    assert "Aircall does not have this tag any more" in team.shown(ADMIN)
    team.choose(ADMIN, "Calls tagged “99”", "Not mapped any more")
    team.submit(ADMIN)
    assert dict(stored().tag_outcomes) == {}


def test_tags_of_the_file_stay_as_named_until_one_is_changed(team, stored, number, guid):
    team.set(tag_outcomes={"VIP": "Busy"})
    before = number()
    team.command(ADMIN, "outcomes")
    team.submit(ADMIN)
    assert number() == before
    team.close(ADMIN)
    team.command(ADMIN, "outcomes")
    team.choose(ADMIN, "Answered incoming call", "No outcome")
    team.submit(ADMIN)
    assert dict(stored().tag_outcomes) == {"VIP": "Busy"}
    team.close(ADMIN)
    team.command(ADMIN, "outcomes")
    team.choose(ADMIN, "Calls tagged “VIP”", "Connected")
    team.submit(ADMIN)
    assert dict(stored().tag_outcomes) == {VIP: guid("Connected")}


@pytest.mark.parametrize("name", ["#1 & 50% <!channel>", "a.b#c", "שירות", "%23", "x" * 300])
def test_tag_that_only_the_file_knows_is_kept_whatever_its_name(name):
    made = draft(directory(tags=1), {"tag_outcomes": {name: "guid-1"}})
    view = view_of(OUTCOMES, made)
    typed = OUTCOMES.read(at_first(view), made)
    assert dict(with_values(made.base, typed).tag_outcomes) == dict(made.base.tag_outcomes)


@pytest.mark.parametrize(
    ("block", "value"),
    [
        ("tag_outcomes.31", "made-up"),
        ("tag_outcomes.777", "Busy"),
        ("tag_outcomes.", "Busy"),
        ("tag_outcomes." + "x" * 200, "Busy"),
    ],
)
def test_made_up_tags_and_outcomes_are_refused(team, number, block, value):
    team.command(ADMIN, "outcomes")
    acted = forge(team, ADMIN, {block: picked(value)})
    assert said(acted)
    assert number() == 1


def test_more_mapped_tags_than_fit_stay_mapped_and_each_can_be_reached():
    base = {f"tag_outcomes.{n}": "guid-1" for n in range(1, 151)}
    made = draft(directory(tags=200, label=lambda n: f"Tag {n:03}"), base)
    assert len(rows(made)) == MOST_ROWS
    assert f"{150 - MOST_ROWS} more tags are mapped and stay so" in text_of(view_of(OUTCOMES, made))
    shown = with_row(made, "150")
    assert rows(shown)[0] == "150"
    values = {**at_first(view_of(OUTCOMES, shown)), "tag_outcomes.150": "guid-2"}
    now = with_values(made.base, OUTCOMES.read(values, made)).tag_outcomes
    assert dict(now) == {**{str(n): "guid-1" for n in range(1, 150)}, "150": "guid-2"}


def test_full_form_says_so_and_loses_none_of_its_rows():
    made = draft(directory(tags=200, label=lambda n: f"Tag {n:03}"))
    for tag in range(1, MOST_ROWS + 5):
        made = with_row(made, str(tag))
    assert set(rows(made)) == {str(tag) for tag in range(1, MOST_ROWS + 1)}
    assert "This form is full" in text_of(view_of(OUTCOMES, made))


def test_changed_rows_stay_open_before_all_others():
    base = {f"tag_outcomes.{n}": "guid-1" for n in range(1, 151)}
    made = draft(directory(tags=200, label=lambda n: f"Tag {n:03}"), base)
    changed = replace(made, shown=with_values(made.shown, {"tag_outcomes.149": "guid-3"}))
    assert "149" in rows(changed)
    taken = replace(made, shown=with_values(made.shown, {"tag_outcomes.148": None}))
    assert "148" in rows(taken)
    assert isinstance(made.base.tag_outcomes, MappingProxyType)


def test_tags_and_outcomes_over_a_hundred_are_searched(team, stored, guid):
    office = team.product.aircall.office
    for id_ in range(500, 650):
        office.tags[id_] = {
            "id": id_,
            "name": f"Campaign {id_}",
            "color": "#000000",
            "description": None,
        }
    team.product.read_directory()
    team.command(ADMIN, "outcomes")
    assert team.search(ADMIN, "tag_outcomes", "campaign 60") == [
        f"Campaign {n}" for n in range(600, 610)
    ]
    team.choose(ADMIN, "tag_outcomes", "Campaign 649")
    team.choose(ADMIN, "Calls tagged “Campaign 649”", "Busy")
    team.submit(ADMIN)
    assert dict(stored().tag_outcomes) == {"649": guid("Busy")}


def test_outcomes_of_a_row_are_searched_where_there_are_many(team):
    portal = team.product.hubspot.portal
    definition = portal.properties["calls"]["hs_call_disposition"]
    more = tuple((f"Outcome {n}", f"custom-{n}") for n in range(150))
    portal.properties["calls"]["hs_call_disposition"] = replace(
        definition, options=(*definition.options, *more)
    )
    team.product.read_directory()
    team.command(ADMIN, "outcomes")
    team.choose(ADMIN, "Add or show a tag", "VIP")
    row = f"tag_outcomes.{VIP}#1"
    assert "Outcome 149" in team.search(ADMIN, row, "149")
    team.choose(ADMIN, row, "Outcome 149")
    team.submit(ADMIN)
    assert team.product.shop.revisions.current().settings.tag_outcomes[VIP] == "custom-149"
