"""The directory before the first plan: what HubSpot refuses to tell is said, and asked slowly."""

import pytest
from product import KNOWN, START

from sandbox.traffic import call_events
from store import keys
from store.directory import PARTS
from worker.directory import refresh

TICKETS = {"tickets__pipeline": "0", "tickets__stages__inbound_missed": "1"}


def missed(*ids):
    return [e for at in ids for e in call_events(at, "inbound_missed", start=START, phone=KNOWN)]


@pytest.fixture
def unread(product):
    """A product that has never asked HubSpot for anything."""
    product.redis.delete(keys.DIRECTORY)
    return product


@pytest.mark.parametrize(
    "scope", ["crm.objects.owners.read", "crm.objects.companies.read", "crm.objects.contacts.read"]
)
def test_a_scope_without_which_nothing_can_be_planned_is_an_alert_that_names_it(unread, scope):
    unread.hubspot.switches.missing_scopes = frozenset({scope})
    unread.log(missed(*range(1, 251)))
    assert scope in unread.alerts()["hubspot refuses"]
    assert len(unread.parked("hubspot")) == 250
    with unread.asking() as asked:
        unread.pass_time(30)
        unread.shop.due.sweep()
        unread.drain()
    assert asked == []
    unread.hubspot.switches.missing_scopes = frozenset()
    unread.recover()
    assert len(unread.all("calls")) == 250
    assert unread.alerts() == {}


def test_a_set_up_that_is_refused_is_asked_for_once_a_minute_whatever_waits(unread):
    unread.hubspot.switches.missing_scopes = frozenset({"crm.objects.owners.read"})
    unread.log(missed(*range(1, 251)))
    with unread.asking() as asked:
        unread.pass_time(61)
        unread.shop.due.sweep()
        unread.drain()
    assert 1 <= len(asked) <= 15


def test_a_token_that_may_not_see_tickets_logs_calls_all_the_same(unread):
    unread.hubspot.switches.missing_scopes = frozenset({"tickets"})
    unread.set(**TICKETS)
    unread.log(missed(1))
    assert len(unread.all("calls")) == 1
    assert "tickets" in unread.alerts()["tickets scope missing"]
    unread.hubspot.switches.missing_scopes = frozenset()
    refresh(unread.shop, PARTS)
    unread.retry()
    assert len(unread.all("tickets")) == 1
    assert unread.one("tickets", "call-1")
    assert unread.failures() == set()


def test_a_vendor_that_is_down_at_the_first_start_is_asked_for_one_part_and_not_for_all(unread):
    unread.hubspot.fault("503", times=None)
    with unread.asking() as asked:
        unread.log(missed(*range(1, 251)))
    assert len(asked) == 2  # each reading is tried twice at once
    assert unread.alerts() == {}
    unread.hubspot.faults.clear()
    unread.recover()
    assert len(unread.all("calls")) == 250
