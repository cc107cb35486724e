"""What becomes of a ticket that was made: moved, renamed, retold, or a person's."""

from product import CLAIRE, KNOWN, START, later, split

from sandbox.traffic import call_events
from tests.worker.ticketing import VOICEMAIL, late_voicemail, stages, with_tickets
from worker.drain import Drain


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
