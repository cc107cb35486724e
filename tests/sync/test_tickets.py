"""Alerts of missing pipelines and stages are closed when they are over, and not before."""

import pytest

from sandbox.traffic import call_events
from store.settings import BY_SYSTEM
from sync.directory import refresh_all, refresh_part
from tests.worker.product import KNOWN, START

STAGE_GONE = "stage missing 0/2"
PIPELINE_GONE = "pipeline missing 81234567"


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


def test_that_we_took_the_stage_out_ourselves_does_not_end_it(stage_gone):
    refresh_all()
    refresh_all()
    assert set(stage_gone.alerts()) == {STAGE_GONE}


def test_that_we_took_the_pipeline_out_ourselves_does_not_end_it(pipeline_gone):
    refresh_all()
    assert set(pipeline_gone.alerts()) == {PIPELINE_GONE}


def test_it_is_over_when_a_person_chose_another_stage_for_one_of_its_kinds(stage_gone):
    stage_gone.set(tickets__stages__inbound_missed="1")
    refresh_part("tags")
    assert set(stage_gone.alerts()) == {STAGE_GONE}
    refresh_part("pipelines")
    assert stage_gone.alerts() == {}


def test_it_is_over_when_a_person_chose_no_pipeline(pipeline_gone):
    pipeline_gone.set(tickets__pipeline=None)
    refresh_all()
    assert pipeline_gone.alerts() == {}


def test_it_is_not_over_when_a_person_named_what_is_missing_again(stage_gone):
    stage_gone.set(tickets__stages__outbound_unanswered="2")
    refresh_all()
    assert set(stage_gone.alerts()) == {STAGE_GONE}


def test_it_is_not_over_when_a_person_chose_a_stage_of_the_missing_pipeline(pipeline_gone):
    pipeline_gone.set(tickets__stages__inbound_missed="158001")
    refresh_all()
    assert set(pipeline_gone.alerts()) == {PIPELINE_GONE}


@pytest.mark.parametrize("saved", [{"name": "Phones"}, {"tickets__stages__inbound_answered": "1"}])
def test_it_is_not_over_when_a_person_changed_something_else(stage_gone, saved):
    stage_gone.set(**saved)
    refresh_all()
    assert set(stage_gone.alerts()) == {STAGE_GONE}


def test_it_is_not_over_when_we_took_it_out_once_more_after_the_person(stage_gone):
    stage_gone.set(tickets__stages__inbound_missed="2")
    stage_gone.log(call_events(2, "inbound_missed", start=START, phone=KNOWN))
    assert stage_gone.shop.revisions.current().author == BY_SYSTEM
    refresh_all()
    assert set(stage_gone.alerts()) == {STAGE_GONE}


def test_it_is_over_when_the_directory_shows_the_stage_again(bring_back, stage_gone):
    bring_back()
    refresh_part("pipelines")
    assert stage_gone.alerts() == {}


def test_it_is_over_when_the_directory_shows_the_pipeline_again(bring_back, pipeline_gone):
    bring_back()
    refresh_part("pipelines")
    assert pipeline_gone.alerts() == {}


def test_a_hubspot_that_does_not_answer_ends_nothing(stage_gone):
    stage_gone.set(tickets__stages__inbound_missed="1")
    stage_gone.hubspot.fault("503", times=None)
    refresh_part("pipelines")
    assert STAGE_GONE in stage_gone.alerts()


def test_other_alerts_are_left_alone(bring_back, stage_gone):
    stage_gone.shop.alerts.raise_("something", "Else is wrong.")
    bring_back()
    refresh_part("pipelines")
    assert set(stage_gone.alerts()) == {"something"}
