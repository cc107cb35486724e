import pytest
from product import KNOWN, START, UNKNOWN, call, later, split

from sandbox.hubspot.records import Owner
from sandbox.traffic import Story, call_events, message_events
from store import keys

JEANNE, OMAR, SOFIA, GONE = "11349275740", "11349275741", "11349275742", "11349275750"
MARC = "+33199004568"
"""Of a contact that belongs to Omar."""
PAUL = "+33199004572"
"""Of a contact that belongs to somebody who left."""


def owner(product, kind="calls", id_="call-1"):
    return product.one(kind, id_)["properties"].get("hubspot_owner_id")


def missed(phone):
    return call_events(1, "inbound_missed", start=START, phone=phone)


@pytest.mark.parametrize(("user", "wanted"), [(456, JEANNE), (457, OMAR), (458, SOFIA)])
def test_the_owner_has_the_agents_e_mail_whatever_the_case(product, user, wanted):
    product.log(call(user=user))
    assert owner(product) == wanted
    assert product.decision("call-1").choices["owner"] == "the agent's e-mail"


@pytest.mark.parametrize("fallback", [None, SOFIA])
@pytest.mark.parametrize("user", [459, 460])
def test_an_agent_without_an_active_owner_leaves_the_fallback_owner(product, user, fallback):
    product.set(fallback_owner=fallback)
    product.log(call(user=user))
    assert owner(product) == fallback


def test_a_missed_call_without_an_agent_belongs_to_the_contacts_owner(product):
    product.set(fallback_owner=SOFIA)
    product.log(missed(MARC))
    assert owner(product) == OMAR


def test_an_inbound_message_without_an_agent_belongs_to_the_contacts_owner(product):
    product.log(message_events("m-1", "inbound", start=START, phone=MARC))
    assert owner(product, "communications", "message-m-1") == OMAR


def test_an_outbound_message_belongs_to_its_agent(product):
    product.log(message_events("m-1", "outbound", start=START, phone=MARC))
    assert owner(product, "communications", "message-m-1") == JEANNE


def test_the_contacts_owner_who_left_counts_for_nothing(product):
    product.set(fallback_owner=SOFIA)
    product.log(missed(PAUL))
    assert owner(product) == SOFIA


def test_an_answered_call_takes_no_contacts_owner(product):
    product.log(call(phone=MARC, user=460))
    assert owner(product) is None


def test_a_fallback_owner_who_left_is_left_out(product):
    product.set(fallback_owner=GONE)
    product.log(missed(UNKNOWN))
    assert owner(product) is None
    assert "not active" in product.decision("call-1").choices["owner"]


def test_a_new_contact_and_the_ticket_belong_to_the_fallback_owner_too(product):
    product.set(fallback_owner=SOFIA, tickets__pipeline="0", tickets__stages__inbound_missed="1")
    product.log(missed(UNKNOWN))
    (contact,) = product.contacts_of(UNKNOWN)
    assert contact["properties"]["hubspot_owner_id"] == SOFIA
    assert owner(product, "tickets") == SOFIA


def test_an_owner_who_is_new_in_hubspot_is_found_by_a_fresh_look(product):
    email = "nobody.known@example.com"
    product.hubspot.portal.owners["77"] = Owner("77", email, "No", "Body", 7)
    product.log(call(user=460))
    assert owner(product) == "77"


def test_unknown_agents_make_us_look_at_most_once_a_minute(product):
    with product.asking("/crm/owners/") as asked:
        product.log(call(id_=1, user=460))
        product.log(call(id_=2, user=460))
    assert len(asked) == 2  # active ones and archived ones
    product.redis.delete(keys.missed("owners"))
    with product.asking("/crm/owners/") as asked:
        product.log(call(id_=3, user=460))
    assert len(asked) == 2


def test_an_owner_that_hubspot_refuses_is_left_out_and_looked_up_anew(product):
    product.set(tickets__pipeline="0", tickets__stages__inbound_answered="1")
    product.hubspot.delete("owners", JEANNE)
    product.log(call())
    assert owner(product) is None
    assert owner(product, "tickets") is None
    assert product.failures() == set()
    assert "call: HubSpot refused the owner, written without" in product.decision("call-1").notes
    product.set(fallback_owner=SOFIA)
    product.log(call(id_=2))
    assert owner(product, id_="call-2") == SOFIA


def test_another_agent_later_is_set_where_the_first_ones_owner_was_refused(product):
    product.hubspot.delete("owners", JEANNE)
    events = call(Story(later_tags=(33,)))
    first, rest = split(events, "call.tagged")
    product.log(first)
    changed = later(rest[0], 5, user={"id": 458, "email": "sofia.lindqvist@example.com"})
    product.log([changed])
    assert owner(product) == SOFIA


def test_a_refused_owner_harms_no_other_of_its_batch(product):
    product.hubspot.delete("owners", JEANNE)
    product.log([*call(id_=1, user=456), *call(id_=2, user=457)])
    assert (owner(product, id_="call-1"), owner(product, id_="call-2")) == (None, OMAR)


def test_an_owner_who_cannot_be_set_again_costs_nothing_when_events_are_repeated(product):
    product.hubspot.delete("owners", JEANNE)
    product.log(call())
    with product.asking() as asked:
        product.log(call())
    assert asked == []


def test_a_phone_known_to_one_contact_is_not_asked_for_its_owner(product):
    with product.asking("/crm/owners/") as asked:
        product.log(call(phone=KNOWN))
    assert asked == []
