"""The look at the ticket pipelines each minute: what is missing is taken out, nothing else."""

import json
import threading
from dataclasses import replace

import pytest

from clients.http import Times
from sandbox.hubspot.people import add_pipeline
from sandbox.traffic import call_events
from store import keys
from store.runs import Runs
from store.settings import BY_SYSTEM
from sync.clock import jobs
from sync.pipelines.watch import JOB, look
from tests.worker.product import ADMIN, KNOWN, START
from worker.drain import Drain
from worker.missing import look as look_at_hubspot
from worker.workshop import TELL

STAGE_GONE = "stage missing 0/2"
PIPELINE_GONE = "pipeline missing 81234567"
OMAR = 113493
QUICK = Times(connect=0.5, read=0.12, total=0.5)


@pytest.fixture
def with_stage(product):
    """Two kinds open their tickets in stage 2, one in stage 3."""
    product.set(
        tickets__pipeline="0",
        tickets__stages__inbound_missed="2",
        tickets__stages__outbound_unanswered="2",
        tickets__stages__inbound_answered="3",
    )
    return product


@pytest.fixture
def with_pipeline(product):
    product.set(
        tickets__pipeline="81234567",
        tickets__stages__inbound_missed="158001",
        tickets__stages__inbound_answered="158002",
    )
    return product


def missed(id_=1):
    return call_events(id_, "inbound_missed", start=START, phone=KNOWN)


def stages(product):
    return {
        kind: stage for kind, stage in product.shop.revisions.current().settings.tickets.stages
        if stage
    }  # fmt: skip


def number(product):
    return product.shop.revisions.current().number


def about(product, name):
    return next(each.about for each in product.shop.alerts.open() if each.name == name)


def waiting_jobs(product):
    return product.redis.lrange("rq:queue:background", 0, -1)


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


def age(product, seconds):
    """Let the open alerts be so much older."""
    for name, raw in product.redis.hgetall(keys.ALERTS).items():
        entry = json.loads(raw)
        entry["since"] -= seconds * 1000
        product.redis.hset(keys.ALERTS, name, json.dumps(entry))


def test_what_went_without_a_ticket_since_is_counted(with_stage):
    with_stage.hubspot.delete("stages", "2", "0")
    look()
    assert about(with_stage, STAGE_GONE)["without"] == "0"
    with_stage.log([*missed(1), *missed(2)])
    look()
    assert about(with_stage, STAGE_GONE)["without"] == "2"


def test_a_drain_and_the_clock_that_find_the_same_make_one_revision_and_one_alert(with_stage):
    with_stage.hubspot.delete("stages", "2", "0")
    with_stage.deliver(missed(1))
    before = number(with_stage)
    both = threading.Barrier(2)

    def side(work):
        both.wait(15)
        work()

    threads = [
        threading.Thread(target=side, args=(work,))
        for work in (look, lambda: Drain(with_stage.shop).run())
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    with_stage.recover()
    assert number(with_stage) == before + 1
    assert set(with_stage.alerts()) == {STAGE_GONE}
    assert about(with_stage, STAGE_GONE)["kinds"] == "outbound_unanswered,inbound_missed"
    assert with_stage.redis.zrange(keys.UNLOGGED, 0, -1) == [b"call-1"]


def test_two_who_find_the_same_at_once_make_one_revision(with_stage, monkeypatch):
    with_stage.hubspot.delete("stages", "2", "0")
    real, inside = type(with_stage.shop.revisions).save, []

    def save(self, *args, **how):
        if not inside:
            inside.append(1)
            look_at_hubspot(with_stage.shop)
        return real(self, *args, **how)

    monkeypatch.setattr(type(with_stage.shop.revisions), "save", save)
    before = number(with_stage)
    look()
    assert number(with_stage) == before + 1
    assert about(with_stage, STAGE_GONE)["revision"] == str(before + 1)


def test_who_dies_between_alert_and_revision_leaves_what_is_found_again(with_stage, monkeypatch):
    with_stage.hubspot.delete("stages", "2", "0")

    class DiedError(BaseException):
        pass

    def die(*_, **__):
        raise DiedError

    with monkeypatch.context() as patched:
        patched.setattr(type(with_stage.shop.revisions), "save", die)
        with pytest.raises(DiedError):
            look_at_hubspot(with_stage.shop)
    assert set(with_stage.alerts()) == {STAGE_GONE}
    look()
    assert stages(with_stage) == {"inbound_answered": "3"}
    assert about(with_stage, STAGE_GONE)["revision"] == str(number(with_stage))


def test_who_dies_after_the_revision_leaves_an_alert_that_is_completed(with_stage, monkeypatch):
    with_stage.hubspot.delete("stages", "2", "0")

    class DiedError(BaseException):
        pass

    real = type(with_stage.shop.revisions).save

    def save(self, *args, **how):
        real(self, *args, **how)
        raise DiedError

    with monkeypatch.context() as patched:
        patched.setattr(type(with_stage.shop.revisions), "save", save)
        with pytest.raises(DiedError):
            look_at_hubspot(with_stage.shop)
    look()
    assert about(with_stage, STAGE_GONE)["revision"] == str(number(with_stage))
    assert about(with_stage, STAGE_GONE)["stage_label"] == "Waiting on contact"


def test_a_save_of_an_admin_at_the_same_moment_is_kept(with_stage, monkeypatch):
    with_stage.hubspot.delete("stages", "2", "0")
    real, between = type(with_stage.shop.revisions).save, []

    def save(self, settings, author, based_on, *args, **how):
        if author == BY_SYSTEM and not between:
            between.append(1)
            with_stage.set(name="Phones")
        return real(self, settings, author, based_on, *args, **how)

    monkeypatch.setattr(type(with_stage.shop.revisions), "save", save)
    look()
    current = with_stage.shop.revisions.current()
    assert current.settings.name == "Phones"
    assert stages(with_stage) == {"inbound_answered": "3"}
    assert with_stage.shop.revisions.get(current.number - 1).author == ADMIN
