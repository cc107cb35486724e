import pytest
from product import KNOWN, START, UNKNOWN, call, split

from sandbox.traffic import Story, call_events, message_events
from store import keys
from worker.drain import planning

ALL = frozenset({"calls", "communications", "tickets", "contacts"})
LAG = 30.0
TICKETS = {"tickets__pipeline": "0", "tickets__stages__inbound_missed": "1"}


@pytest.fixture
def portal(product):
    """A portal that allows no unique property, and whose search lags."""
    for kind, name in (
        ("calls", "aircall_id"),
        ("communications", "aircall_id"),
        ("tickets", "aircall_id"),
        ("contacts", "aircall_phone"),
    ):
        product.hubspot.delete("properties", name, kind)
    product.hubspot.switches.no_unique_on = ALL
    product.hubspot.switches.search_lag = LAG
    product.read_directory()
    product.set(**TICKETS)
    return product


def missed(id_=1, phone=KNOWN):
    return call_events(id_, "inbound_missed", start=START, phone=phone)


def external(product):
    return sorted(one["properties"]["hs_call_external_id"] for one in product.all("calls"))


def after_the_lag(product, monkeypatch):
    """Let a minute pass: for the marks, for the leases, and for HubSpot's search."""
    now = product.hubspot.clock()
    monkeypatch.setattr(planning, "LAG_MS", 0)
    product.hubspot.clock = lambda: now + 60
    product.recover()


def test_without_unique_properties_a_call_is_known_by_its_external_id(portal):
    portal.log([*missed(1), *missed(2, UNKNOWN)])
    assert external(portal) == ["1", "2"]
    assert len(portal.all("tickets")) == 2
    assert all("aircall_id" not in one["properties"] for one in portal.all("calls"))
    (contact,) = portal.contacts_of(UNKNOWN)
    assert "aircall_phone" not in contact["properties"]


@pytest.mark.parametrize("kind", ["timeout_after", "500_after", "reset_after", "cut"])
@pytest.mark.parametrize("path", ["contacts", "calls", "tickets", "communications"])
def test_an_unknown_outcome_waits_for_the_search_and_makes_nothing_twice(
    portal, monkeypatch, kind, path
):
    portal.set(tickets__stages__inbound_message="1")
    portal.hubspot.fault(kind, path=f"*/{path}/batch/create", hold=0.05)
    portal.log([*missed(1, UNKNOWN), *message_events("m-1", "inbound", start=START, phone=KNOWN)])
    after_the_lag(portal, monkeypatch)
    assert external(portal) == ["1"]
    assert len(portal.all("communications")) == 1
    assert len(portal.all("tickets")) == 2
    assert len(portal.contacts_of(UNKNOWN)) == 1
    assert portal.failures() == set()


def test_an_unknown_outcome_is_looked_into_only_when_the_search_has_caught_up(portal):
    portal.hubspot.fault("500_after", path="*/calls/batch/create")
    portal.log(missed())
    assert portal.redis.zscore(keys.DUE, "call-1") > 0
    with portal.asking() as asked:
        portal.pass_time(20)
        portal.drain()
    assert asked == []
    assert external(portal) == ["1"]


def test_a_second_call_waits_while_the_first_is_making_the_contact(portal, monkeypatch):
    portal.hubspot.fault("500_after", path="*/contacts/batch/create")
    portal.log(missed(1, UNKNOWN))
    portal.log(missed(2, UNKNOWN))
    assert "call-2" not in {id_.decode() for id_ in portal.redis.hkeys(keys.OWNER)}
    assert "making the contact" in portal.decision("call-2").reason
    after_the_lag(portal, monkeypatch)
    assert external(portal) == ["1", "2"]
    assert len(portal.contacts_of(UNKNOWN)) == 1


def test_a_refused_contact_does_not_make_others_of_that_phone_wait(portal):
    portal.hubspot.fault("partial", path="*/contacts/batch/create", permanent=True, times=2)
    portal.log(missed(1, UNKNOWN))
    portal.log(missed(2, UNKNOWN))
    assert external(portal) == ["1", "2"]
    assert len(portal.contacts_of(UNKNOWN)) == 1


def test_later_changes_and_repeats_need_no_search(portal):
    first, rest = split(call(Story(later_tags=(33,))), "call.tagged")
    portal.log(first)
    with portal.asking() as asked:
        portal.log(rest)
        portal.log([*first, *rest])
    assert asked == ["POST calls/batch/read", "POST calls/batch/update"]


def test_a_call_older_than_the_map_of_ids_is_refused_to_the_failures(portal):
    old = START - 250 * 86_400
    portal.log(call_events(1, "inbound_missed", start=old, phone=KNOWN))
    assert portal.all("calls") == []
    assert portal.failures() == {"call-1"}
    assert "may have been logged before" in portal.decision("call-1").reason


def test_an_old_call_that_the_map_still_knows_is_changed(portal):
    first, rest = split(call(Story(later_tags=(33,))), "call.tagged")
    portal.log(first)
    portal.redis.delete(keys.record("call-1"))
    portal.log([{**event, "data": {**event["data"], "started_at": 1}} for event in rest])
    assert portal.failures() == set()
    assert "VIP" in portal.all("calls")[0]["properties"]["hs_call_body"]


def test_an_old_call_is_no_danger_where_it_has_a_key(product):
    old = START - 250 * 86_400
    product.log(call_events(1, "inbound_missed", start=old, phone=KNOWN))
    assert len(product.all("calls")) == 1


def test_calls_that_are_linked_with_nobody_are_searched_for(portal, monkeypatch):
    portal.hubspot.fault("500_after", path="*/calls/batch/create")
    portal.log(event for at in range(1, 9) for event in missed(at, "anonymous"))
    after_the_lag(portal, monkeypatch)
    assert external(portal) == ["1", "2", "3", "4", "5", "6", "7", "8"]
