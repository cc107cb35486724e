"""Who deleted a pipeline or stage, as far as HubSpot's audit tells."""

from store.runs import Runs
from sync.pipelines.watch import JOB, look
from tests.sync.pipelines.stages import OMAR, PIPELINE_GONE, STAGE_GONE, about, age, stages


def test_who_deleted_it_is_told_by_name(with_stage):
    with_stage.hubspot.delete("stages", "2", "0", by=OMAR)
    look()
    told = about(with_stage, STAGE_GONE)
    assert told["who"] == "Omar Haddad"
    assert int(told["when"]) > 1_500_000_000_000
    assert "deleted by Omar Haddad" in with_stage.alerts()[STAGE_GONE]


def test_who_deleted_a_pipeline_is_told_by_name(with_pipeline):
    with_pipeline.hubspot.delete("pipelines", "81234567", by=OMAR)
    look()
    assert about(with_pipeline, PIPELINE_GONE)["who"] == "Omar Haddad"


def test_a_user_who_is_no_owner_is_told_by_id(with_stage):
    with_stage.hubspot.delete("stages", "2", "0")
    look()
    assert about(with_stage, STAGE_GONE)["who"] == "24681"


def test_an_audit_that_is_refused_harms_nothing(with_stage):
    with_stage.hubspot.switches.no_audit = True
    with_stage.hubspot.delete("stages", "2", "0")
    look()
    assert about(with_stage, STAGE_GONE)["who"] == ""
    assert stages(with_stage) == {"inbound_answered": "3"}
    assert Runs(with_stage.redis).of(JOB).trouble == ""


def test_an_audit_that_is_empty_is_asked_again_for_five_minutes_only(with_stage):
    with_stage.hubspot.delete("stages", "2", "0")
    with_stage.hubspot.portal.audits.clear()
    look()
    with with_stage.asking("/audit") as asked:
        look()
    assert len(asked) == 1
    age(with_stage, 301)
    with with_stage.asking() as asked:
        look()
    assert asked == ["GET tickets"]
