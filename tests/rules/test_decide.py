from dataclasses import replace

import pytest

from rules.contacts import ContactChoice
from rules.decide import Others, World, decide, without_keys
from rules.hours import Hours
from rules.kinds import Kind
from rules.outcomes import DEFAULT_OUTCOMES
from rules.owners import Owner, owners_by
from rules.parties import Party, parties_of
from rules.plan import NewContact, Plan
from rules.records import Agent, Arrival, Call, Line, Message, Person, Tag
from rules.settings import Settings, with_values

JEANNE = Owner("41", "jeanne@example.com", "Jeanne", active=True)
OMAR = Owner("42", "omar@example.com", "Omar", active=True)
UNIQUE = dict.fromkeys(("calls", "communications", "tickets", "contacts"), True)
WORLD = World(
    Settings(),
    7,
    owners_by([JEANNE, OMAR]),
    {guid: label for label, guid in DEFAULT_OUTCOMES.items()},
    UNIQUE,
)
HOURS = Hours("unknown", "the number never told of its hours")
LINE = Line(1001, "Sales", "+33199000123", "FR")
CALL = Call(
    "call-1",
    direction="inbound",
    phone="+33199887766",
    started_at=1_790_000_000,
    ended_at=1_790_000_020,
    line=LINE,
    accepted=Arrival(1, 7),
)
MESSAGE = Message(
    "message-m",
    direction="inbound",
    phone="+33199887766",
    body="Hi",
    sent_at=1_790_000_000,
    line=LINE,
    accepted=Arrival(1, 7),
)
FOUND = ContactChoice("12345", "phone", owner="42", company="8001")
NOBODY = ContactChoice()


def planned(interaction=CALL, kind=Kind.INBOUND_MISSED, contact=NOBODY, company=None, world=WORLD):
    others = Others(parties_of(interaction, ()), (contact,), (company,))
    return decide(interaction.id, interaction, kind, others, HOURS, world)


def world(**settings):
    wanted = {path.replace("__", "."): value for path, value in settings.items()}
    return replace(WORLD, settings=with_values(Settings(), wanted))


def test_a_plan_of_a_found_contact_names_it_its_company_its_owner_and_every_reason():
    plan = planned(contact=FOUND)
    assert (plan.id, plan.type, plan.kind, plan.revision) == (
        "call-1",
        "calls",
        "inbound_missed",
        7,
    )
    assert (plan.contacts, plan.company, plan.new_contact) == (("12345",), "8001", None)
    assert plan.contact_owner == plan.properties["hubspot_owner_id"] == "42"
    assert plan.properties["hs_call_disposition"] == DEFAULT_OUTCOMES["No answer"]
    assert plan.ticket is None
    assert plan.choices == {
        "contact": "found by phone",
        "outcome": "the setting for inbound_missed: No answer",
        "owner": "the contact's owner; there is no agent",
        "ticket": "no ticket for this kind",
        "hours": "the number never told of its hours",
    }


def test_a_company_that_has_the_phone_is_linked_and_no_contact_is_made():
    plan = planned(company=ContactChoice("8004", "phone"))
    assert (plan.contacts, plan.company, plan.new_contact) == ((), "8004", None)
    assert plan.choices["contact"] == "a company has this phone: no contact is made"


def test_a_company_that_was_not_found_stops_no_contact():
    plan = planned(company=NOBODY)
    assert plan.new_contact is not None
    assert plan.choices["contact"] == "unknown phone: a contact is made"


def test_the_partner_of_a_message_is_made_a_contact_like_a_caller():
    plan = planned(MESSAGE, Kind.INBOUND_MESSAGE)
    assert plan.new_contact.phone == "+33199887766"
    assert plan.choices["contact"] == "unknown phone: a contact is made"
    assert planned(MESSAGE, Kind.INBOUND_MESSAGE, FOUND).choices["contact"] == "found by phone"


def test_an_unknown_phone_gets_a_contact_and_its_plainest_form():
    person = Person(1, "Max", "Muster", emails=("max@example.com",))
    agent = Agent(1, "Jeanne", "JEANNE@example.com")
    answered = replace(CALL, person=person, agent=agent, answered_at=1_790_000_005)
    new = planned(answered, Kind.INBOUND_ANSWERED).new_contact
    assert new.phone == "+33199887766"
    assert new.properties["email"] == "max@example.com"
    assert new.properties["hubspot_owner_id"] == "41"
    assert set(new.reduced) == {"phone", "aircall_phone", "firstname", "lastname"}


def test_making_contacts_may_be_off():
    plan = planned(world=world(create_contacts=False))
    assert plan.new_contact is None
    assert plan.choices["contact"] == "unknown phone; making contacts is off"


def test_who_hides_the_phone_is_made_no_contact_and_it_is_said_why():
    plan = planned(replace(CALL, phone="anonymous"))
    assert plan.new_contact is None
    assert plan.choices["contact"] == "no contact is made of: anonymous"


def test_one_of_our_own_lines_is_made_no_contact():
    plan = planned(replace(CALL, phone=LINE.digits))
    assert plan.new_contact is None
    assert plan.choices["contact"] == "no contact is made of: one of our own numbers"


def test_a_party_without_a_phone_is_made_no_contact():
    others = Others((Party("", None, None),), (NOBODY,), (None,))
    plan = decide("call-1", CALL, Kind.INBOUND_MISSED, others, HOURS, WORLD)
    assert plan.new_contact is None
    assert plan.choices["contact"] == "unknown phone; making contacts is on"


def test_nobody_outside_is_no_trouble():
    plan = decide("call-1", CALL, Kind.INBOUND_MISSED, Others((), (), ()), HOURS, WORLD)
    assert (plan.contacts, plan.company, plan.new_contact) == ((), None, None)
    assert plan.choices["contact"] == "nobody outside took part"


def test_whose_phone_only_rang_is_not_the_agent_of_a_missed_call():
    rang = replace(CALL, agent=Agent(1, "Jeanne", "jeanne@example.com"))
    plan = planned(rang, contact=FOUND)
    assert plan.properties["hubspot_owner_id"] == "42"
    assert "Jeanne" not in plan.properties["hs_call_body"]
    unanswered = replace(rang, direction="outbound")
    assert planned(unanswered, Kind.OUTBOUND_UNANSWERED).properties["hubspot_owner_id"] == "41"


def test_an_answered_call_does_not_take_the_contacts_owner():
    plan = planned(replace(CALL, answered_at=1_790_000_005), Kind.INBOUND_ANSWERED, FOUND)
    assert "hubspot_owner_id" not in plan.properties


def test_the_fallback_owner_has_call_ticket_and_new_contact():
    chosen = world(fallback_owner="42", tickets__pipeline="0", tickets__stages__inbound_missed="1")
    plan = planned(world=chosen)
    owners = (plan.properties, plan.ticket, plan.new_contact.properties)
    assert [each["hubspot_owner_id"] for each in owners] == ["42"] * 3


def test_a_tag_outweighs_the_kinds_outcome():
    tagged = replace(CALL, tags=(Tag(33, "VIP"),))
    plan = planned(tagged, world=world(tag_outcomes={"33": "Busy"}))
    assert plan.properties["hs_call_disposition"] == DEFAULT_OUTCOMES["Busy"]
    assert plan.choices["outcome"] == "by tag: VIP"


@pytest.mark.parametrize(
    ("kind", "stage"), [(Kind.OUTBOUND_BUSY, "3"), (Kind.OUTBOUND_WRONG_NUMBER, "3")]
)
def test_busy_and_wrong_number_have_the_ticket_of_unanswered(kind, stage):
    chosen = world(tickets__pipeline="0", tickets__stages__outbound_unanswered="3")
    plan = planned(replace(CALL, direction="outbound"), kind, world=chosen)
    assert (plan.ticket["hs_pipeline"], plan.ticket["hs_pipeline_stage"]) == ("0", stage)
    assert plan.choices["ticket"] == "the kind has a stage"


def test_a_kind_without_a_stage_has_no_ticket_though_others_have():
    plan = planned(world=world(tickets__pipeline="0", tickets__stages__inbound_answered="1"))
    assert plan.ticket is None
    assert plan.choices["ticket"] == "no ticket for this kind"


def test_a_stage_without_a_pipeline_makes_no_ticket():
    plan = planned(world=world(tickets__stages__inbound_missed="1"))
    assert plan.ticket is None
    assert plan.choices["ticket"] == "no ticket, as no pipeline is chosen"


def test_a_message_has_no_outcome():
    plan = planned(MESSAGE, Kind.INBOUND_MESSAGE, FOUND)
    assert plan.type == "communications"
    assert plan.choices["outcome"] == "messages have no outcome"
    assert plan.properties["hubspot_owner_id"] == "42"


def test_a_group_links_all_it_finds_takes_the_first_found_ones_owner_and_makes_nobody():
    phones = ("+33199887766", "+33199004567", "+33199004568")
    group = replace(MESSAGE, id="group-g", group=True, participants=phones)
    others = Others(
        parties_of(group, ()),
        (NOBODY, FOUND, ContactChoice("12346", "phone")),
        (ContactChoice("8004", "phone"), None, None),
    )
    plan = decide("group-g", group, Kind.INBOUND_MESSAGE, others, HOURS, WORLD)
    assert plan.contacts == ("12345", "12346")
    assert plan.company == "8001"
    assert plan.properties["hubspot_owner_id"] == "42"
    assert plan.new_contact is None
    assert plan.choices["contact"].startswith("2 of 3 participants found")


def test_a_group_of_one_makes_nobody():
    group = replace(MESSAGE, id="group-g", group=True, participants=("+33199887766",))
    plan = planned(group, Kind.INBOUND_MESSAGE)
    assert plan.new_contact is None
    assert plan.choices["contact"] == "0 of 1 participants found; none is made of a group"


def test_two_parties_of_one_contact_are_linked_once():
    group = replace(
        MESSAGE, id="group-g", group=True, participants=("+33199887766", "+33199004567")
    )
    others = Others(parties_of(group, ()), (FOUND, FOUND), (None, None))
    plan = decide("group-g", group, Kind.INBOUND_MESSAGE, others, HOURS, WORLD)
    assert plan.contacts == ("12345",)


@pytest.mark.parametrize("lacking", sorted(UNIQUE))
def test_our_keys_are_left_out_where_the_portal_has_them_not(lacking):
    new = NewContact("+331", {"phone": "+331", "aircall_phone": "+331"}, {"aircall_phone": "+331"})
    plan = Plan(
        "call-1",
        Kind.INBOUND_MISSED,
        "calls",
        {"aircall_id": "call-1", "a": "b"},
        ticket={"aircall_id": "call-1", "c": "d"},
        new_contact=new,
    )
    kept = without_keys(plan, {**UNIQUE, lacking: False})
    assert ("aircall_id" in kept.properties) == (lacking != "calls")
    assert ("aircall_id" in kept.ticket) == (lacking != "tickets")
    assert ("aircall_phone" in kept.new_contact.properties) == (lacking != "contacts")
    assert ("aircall_phone" in kept.new_contact.reduced) == (lacking != "contacts")
    assert (kept.properties["a"], kept.ticket["c"]) == ("b", "d")


def test_without_keys_nothing_that_is_not_planned_appears():
    plan = Plan("call-1", Kind.INBOUND_MISSED, "calls", {"aircall_id": "call-1"})
    assert without_keys(plan, {}) == replace(plan, properties={})
