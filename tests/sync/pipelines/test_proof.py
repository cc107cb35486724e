"""What proves that a pipeline or stage is missing, and what proves nothing."""

from dataclasses import replace

import pytest

from sandbox.hubspot.people import add_pipeline
from store.runs import Runs
from sync.pipelines.watch import JOB, look
from tests.sync.pipelines.stages import PIPELINE_GONE, QUICK, STAGE_GONE, number, stages
from tests.worker.product import START


def test_what_the_list_shows_as_archived_is_missing(with_stage):
    with_stage.hubspot.switches.archived_listed = True
    with_stage.hubspot.delete("stages", "2", "0")
    look()
    assert set(with_stage.alerts()) == {STAGE_GONE}


def test_a_pipeline_that_is_told_as_archived_when_asked_by_id_is_missing(
    with_pipeline, monkeypatch
):
    archived = replace(with_pipeline.shop.hubspot.pipeline("81234567"), archived=True)
    monkeypatch.setattr(type(with_pipeline.shop.hubspot), "pipeline", lambda *_: archived)
    with_pipeline.hubspot.switches.unlisted = frozenset({"81234567"})
    look()
    assert set(with_pipeline.alerts()) == {PIPELINE_GONE}
    assert stages(with_pipeline) == {}


@pytest.mark.parametrize("unlisted", [{"0"}, {"0/2"}, {"0", "81234567"}, {"81234567"}])
def test_a_half_or_empty_list_proves_nothing(with_stage, half_list, unlisted):
    before = number(with_stage)
    half_list(unlisted)
    look()
    assert number(with_stage) == before
    assert with_stage.alerts() == {}
    known = {each.id: each.stages for each in with_stage.shop.directory.read().pipelines}
    assert "2" in known["0"]


def test_stages_that_a_pipeline_asked_by_id_leaves_out_are_asked_for_themselves(
    with_stage, half_list, half_pipeline
):
    before = number(with_stage)
    half_list({"0/2", "0/3"})
    half_pipeline()
    look()
    assert number(with_stage) == before
    assert with_stage.alerts() == {}
    known = {each.id: each.stages for each in with_stage.shop.directory.read().pipelines}
    assert known["0"] == {"2": "Waiting on contact", "3": "Waiting on us"}


@pytest.mark.parametrize("fault", ["503", "reset"])
def test_a_stage_that_nobody_tells_of_when_asked_by_id_is_not_missing(
    with_stage, half_list, half_pipeline, fault
):
    before = number(with_stage)
    half_list({"0/2"})
    half_pipeline()
    with_stage.hubspot.fault(fault, path="*/tickets/0/stages/*", times=None)
    look()
    assert number(with_stage) == before
    assert Runs(with_stage.redis).of(JOB).trouble


@pytest.mark.parametrize("fault", ["500", "503", "429", "timeout", "reset", "502"])
def test_a_hubspot_that_does_not_answer_when_asked_by_id_concludes_nothing(with_stage, fault):
    with_stage.shop.hubspot._http._times = QUICK
    before = number(with_stage)
    with_stage.hubspot.delete("stages", "2", "0")
    with_stage.hubspot.fault(fault, path="*/pipelines/2026-09/tickets/0", times=None)
    look()
    assert number(with_stage) == before
    assert with_stage.alerts().keys().isdisjoint({STAGE_GONE})
    labels = with_stage.shop.directory.read().pipelines
    assert "2" in next(each.stages for each in labels if each.id == "0")
    assert Runs(with_stage.redis).of(JOB).trouble


@pytest.mark.parametrize("fault", ["503", "timeout"])
def test_a_hubspot_that_does_not_give_its_list_concludes_nothing(with_stage, fault):
    with_stage.shop.hubspot._http._times = QUICK
    before = number(with_stage)
    with_stage.hubspot.delete("stages", "2", "0")
    with_stage.hubspot.fault(fault, times=None)
    look()
    assert number(with_stage) == before
    assert STAGE_GONE not in with_stage.alerts()


def test_a_hubspot_that_refuses_concludes_nothing(with_stage):
    before = number(with_stage)
    with_stage.hubspot.delete("stages", "2", "0")
    with_stage.hubspot.switches.missing_scopes = frozenset({"tickets"})
    look()
    assert number(with_stage) == before
    assert STAGE_GONE not in with_stage.alerts()


def test_a_token_that_may_not_read_pipelines_is_trouble_where_tickets_are_wanted(product):
    product.hubspot.switches.missing_scopes = frozenset({"tickets"})
    look()
    assert Runs(product.redis).of(JOB).trouble == ""
    product.set(tickets__pipeline="0", tickets__stages__inbound_missed="1")
    look()
    run = Runs(product.redis).of(JOB)
    assert run.trouble
    assert run.lasting


def test_after_the_trouble_it_is_found(with_stage):
    with_stage.hubspot.delete("stages", "2", "0")
    with_stage.hubspot.switches.missing_scopes = frozenset({"tickets"})
    look()
    with_stage.hubspot.switches.missing_scopes = frozenset()
    look()
    assert set(with_stage.alerts()) == {STAGE_GONE}


def test_changed_labels_follow_and_change_nothing_else(with_stage):
    before = number(with_stage)
    names = {"1": "New", "2": "Patience", "3": "Ours", "4": "Closed"}
    add_pipeline(with_stage.hubspot.portal, "0", "Help", names, START)
    look()
    assert number(with_stage) == before
    (help_,) = [each for each in with_stage.shop.directory.read().pipelines if each.id == "0"]
    assert (help_.label, help_.stages["2"]) == ("Help", "Patience")


def test_a_stage_that_only_another_pipeline_has_is_missing(with_stage):
    with_stage.hubspot.delete("stages", "2", "0")
    add_pipeline(with_stage.hubspot.portal, "9", "Other", {"2": "Waiting on contact"}, START)
    look()
    assert set(with_stage.alerts()) == {STAGE_GONE}


def test_a_pipeline_id_that_came_again_with_other_stages_lacks_the_old_ones(with_pipeline):
    with_pipeline.hubspot.delete("pipelines", "81234567")
    add_pipeline(with_pipeline.hubspot.portal, "81234567", "Anew", {"158002": "In"}, START)
    look()
    assert set(with_pipeline.alerts()) == {"stage missing 81234567/158001"}
    assert stages(with_pipeline) == {"inbound_answered": "158002"}
