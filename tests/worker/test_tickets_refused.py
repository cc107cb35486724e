"""What no ticket can be made in: scopes that lack, stages and pipelines that are missing."""

from dataclasses import replace

from product import KNOWN, START, call

from sandbox.traffic import call_events
from store.settings import BY_SYSTEM
from tests.worker.ticketing import (
    late_voicemail,
    missed,
    stages,
    with_tickets,
)
from worker.drain import Drain


def test_a_missing_scope_for_tickets_stops_no_call(product):
    with_tickets(product, inbound_missed="1")
    product.hubspot.switches.missing_scopes = frozenset({"tickets"})
    product.log([*missed(1), *missed(2)])
    assert len(product.all("calls")) == 2
    assert product.failures() == {"call-1", "call-2"}
    assert stages(product)["inbound_missed"] == "1"
    for id_ in ("call-1", "call-2"):
        assert product.decision(id_).errors[0].endswith("(missing scopes: tickets)")
    product.hubspot.switches.missing_scopes = frozenset()
    product.retry()
    assert len(product.all("tickets")) == 2


def test_a_missing_scope_for_tickets_is_one_alert_until_a_ticket_is_made_again(product):
    with_tickets(product, inbound_missed="1")
    product.hubspot.switches.missing_scopes = frozenset({"tickets"})
    product.log(missed(1))
    product.log(missed(2))
    assert list(product.alerts()) == ["tickets scope missing"]
    assert "the scopes tickets" in product.alerts()["tickets scope missing"]
    product.log(call(id_=3))
    assert list(product.alerts()) == ["tickets scope missing"]
    product.hubspot.switches.missing_scopes = frozenset()
    product.log(missed(4))
    assert product.alerts() == {}


def test_a_late_voicemail_is_told_the_call_while_tickets_may_not_be_read(product):
    with_tickets(product, inbound_missed="1", inbound_voicemail="2")
    first, rest = late_voicemail()
    product.log(first)
    product.hubspot.switches.missing_scopes = frozenset({"tickets"})
    product.log(rest)
    assert "(voicemail)" in product.one("calls", "call-1")["properties"]["hs_call_title"]
    assert product.failures() == {"call-1"}
    assert list(product.alerts()) == ["tickets scope missing"]
    assert "missing scopes: tickets" in product.decision("call-1").errors[0]
    product.hubspot.switches.missing_scopes = frozenset()
    product.retry()
    assert product.one("tickets", "call-1")["properties"]["hs_pipeline_stage"] == "2"
    assert product.failures() == set()
    assert product.alerts() == {}


def test_a_scope_lost_between_a_crash_and_the_next_try_stops_no_call(product, monkeypatch):
    with_tickets(product, inbound_missed="1")
    product.deliver(missed(1))
    with monkeypatch.context() as patched:
        patched.setattr(product.shop.due, "commit", lambda *_: ["call-1"])
        Drain(product.shop).run()
    product.hubspot.switches.missing_scopes = frozenset({"tickets"})
    product.recover()
    assert product.decision("call-1").result == "logged"
    assert product.failures() == {"call-1"}
    product.hubspot.switches.missing_scopes = frozenset()
    product.retry()
    assert len(product.all("tickets")) == 1
    assert product.failures() == set()


def test_a_missing_stage_takes_every_kind_that_used_it_out_and_harms_no_other(product):
    with_tickets(
        product,
        inbound_missed="2",
        outbound_unanswered="2",
        inbound_answered="3",
        inbound_message="2",
    )
    product.hubspot.delete("stages", "2", "0")
    product.log(
        [
            *missed(1),
            *missed(2),
            *call(id_=3),
            *call_events(4, "outbound_busy", start=START, phone=KNOWN),
        ]
    )
    assert len(product.all("calls")) == 4
    (ticket,) = product.all("tickets")
    assert ticket["properties"]["aircall_id"] == "call-3"
    assert {kind for kind, stage in stages(product).items() if stage} == {"inbound_answered"}
    revision = product.shop.revisions.current()
    assert revision.author == BY_SYSTEM
    assert "stage 2 of pipeline 0" in revision.note
    (sentence,) = product.alerts().values()
    assert "inbound missed" in sentence
    assert "outbound unanswered" in sentence
    assert product.failures() == set()
    assert any("missing in HubSpot" in note for note in product.decision("call-1").notes)


def test_a_ticket_refused_though_its_stage_is_there_is_a_failure_and_takes_nothing_out(
    product, monkeypatch
):
    with_tickets(product, inbound_missed="1")
    hubspot = type(product.shop.hubspot)
    whole = hubspot.pipeline
    monkeypatch.setattr(hubspot, "pipeline", lambda self, id_: replace(whole(self, id_), stages=()))
    product.hubspot.fault("partial", path="*/tickets/batch/create", permanent=True)
    product.log(missed())
    assert stages(product)["inbound_missed"] == "1"
    assert product.alerts() == {}
    assert product.failures() == {"call-1"}


def test_a_missing_stage_is_asked_for_once_in_a_batch(product):
    with_tickets(product, inbound_missed="2")
    product.hubspot.delete("stages", "2", "0")
    with product.asking("/crm/pipelines/") as asked:
        product.log(event for at in range(1, 30) for event in missed(at))
    assert len(asked) <= 3


def test_a_missing_pipeline_takes_every_kind_out(product):
    product.set(
        tickets__pipeline="81234567",
        tickets__stages__inbound_missed="158001",
        tickets__stages__inbound_answered="158002",
    )
    product.hubspot.delete("pipelines", "81234567")
    product.log(missed())
    assert len(product.all("calls")) == 1
    assert not any(stages(product).values())
    assert list(product.alerts()) == ["pipeline missing 81234567"]
    assert product.redis.zrange("ah:unlogged-tickets", 0, -1) == [b"call-1"]


def test_an_admin_who_saves_at_the_same_moment_loses_nothing(product, monkeypatch):
    with_tickets(product, inbound_missed="2")
    product.hubspot.delete("stages", "2", "0")
    real, between = product.shop.revisions.save, []

    def save(*args, **how):
        if not between:
            between.append(1)
            monkeypatch.setattr(type(product.shop.revisions), "save", originally)
            product.set(name="Ada's")
        return real(*args, **how)

    originally = type(product.shop.revisions).save
    monkeypatch.setattr(type(product.shop.revisions), "save", lambda _, *a, **h: save(*a, **h))
    product.log(missed())
    settings = product.shop.revisions.current().settings
    assert settings.name == "Ada's"
    assert settings.tickets.stages.inbound_missed is None
