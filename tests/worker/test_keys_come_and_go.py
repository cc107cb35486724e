"""A portal whose unique properties come or go between a write that was lost and the next try."""

from dataclasses import replace

import pytest
from product import KNOWN, START, UNKNOWN
from test_drain_faults import Crash

from sandbox.traffic import call_events
from store import keys
from store.records import mark_json, read_mark
from worker.drain import Drain, planning

NAMES = {
    "calls": "aircall_id",
    "communications": "aircall_id",
    "tickets": "aircall_id",
    "contacts": "aircall_phone",
}
TICKETS = {
    "tickets__pipeline": "0",
    "tickets__stages__inbound_missed": "1",
    "tickets__stages__inbound_voicemail": "1",
}


def missed(id_=1, phone=UNKNOWN):
    return call_events(id_, "inbound_missed", start=START, phone=phone)


def without_keys(product, *kinds):
    for kind in kinds:
        product.hubspot.delete("properties", NAMES[kind], kind)
    product.hubspot.switches.no_unique_on = frozenset(kinds)
    product.read_directory()


def with_keys_again(product):
    product.hubspot.switches.no_unique_on = frozenset()
    product.read_directory()
    assert product.shop.directory.read().all_unique


def crash_after(product, monkeypatch, path):
    """Stop the worker when it has sent this request and before it hears of it."""
    create = product.shop.hubspot.create

    def dying(object_type, inputs):
        answer = create(object_type, inputs)
        if object_type == path:
            raise Crash
        return answer

    with monkeypatch.context() as patched:
        patched.setattr(product.shop.hubspot, "create", dying, raising=False)
        with pytest.raises(Crash):
            Drain(product.shop).run()


def each_once(product):
    product.recover()
    assert len(product.all("calls")) == 1
    assert len(product.all("tickets")) == 1
    assert len(product.contacts_of(UNKNOWN)) == 1
    assert product.failures() == set()
    assert product.decision("call-1").result == "logged"


@pytest.mark.parametrize("path", ["contacts", "calls", "tickets"])
@pytest.mark.parametrize("kinds", [tuple(NAMES), ("calls",), ("tickets",), ("contacts",)])
def test_what_was_written_without_a_key_is_found_when_the_portal_has_got_them(
    product, monkeypatch, kinds, path
):
    product.set(**TICKETS)
    without_keys(product, *kinds)
    product.deliver(missed())
    crash_after(product, monkeypatch, path)
    with_keys_again(product)
    monkeypatch.setattr(planning, "LAG_MS", 0)
    each_once(product)


@pytest.mark.parametrize("path", ["contacts", "calls", "tickets"])
@pytest.mark.parametrize("kinds", [tuple(NAMES), ("calls",), ("tickets",), ("contacts",)])
def test_what_was_written_with_a_key_is_found_when_the_portal_has_lost_them(
    product, monkeypatch, kinds, path
):
    product.set(**TICKETS)
    product.deliver(missed())
    crash_after(product, monkeypatch, path)
    without_keys(product, *kinds)
    monkeypatch.setattr(planning, "LAG_MS", 0)
    each_once(product)


def test_a_search_that_may_lag_is_waited_for_though_the_portal_has_got_keys_since(
    product, monkeypatch
):
    product.hubspot.switches.search_lag = 30.0
    without_keys(product, *NAMES)
    product.deliver(missed(phone="anonymous"))
    crash_after(product, monkeypatch, "calls")
    with_keys_again(product)
    product.pass_time(30)
    with product.asking() as asked:
        product.drain()
    assert asked == []
    now = product.hubspot.clock()
    product.hubspot.clock = lambda: now + 60
    monkeypatch.setattr(planning, "LAG_MS", 0)
    product.recover()
    assert len(product.all("calls")) == 1


def test_a_ticket_of_a_late_change_is_not_made_twice_when_the_portal_has_got_keys(
    product, monkeypatch
):
    product.set(**{**TICKETS, "tickets__stages__inbound_missed": ""})
    without_keys(product, *NAMES)
    product.log(missed(phone=KNOWN))
    product.deliver(call_events(1, "inbound_voicemail", start=START, phone=KNOWN))
    crash_after(product, monkeypatch, "tickets")
    with_keys_again(product)
    monkeypatch.setattr(planning, "LAG_MS", 0)
    product.recover()
    assert len(product.all("tickets")) == 1
    assert product.record("call-1").written.ticket == product.all("tickets")[0]["id"]


def test_a_ticket_that_a_lost_try_made_is_ours_though_no_ticket_is_wanted_any_more(
    product, monkeypatch
):
    product.set(**{**TICKETS, "tickets__stages__inbound_missed": ""})
    product.log(missed(phone=KNOWN))
    product.deliver(call_events(1, "inbound_voicemail", start=START, phone=KNOWN))
    crash_after(product, monkeypatch, "tickets")
    product.set(tickets__stages__inbound_voicemail="")
    product.recover()
    assert product.record("call-1").written.ticket == product.one("tickets", "call-1")["id"]


@pytest.mark.parametrize("kinds", [("calls",), ("communications",), ("tickets",), ("contacts",)])
def test_one_type_without_a_key_makes_drains_take_turns(product, kinds):
    without_keys(product, *kinds)
    product.deliver(missed())
    assert product.shop.due.claim("another", exclusive=True).ids == ("call-1",)
    product.deliver(missed(2))
    product.drain()
    assert product.all("calls") == []


def test_drains_take_turns_while_nobody_knows_what_the_portal_allows(product):
    product.redis.delete(keys.DIRECTORY)
    product.deliver(missed())
    assert product.shop.due.claim("another", exclusive=True).ids == ("call-1",)
    product.deliver(missed(2))
    product.drain()
    assert product.all("calls") == []


def test_after_a_step_back_of_the_clock_nobody_waits_an_hour_for_a_search(product, monkeypatch):
    without_keys(product, *NAMES)
    product.deliver(missed())
    crash_after(product, monkeypatch, "calls")
    mark = read_mark(product.redis.get(keys.mark("call-1")), "call-1")
    assert mark is not None
    product.redis.set(keys.mark("call-1"), mark_json(replace(mark, at=9_999_999_999_999)))
    product.pass_time(30)
    product.drain()
    (_, score) = product.redis.zrange(keys.DUE, 0, -1, withscores=True)[0]
    seconds, _ = product.redis.time()
    assert score / 1000 - seconds <= planning.LAG_MS / 1000 + 1
