"""The form of tickets."""

from dataclasses import replace

import pytest

from bot.modals.tickets import TICKETS, fitted
from rules.settings import Settings, with_values
from sandbox.hubspot.people import add_pipeline, delete_pipeline, delete_stage
from store.directory import known_of
from tests.bot.modals.drafts import directory, draft, inputs, text_of, view_of
from tests.bot.modals.forging import forge, picked, said
from tests.bot.team import ADMIN

MISSED, VOICEMAIL = "tickets.stages.inbound_missed", "tickets.stages.inbound_voicemail"
NOW = 1_790_000_000.0


def test_admin_chooses_a_pipeline_then_its_stages_then_saves(team, stored):
    team.command(ADMIN, "tickets")
    assert "Missed incoming call" not in team.shown(ADMIN)
    team.choose(ADMIN, "Ticket pipeline", "Call-backs")
    team.choose(ADMIN, "Missed incoming call without voicemail", "To call back")
    team.submit(ADMIN)
    assert "Saved as revision 2" in team.shown(ADMIN)
    assert stored().tickets.pipeline == "81234567"
    assert dict(stored().tickets.stages)["inbound_missed"] == "158001"


def test_another_pipeline_keeps_what_fits_by_label(team, stored):
    add_pipeline(team.product.hubspot.portal, "9", "Desk", {"91": "Other", "92": "NEW"}, NOW)
    team.product.read_directory()
    team.set(tickets__pipeline="0", tickets__stages__inbound_missed="1",
             tickets__stages__inbound_voicemail="2")  # fmt: skip
    team.command(ADMIN, "tickets")
    team.choose(ADMIN, "Ticket pipeline", "Desk")
    assert (
        "open no ticket unless you choose a stage: Missed incoming call with voicemail."
        in team.shown(ADMIN)
    )
    team.submit(ADMIN)
    assert dict(stored().tickets.stages)["inbound_missed"] == "92"
    assert dict(stored().tickets.stages)["inbound_voicemail"] is None


def test_there_and_back_again_nothing_is_lost(team, number):
    team.set(tickets__pipeline="0", tickets__stages__inbound_missed="1")
    before = number()
    team.command(ADMIN, "tickets")
    team.choose(ADMIN, "Ticket pipeline", "Call-backs")
    team.choose(ADMIN, "Ticket pipeline", "Support Pipeline")
    team.submit(ADMIN)
    assert "Nothing was changed" in team.shown(ADMIN)
    assert number() == before


def test_no_pipeline_hides_the_stages_and_opens_no_tickets(team, stored):
    team.set(tickets__pipeline="0", tickets__stages__inbound_missed="1")
    team.command(ADMIN, "tickets")
    team.choose(ADMIN, "Ticket pipeline", "No pipeline")
    assert list(inputs(team.slack.modal(ADMIN).shown())) == ["tickets.pipeline#1"]
    team.submit(ADMIN)
    assert stored().tickets == Settings().tickets


def test_what_was_chosen_before_the_pipeline_stays(team, stored):
    team.set(tickets__pipeline="0")
    team.command(ADMIN, "tickets")
    team.choose(ADMIN, "Missed incoming call with voicemail", "Waiting on us")
    add_pipeline(team.product.hubspot.portal, "0", "Support Pipeline", {"3": "Waiting"}, NOW)
    team.product.read_directory()
    team.choose(ADMIN, "Ticket pipeline", "Call-backs")
    team.choose(ADMIN, "Ticket pipeline", "Support Pipeline")
    team.choose(ADMIN, "Missed incoming call with voicemail", "Waiting")
    team.submit(ADMIN)
    assert dict(stored().tickets.stages)["inbound_voicemail"] == "3"


def test_choice_that_comes_late_changes_nothing_that_was_shown_since(team):
    team.command(ADMIN, "tickets")
    acted = team.choose(ADMIN, "Ticket pipeline", "Call-backs")
    late = {**acted.payload, "trigger_id": team.slack.trigger(ADMIN)}
    team.slack.deliver("interactive", late)
    team.settle()
    assert len(team.slack.stack(ADMIN)) == 1
    assert "tickets.pipeline#1" in inputs(team.slack.modal(ADMIN).shown())


def test_form_looks_at_hubspot_when_it_opens(team):
    add_pipeline(team.product.hubspot.portal, "5", "Brand new", {"51": "In"}, NOW)
    team.command(ADMIN, "tickets")
    offered = inputs(team.slack.modal(ADMIN).shown())["tickets.pipeline"]["options"]
    assert "Brand new" in [each["text"]["text"] for each in offered]


def test_pipeline_that_is_gone_is_shown_as_gone_never_as_chosen(team, stored, number):
    team.set(tickets__pipeline="0", tickets__stages__inbound_missed="1")
    delete_pipeline(team.product.hubspot.portal, "0", NOW)
    team.command(ADMIN, "tickets")
    shown = team.shown(ADMIN)
    assert "The pipeline chosen before (0) is gone from HubSpot" in shown
    assert "The ticket pipeline “Support Pipeline” is missing in HubSpot" in shown
    assert "any more for: Missed incoming call without voicemail" in shown
    assert "initial_option" not in inputs(team.slack.modal(ADMIN).shown())["tickets.pipeline"]
    before = number()
    team.submit(ADMIN)
    assert number() == before
    assert stored().tickets.pipeline == "0"


def test_stage_that_is_gone_is_shown_as_gone_and_can_be_replaced(team, stored):
    team.set(tickets__pipeline="0", tickets__stages__inbound_missed="1")
    delete_stage(team.product.hubspot.portal, "0", "1", NOW)
    team.command(ADMIN, "tickets")
    assert "The stage “New” of the ticket pipeline “Support Pipeline” is missing" in team.shown(
        ADMIN
    )
    assert list(team.product.alerts()) == ["stage missing 0/1"]
    assert dict(stored().tickets.stages)["inbound_missed"] is None
    team.choose(ADMIN, "Missed incoming call without voicemail", "Waiting on us")
    team.submit(ADMIN)
    assert dict(stored().tickets.stages)["inbound_missed"] == "3"


def test_pipeline_deleted_while_the_form_is_open_is_refused_under_its_field(team, number):
    team.command(ADMIN, "tickets")
    team.choose(ADMIN, "Ticket pipeline", "Call-backs")
    delete_pipeline(team.product.hubspot.portal, "81234567", NOW)
    team.product.read_directory()
    acted = team.submit(ADMIN)
    assert (
        "HubSpot has no ticket pipeline with the id 81234567" in acted.errors["tickets.pipeline#1"]
    )
    assert number() == 1


@pytest.mark.parametrize("stage", ["158001", "nonsense", "x" * 3000, "1\n2"])
def test_stage_of_another_pipeline_is_refused_under_its_field(team, number, stage):
    team.set(tickets__pipeline="0")
    team.command(ADMIN, "tickets")
    acted = forge(team, ADMIN, {MISSED: picked(stage)})
    assert list(acted.answer["errors"]) == [MISSED]
    assert number() == 2


def test_stage_without_a_pipeline_is_refused_even_where_it_has_no_field(team, number):
    team.command(ADMIN, "tickets")
    acted = forge(team, ADMIN, {"tickets.pipeline": picked("nowhere")})
    assert "HubSpot has no ticket pipeline with the id nowhere" in said(acted)
    assert number() == 1


def test_form_opens_at_the_setting_that_a_button_names(team):
    team.set(tickets__pipeline="0")
    team.command(ADMIN, "status")
    message = team.last_private(ADMIN)
    message.blocks.append(
        {"type": "actions", "block_id": "here", "elements": [
            {"type": "button", "action_id": "edit.tickets#9", "value": VOICEMAIL,
             "text": {"type": "plain_text", "text": "Choose the stage"}}]}
    )  # fmt: skip
    team.click(ADMIN, "Choose the stage")
    assert "You came here for Ticket for a missed incoming call with voicemail" in team.shown(ADMIN)
    focused = {
        block for block, each in inputs(team.slack.modal(ADMIN).shown()).items()
        if each.get("focus_on_load")
    }  # fmt: skip
    assert focused == {VOICEMAIL}


def test_stages_that_read_alike_are_told_apart():
    there = directory(pipelines=1, stages=3, label=lambda _: "Same")
    made = draft(there, {"tickets.pipeline": "p1"})
    element = inputs(view_of(TICKETS, made))[MISSED]
    assert [each["description"]["text"] for each in element["options"][1:]] == [
        "p1s1",
        "p1s2",
        "p1s3",
    ]


def test_more_stages_than_a_list_holds_are_searched(team):
    stages = {f"s{n}": f"Stage {n}" for n in range(120)}
    add_pipeline(team.product.hubspot.portal, "7", "Long", stages, NOW)
    team.command(ADMIN, "tickets")
    team.choose(ADMIN, "Ticket pipeline", "Long")
    field = "tickets.stages.inbound_missed#1"
    assert team.search(ADMIN, field, "stage 11") == ["No ticket", "Stage 11"] + [
        f"Stage {n}" for n in range(110, 120)
    ]


@pytest.mark.parametrize(
    ("before", "pipeline", "after"),
    [("p1s1", "p2", "p2s1"), ("p1s1", "p1", "p1s1"), ("gone", "p2", None), ("p1s1", None, None)],
)
def test_stage_follows_its_label_to_another_pipeline(before, pipeline, after):
    known = known_of(directory(pipelines=2, stages=2, label=lambda n: f"Stage {n}"))
    shown = with_values(Settings(), {"tickets.pipeline": "p1", MISSED: before})
    moved = fitted(shown, pipeline, shown, known)
    assert (moved.tickets.pipeline, moved.tickets.stages.inbound_missed) == (pipeline, after)


def test_merged_stages_that_fit_no_more_are_named():
    there = directory(pipelines=2, stages=1, label=lambda n: f"Stage {n}")
    made = draft(there, {"tickets.pipeline": "p2", MISSED: "other"})
    settled = TICKETS.settle(made)
    assert settled.shown.tickets.stages.inbound_missed is None
    assert "Missed incoming call without voicemail" in text_of(view_of(TICKETS, settled))
    there = replace(there, pipelines=())
    assert TICKETS.settle(draft(there, {"tickets.pipeline": "p2"})).notices == ()
