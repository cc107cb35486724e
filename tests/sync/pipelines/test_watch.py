"""The look at the ticket pipelines each minute: what is missing is taken out, nothing else."""

from store.settings import BY_SYSTEM
from sync.clock import jobs
from sync.pipelines.watch import JOB, look
from tests.sync.pipelines.stages import (
    PIPELINE_GONE,
    STAGE_GONE,
    about,
    missed,
    number,
    stages,
    waiting_jobs,
)
from worker.missing import look as look_at_hubspot
from worker.workshop import TELL


def test_the_clock_looks_each_minute(product):
    assert jobs(product.file.intervals)[JOB] == 60


def test_one_request_where_nothing_changed(with_stage):
    look()
    with with_stage.asking() as asked:
        for _ in range(3):
            look()
    assert asked == ["GET tickets"] * 3
    assert with_stage.alerts() == {}


def test_nothing_is_asked_by_id_where_no_kind_opens_a_ticket(product):
    product.set(tickets__pipeline="81234567")
    product.hubspot.delete("pipelines", "81234567")
    with product.asking() as asked:
        look()
    assert asked == ["GET tickets"]
    assert product.alerts() == {}


def test_a_stage_deleted_without_traffic_is_taken_out_of_every_kind(with_stage):
    with_stage.hubspot.delete("stages", "2", "0")
    look()
    assert stages(with_stage) == {"inbound_answered": "3"}
    revision = with_stage.shop.revisions.current()
    assert (revision.author, revision.note) == (
        BY_SYSTEM,
        "stage 2 of pipeline 0 is missing in HubSpot",
    )
    told = about(with_stage, STAGE_GONE)
    assert told["kinds"] == "outbound_unanswered,inbound_missed"
    assert told["revision"] == str(revision.number)
    assert (told["pipeline_label"], told["stage_label"]) == (
        "Support Pipeline",
        "Waiting on contact",
    )
    assert "“Waiting on contact” (2)" in with_stage.alerts()[STAGE_GONE]


def test_a_pipeline_deleted_without_traffic_is_taken_out_of_every_kind(with_pipeline):
    with_pipeline.hubspot.delete("pipelines", "81234567")
    look()
    assert stages(with_pipeline) == {}
    assert about(with_pipeline, PIPELINE_GONE)["pipeline_label"] == "Call-backs"
    assert len(with_pipeline.shop.revisions.all()) == 3


def test_the_alert_is_told_at_once(with_stage):
    with_stage.hubspot.delete("stages", "2", "0")
    look()
    described = [with_stage.redis.hget(b"rq:job:" + id_, "description")
                 for id_ in waiting_jobs(with_stage)]  # fmt: skip
    assert described[0] == TELL.encode()


def test_a_second_look_makes_no_second_revision(with_stage):
    with_stage.hubspot.delete("stages", "2", "0")
    look()
    before = number(with_stage)
    look()
    look()
    assert number(with_stage) == before


def test_two_stages_deleted_in_one_minute_are_two_alerts(with_stage):
    with_stage.hubspot.delete("stages", "2", "0")
    with_stage.hubspot.delete("stages", "3", "0")
    with with_stage.asking("/crm/pipelines/2026-09/tickets/0") as asked:
        look_at_hubspot(with_stage.shop)
    assert asked == ["GET tickets/0", "GET tickets/0/stages/2", "GET tickets/0/stages/3"]
    assert set(with_stage.alerts()) == {STAGE_GONE, "stage missing 0/3"}
    assert stages(with_stage) == {}
    assert about(with_stage, "stage missing 0/3")["kinds"] == "inbound_answered"


def test_what_went_without_a_ticket_since_is_counted(with_stage):
    with_stage.hubspot.delete("stages", "2", "0")
    look()
    assert about(with_stage, STAGE_GONE)["without"] == "0"
    with_stage.log([*missed(1), *missed(2)])
    look()
    assert about(with_stage, STAGE_GONE)["without"] == "2"
