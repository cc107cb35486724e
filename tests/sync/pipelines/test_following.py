"""Alerts of missing pipelines and stages are followed until somebody has decided anew."""

import pytest

from sandbox.hubspot.people import add_pipeline
from sandbox.traffic import call_events
from store.settings import BY_SYSTEM
from sync.pipelines.watch import look
from tests.worker.product import KNOWN, START
from worker.left_out import NO_STAGE

STAGE_GONE = "stage missing 0/2"
PIPELINE_GONE = "pipeline missing 81234567"
LEFT_OUT = "tickets left out"


@pytest.fixture
def stage_gone(product):
    """Somebody deleted a stage that two kinds used; a missed call found out."""
    product.set(
        tickets__pipeline="0",
        tickets__stages__inbound_missed="2",
        tickets__stages__outbound_unanswered="2",
    )
    product.hubspot.delete("stages", "2", "0")
    product.log(call_events(1, "inbound_missed", start=START, phone=KNOWN))
    assert set(product.alerts()) == {STAGE_GONE}
    return product


@pytest.fixture
def pipeline_gone(product):
    product.set(tickets__pipeline="81234567", tickets__stages__inbound_missed="158001")
    product.hubspot.delete("pipelines", "81234567")
    product.log(call_events(1, "inbound_missed", start=START, phone=KNOWN))
    assert set(product.alerts()) == {PIPELINE_GONE}
    return product


@pytest.fixture
def bring_back(product):
    """Put the pipelines back as they were before somebody deleted anything."""
    before = dict(product.hubspot.portal.pipelines)
    return lambda: product.hubspot.portal.pipelines.update(before)


def about(product, name):
    return next(each.about for each in product.shop.alerts.open() if each.name == name)


def stages(product):
    return dict(product.shop.revisions.current().settings.tickets.stages)


def test_that_we_took_the_stage_out_ourselves_does_not_end_it(stage_gone):
    look()
    look()
    assert set(stage_gone.alerts()) == {STAGE_GONE}


def test_that_we_took_the_pipeline_out_ourselves_does_not_end_it(pipeline_gone):
    look()
    assert set(pipeline_gone.alerts()) == {PIPELINE_GONE}


def test_it_is_over_when_a_person_chose_another_stage_for_one_of_its_kinds(stage_gone):
    stage_gone.set(tickets__stages__inbound_missed="1")
    look()
    assert set(stage_gone.alerts()) == {LEFT_OUT}


def test_it_is_over_when_a_person_chose_no_pipeline(pipeline_gone):
    pipeline_gone.set(tickets__pipeline=None)
    look()
    assert pipeline_gone.alerts() == {}


def test_it_is_not_over_when_a_person_named_what_is_missing_again(stage_gone):
    stage_gone.set(tickets__stages__outbound_unanswered="2")
    look()
    assert set(stage_gone.alerts()) == {STAGE_GONE}


def test_it_is_not_over_when_a_person_chose_a_stage_of_the_missing_pipeline(pipeline_gone):
    pipeline_gone.set(tickets__stages__inbound_missed="158001")
    look()
    assert set(pipeline_gone.alerts()) == {PIPELINE_GONE}


@pytest.mark.parametrize("saved", [{"name": "Phones"}, {"tickets__stages__inbound_answered": "1"}])
def test_it_is_not_over_when_a_person_changed_something_else(stage_gone, saved):
    stage_gone.set(**saved)
    look()
    assert set(stage_gone.alerts()) == {STAGE_GONE}


def test_it_is_not_over_when_we_took_it_out_once_more_after_the_person(stage_gone):
    stage_gone.set(tickets__stages__inbound_missed="2")
    stage_gone.log(call_events(2, "inbound_missed", start=START, phone=KNOWN))
    assert stage_gone.shop.revisions.current().author == BY_SYSTEM
    look()
    assert set(stage_gone.alerts()) == {STAGE_GONE}


def test_that_the_stage_is_back_is_said_and_does_not_end_it(bring_back, stage_gone):
    bring_back()
    look()
    assert set(stage_gone.alerts()) == {STAGE_GONE}
    assert "is back in HubSpot" in stage_gone.alerts()[STAGE_GONE]
    assert about(stage_gone, STAGE_GONE)["back"] == "1"


def test_that_the_pipeline_is_back_is_said_and_does_not_end_it(bring_back, pipeline_gone):
    bring_back()
    look()
    assert "is back in HubSpot" in pipeline_gone.alerts()[PIPELINE_GONE]


def test_back_and_gone_again_is_missing_again(bring_back, stage_gone):
    bring_back()
    look()
    stage_gone.hubspot.delete("stages", "2", "0")
    look()
    assert "is missing in HubSpot" in stage_gone.alerts()[STAGE_GONE]
    assert about(stage_gone, STAGE_GONE)["back"] == ""


def test_back_stays_back_while_only_a_half_list_shows_it_no_more(bring_back, stage_gone, half_list):
    bring_back()
    look()
    half_list({"0/2"})
    look()
    assert "is back in HubSpot" in stage_gone.alerts()[STAGE_GONE]


def test_back_stays_back_while_also_its_pipeline_does_not_show_it(
    bring_back, stage_gone, half_list, half_pipeline
):
    bring_back()
    look()
    half_list({"0/2"})
    half_pipeline()
    look()
    assert "is back in HubSpot" in stage_gone.alerts()[STAGE_GONE]


def test_back_and_chosen_again_by_a_person_is_over(bring_back, stage_gone):
    bring_back()
    stage_gone.set(tickets__stages__inbound_missed="2")
    look()
    assert set(stage_gone.alerts()) == {LEFT_OUT}
    assert stages(stage_gone)["inbound_missed"] == "2"


def test_back_is_over_where_nothing_would_use_it(bring_back, stage_gone):
    stage_gone.set(tickets__pipeline="81234567")
    bring_back()
    look()
    assert stage_gone.alerts() == {}


def test_a_pipeline_of_the_same_id_with_other_stages_is_not_back(pipeline_gone):
    add_pipeline(pipeline_gone.hubspot.portal, "81234567", "Anew", {"9001": "In"}, START)
    look()
    assert "is missing in HubSpot" in pipeline_gone.alerts()[PIPELINE_GONE]


def test_a_hubspot_that_does_not_answer_ends_nothing(stage_gone):
    stage_gone.set(tickets__stages__inbound_missed="1")
    stage_gone.hubspot.fault("503", times=None)
    look()
    assert STAGE_GONE in stage_gone.alerts()


def test_other_alerts_are_left_alone(stage_gone):
    stage_gone.shop.alerts.raise_("something", "Else is wrong.")
    stage_gone.set(tickets__stages__inbound_missed="1")
    look()
    assert set(stage_gone.alerts()) == {"something", LEFT_OUT}


def test_of_two_missing_stages_each_counts_what_went_without_its_own(product):
    product.set(
        tickets__pipeline="0",
        tickets__stages__inbound_missed="2",
        tickets__stages__outbound_unanswered="3",
    )
    for stage in ("2", "3"):
        product.hubspot.delete("stages", stage, "0")
    look()
    product.log(
        [
            *call_events(1, "inbound_missed", start=START, phone=KNOWN),
            *call_events(2, "inbound_missed", start=START, phone=KNOWN),
            *call_events(3, "outbound_unanswered", start=START, phone=KNOWN),
        ]
    )
    look()
    assert about(product, STAGE_GONE)["without"] == "2"
    assert about(product, "stage missing 0/3")["without"] == "1"


def test_that_the_stage_went_again_is_not_said_to_have_made_the_tickets(stage_gone):
    stage_gone.set(tickets__stages__inbound_missed="1")
    look()
    assert LEFT_OUT in stage_gone.alerts()
    stage_gone.hubspot.delete("stages", "1", "0")
    look()
    _, closed = stage_gone.shop.alerts.all()
    assert {each.because for each in closed if each.alert.name == LEFT_OUT} == {NO_STAGE}
