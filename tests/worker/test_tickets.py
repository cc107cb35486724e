"""Which tickets are made, with what, and never two."""

import pytest
from product import CLAIRE, KNOWN, START, UNKNOWN, call, split

from sandbox.traffic import CALL_KINDS, Story, call_events, group_events, message_events
from tests.worker.ticketing import JEANNE, VOICEMAIL, linked, missed, stages, with_tickets


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
