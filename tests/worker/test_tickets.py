from dataclasses import replace

import pytest
from product import CLAIRE, KNOWN, START, UNKNOWN, call, later, split

from sandbox.traffic import CALL_KINDS, Story, call_events, group_events, message_events
from store.settings import BY_SYSTEM
from worker.drain import Drain

JEANNE = "11349275740"
VOICEMAIL = Story(late_voicemail=True)


def with_tickets(product, **stages):
    product.set(
        tickets__pipeline="0", **{f"tickets__stages__{kind}": at for kind, at in stages.items()}
    )


def missed(id_=1, phone=KNOWN):
    return call_events(id_, "inbound_missed", start=START, phone=phone)


def late_voicemail():
    """Return the deliveries up to the missed call's end, and those from its voicemail on."""
    events = call_events(1, "inbound_voicemail", start=START, phone=KNOWN, story=VOICEMAIL)
    return split(events, "call.voicemail_left")


def stages(product):
    return dict(product.shop.revisions.current().settings.tickets.stages)


def linked(product, kind, id_):
    return {name: set(ids) for name, ids in product.one(kind, id_)["associations"].items()}


@pytest.mark.parametrize("kind", CALL_KINDS)
def test_each_kind_of_call_opens_its_ticket_in_the_stage_of_its_kind(product, kind):
    counted = {"outbound_busy": "outbound_unanswered", "outbound_wrong_number": ""}
    setting = counted.get(kind, kind) or "outbound_unanswered"
    with_tickets(product, **{setting: "3"})
    product.log(call_events(1, kind, start=START, phone=KNOWN))
    ticket = product.one("tickets", "call-1")["properties"]
    assert (ticket["hs_pipeline"], ticket["hs_pipeline_stage"]) == ("0", "3")
    assert ticket["source_type"] == "PHONE"
    assert "Call ID: 1" in ticket["content"]


@pytest.mark.parametrize("direction", ["inbound", "outbound"])
def test_each_kind_of_message_opens_its_ticket(product, direction):
    with_tickets(product, **{f"{direction}_message": "2"})
    product.log(message_events("m-1", direction, start=START, phone=KNOWN))
    ticket = product.one("tickets", "message-m-1")
    assert ticket["properties"]["hs_pipeline_stage"] == "2"
    activity = product.one("communications", "message-m-1")["id"]
    assert ticket["associations"]["communications"] == [activity]
    assert ticket["associations"]["contacts"] == [CLAIRE]


def test_a_group_message_opens_one_ticket_for_all(product):
    with_tickets(product, inbound_message="2")
    product.log(group_events("g-1", "inbound", start=START, phones=[KNOWN, "+33199004568"]))
    ticket = product.one("tickets", "group-g-1")
    assert set(ticket["associations"]["contacts"]) == {CLAIRE, "12346"}


def test_a_kind_without_a_stage_opens_none(product):
    with_tickets(product, inbound_voicemail="2")
    product.log(missed())
    assert product.all("tickets") == []
    assert product.decision("call-1").choices["ticket"] == "no ticket for this kind"


def test_a_ticket_is_linked_with_contact_company_and_call_and_belongs_to_the_owner(product):
    with_tickets(product, inbound_answered="1")
    product.log(call())
    ticket = product.one("tickets", "call-1")
    assert ticket["associations"] == {
        "contacts": [CLAIRE],
        "companies": ["8001"],
        "calls": [product.one("calls", "call-1")["id"]],
    }
    assert ticket["properties"]["hubspot_owner_id"] == JEANNE
    assert "Inbound answered call" in ticket["properties"]["subject"]
    assert product.record("call-1").written.ticket == ticket["id"]


def test_a_ticket_of_a_companys_phone_is_linked_with_the_company(product):
    with_tickets(product, inbound_missed="1")
    product.log(missed(phone="+33199007700"))
    assert linked(product, "tickets", "call-1")["companies"] == {"8004"}
    assert "contacts" not in linked(product, "tickets", "call-1")


def test_a_ticket_of_an_anonymous_caller_is_linked_with_the_call_alone(product):
    with_tickets(product, inbound_missed="1")
    product.log(missed(phone="anonymous"))
    assert set(linked(product, "tickets", "call-1")) == {"calls"}


def test_never_two_tickets_however_often_the_events_come(product):
    with_tickets(product, inbound_voicemail="1", inbound_missed="2")
    events = call_events(1, "inbound_voicemail", start=START, phone=UNKNOWN, story=VOICEMAIL)
    for event in [*events, *events]:
        product.log([event])
    assert len(product.all("tickets")) == 1


def test_a_kind_that_got_its_stage_only_later_makes_no_ticket_for_calls_logged_before(product):
    first, rest = split(call(Story(later_tags=(33,))), "call.tagged")
    product.log(first)
    with_tickets(product, inbound_answered="1")
    product.log(rest)
    assert product.all("tickets") == []


def test_a_refused_ticket_goes_to_the_failures_and_the_call_stays_logged(product):
    with_tickets(product, inbound_missed="1")
    product.hubspot.fault("partial", path="*/tickets/batch/create", permanent=True)
    product.log([*missed(1), *missed(2)])
    assert len(product.failures()) == 1
    (failed,) = product.failures()
    assert product.decision(failed).result == "logged"
    assert "refused by the sandbox" in product.decision(failed).errors[0]
    assert len(product.all("calls")) == 2
    assert len(product.all("tickets")) == 1
    assert stages(product)["inbound_missed"] == "1"


def test_retry_makes_the_refused_ticket_once(product):
    with_tickets(product, inbound_missed="1")
    product.hubspot.fault("partial", path="*/tickets/batch/create", permanent=True)
    product.log(missed())
    product.retry()
    assert product.failures() == set()
    ticket = product.one("tickets", "call-1")
    assert ticket["associations"]["calls"] == [product.one("calls", "call-1")["id"]]
    assert product.decision("call-1").errors == ()
    product.log(missed())
    assert len(product.all("tickets")) == 1


def test_retry_of_a_ticket_that_is_wanted_no_more_ends_the_failure(product):
    with_tickets(product, inbound_missed="1")
    product.hubspot.fault("partial", path="*/tickets/batch/create", permanent=True)
    product.log(missed())
    with_tickets(product, inbound_missed=None)
    product.retry()
    assert product.failures() == set()
    assert product.all("tickets") == []


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


def test_a_late_voicemail_moves_the_ticket_and_changes_kind_outcome_flag_and_text(product):
    with_tickets(product, inbound_missed="1", inbound_voicemail="2")
    first, rest = split(
        call_events(1, "inbound_voicemail", start=START, phone=KNOWN, story=VOICEMAIL),
        "call.voicemail_left",
    )
    product.log(first)
    assert product.one("tickets", "call-1")["properties"]["hs_pipeline_stage"] == "1"
    assert product.decision("call-1").kind == "inbound_missed"
    product.log(rest)
    assert product.one("tickets", "call-1")["properties"]["hs_pipeline_stage"] == "2"
    held = product.one("calls", "call-1")["properties"]
    assert held["hs_call_disposition"] == "b2cf5968-551e-4856-9783-52b3da59a7d0"
    assert held["hs_call_has_voicemail"] == "true"
    assert "(voicemail)" in held["hs_call_title"]
    assert "https://assets.aircall.io/calls/1/voicemail/info" in held["hs_call_body"]
    assert product.decision("call-1").kind == "inbound_voicemail"
    with product.asking() as asked:
        product.log([*first, *rest])
    assert asked == []


def test_a_late_voicemail_renames_and_retells_the_ticket_of_the_missed_call(product):
    with_tickets(product, inbound_missed="1", inbound_voicemail="2")
    first, rest = late_voicemail()
    product.log(first)
    before = product.one("tickets", "call-1")["properties"]
    assert "(voicemail)" not in before["subject"]
    product.log(rest)
    held = product.one("tickets", "call-1")["properties"]
    assert held["subject"] == f"{before['subject']} (voicemail)"
    assert "https://assets.aircall.io/calls/1/voicemail/info" in held["content"]
    assert held["content"].count("Call ID: 1") == 1
    assert product.decision("call-1").notes == ()


def test_a_late_voicemail_leaves_what_a_person_wrote_into_the_ticket(product):
    with_tickets(product, inbound_missed="1", inbound_voicemail="2")
    first, rest = late_voicemail()
    product.log(first)
    product.hubspot.edit("tickets", product.one("tickets", "call-1")["id"], {"subject": "Urgent"})
    product.log(rest)
    held = product.one("tickets", "call-1")["properties"]
    assert (held["subject"], held["hs_pipeline_stage"]) == ("Urgent", "2")
    assert "Voicemail" in held["content"]
    assert product.decision("call-1").notes == (
        "a person changed the ticket's subject, it was left alone",
    )


def test_a_ticket_found_again_after_a_crash_is_still_renamed(product, monkeypatch):
    with_tickets(product, inbound_missed="1", inbound_voicemail="2")
    first, rest = late_voicemail()
    product.deliver(first)
    with monkeypatch.context() as patched:
        patched.setattr(product.shop.due, "commit", lambda *_: ["call-1"])
        Drain(product.shop).run()
    product.recover()
    product.log(rest)
    assert "(voicemail)" in product.one("tickets", "call-1")["properties"]["subject"]


def test_a_crash_after_the_ticket_was_renamed_tells_of_no_person(product, monkeypatch):
    with_tickets(product, inbound_missed="1", inbound_voicemail="2")
    first, rest = late_voicemail()
    product.log(first)
    product.deliver(rest)
    with monkeypatch.context() as patched:
        patched.setattr(product.shop.due, "commit", lambda *_: ["call-1"])
        Drain(product.shop).run()
    held = product.one("tickets", "call-1")["properties"]
    assert "(voicemail)" in held["subject"]
    product.recover()
    assert product.one("tickets", "call-1")["properties"]["subject"] == held["subject"]
    assert product.decision("call-1").notes == ()
    assert product.record("call-1").written.stage == "2"


def test_a_late_voicemail_leaves_a_ticket_that_a_person_moved(product):
    with_tickets(product, inbound_missed="1", inbound_voicemail="2")
    first, rest = split(
        call_events(1, "inbound_voicemail", start=START, phone=KNOWN, story=VOICEMAIL),
        "call.voicemail_left",
    )
    product.log(first)
    product.hubspot.edit(
        "tickets", product.one("tickets", "call-1")["id"], {"hs_pipeline_stage": "4"}
    )
    product.log(rest)
    held = product.one("tickets", "call-1")["properties"]
    assert held["hs_pipeline_stage"] == "4"
    assert "(voicemail)" in held["subject"]
    assert "(voicemail)" in product.one("calls", "call-1")["properties"]["hs_call_title"]
    assert product.decision("call-1").notes == (
        "a person changed the ticket's stage, it was left alone",
    )


def test_a_late_voicemail_makes_the_ticket_that_the_missed_call_did_not_have(product):
    with_tickets(product, inbound_voicemail="2")
    first, rest = split(
        call_events(1, "inbound_voicemail", start=START, phone=KNOWN, story=VOICEMAIL),
        "call.voicemail_left",
    )
    product.log(first)
    assert product.all("tickets") == []
    product.log(rest)
    ticket = product.one("tickets", "call-1")
    assert ticket["properties"]["hs_pipeline_stage"] == "2"
    assert ticket["associations"]["contacts"] == [CLAIRE]


def test_a_late_voicemail_makes_no_second_ticket_for_one_that_a_person_deleted(product):
    with_tickets(product, inbound_missed="1", inbound_voicemail="2")
    first, rest = split(
        call_events(1, "inbound_voicemail", start=START, phone=KNOWN, story=VOICEMAIL),
        "call.voicemail_left",
    )
    product.log(first)
    product.hubspot.delete("tickets", product.one("tickets", "call-1")["id"])
    with product.asking("tickets/batch/create") as asked:
        product.log(rest)
    assert asked == []
    assert product.all("tickets") == []
    assert product.failures() == set()
    assert product.decision("call-1").notes == ("the ticket was deleted in HubSpot",)
    assert product.record("call-1").written.ticket is None
    product.log([later(rest[-1], 60, tags=[{"id": 33, "name": "VIP"}])])
    assert product.all("tickets") == []


def test_a_ticket_moves_into_the_pipeline_chosen_since(product):
    with_tickets(product, inbound_missed="1")
    first, rest = split(
        call_events(1, "inbound_voicemail", start=START, phone=KNOWN, story=VOICEMAIL),
        "call.voicemail_left",
    )
    product.log(first)
    product.set(tickets__pipeline="81234567", tickets__stages__inbound_missed=None)
    product.set(tickets__stages__inbound_voicemail="158001")
    product.log(rest)
    ticket = product.one("tickets", "call-1")["properties"]
    assert (ticket["hs_pipeline"], ticket["hs_pipeline_stage"]) == ("81234567", "158001")


def test_a_ticket_that_should_move_into_a_missing_stage_stays_and_the_stage_is_taken_out(product):
    with_tickets(product, inbound_missed="1", inbound_voicemail="2")
    first, rest = split(
        call_events(1, "inbound_voicemail", start=START, phone=KNOWN, story=VOICEMAIL),
        "call.voicemail_left",
    )
    product.log(first)
    product.hubspot.delete("stages", "2", "0")
    product.log(rest)
    assert product.one("tickets", "call-1")["properties"]["hs_pipeline_stage"] == "1"
    assert "(voicemail)" in product.one("tickets", "call-1")["properties"]["subject"]
    assert stages(product)["inbound_voicemail"] is None
    assert stages(product)["inbound_missed"] == "1"
    assert product.failures() == set()
    assert "(voicemail)" in product.one("calls", "call-1")["properties"]["hs_call_title"]


def test_a_ticket_that_hubspot_refuses_to_move_is_moved_by_a_retry(product):
    with_tickets(product, inbound_missed="1", inbound_voicemail="2")
    first, rest = split(
        call_events(1, "inbound_voicemail", start=START, phone=KNOWN, story=VOICEMAIL),
        "call.voicemail_left",
    )
    product.log(first)
    product.hubspot.fault("partial", path="*/tickets/batch/update", permanent=True)
    product.log(rest)
    assert product.failures() == {"call-1"}
    product.retry()
    assert product.one("tickets", "call-1")["properties"]["hs_pipeline_stage"] == "2"
    assert product.failures() == set()


def test_a_deleted_ticket_does_not_make_the_call_count_as_deleted(product):
    with_tickets(product, inbound_missed="1", inbound_voicemail="2")
    first, rest = split(
        call_events(1, "inbound_voicemail", start=START, phone=KNOWN, story=VOICEMAIL),
        "call.voicemail_left",
    )
    product.log(first)
    real = product.shop.hubspot.update

    def update(object_type, changes):
        if object_type == "tickets":
            product.hubspot.delete("tickets", changes[0].id)
        return real(object_type, changes)

    product.shop.hubspot.update = update
    product.log(rest)
    assert product.record("call-1").written.deleted is False
    assert product.record("call-1").written.ticket is None
    assert "the ticket was deleted in HubSpot" in product.decision("call-1").notes
    assert product.decision("call-1").reason == "inbound_voicemail"
