"""What befalls a batch that no interaction is to blame for, and what only one of them suffers."""

import time

import pytest
from product import KNOWN, START, UNKNOWN, call
from redis.exceptions import ConnectionError as Gone
from rq.timeouts import JobTimeoutException

from clients.errors import Rejected
from clients.hubspot.records import Batch as Answered
from sandbox.traffic import call_events
from store import keys
from store.due import TRIES_BEFORE_FAILING
from store.records import DAMAGED
from store.settings import DamagedSettingsError
from worker import jobs
from worker.drain import Drain, opening, planning

TICKETS = {"tickets__pipeline": "0", "tickets__stages__inbound_missed": "1"}


def missed(*ids, phone=KNOWN):
    return [e for at in ids for e in call_events(at, "inbound_missed", start=START, phone=phone)]


def logged(product):
    return {one["properties"]["aircall_id"] for one in product.all("calls")}


@pytest.mark.parametrize("room", ["fold", "decide"])
@pytest.mark.parametrize("error", [JobTimeoutException("too long"), Gone("reset")])
def test_a_timeout_or_a_redis_that_fails_blames_no_interaction(product, monkeypatch, room, error):
    def stopped(*_, **__):
        raise error

    product.deliver(missed(1))
    with monkeypatch.context() as patched:
        patched.setattr(opening if room == "fold" else planning, room, stopped)
        with pytest.raises(type(error)):
            Drain(product.shop).run()
    assert product.failures() == set()
    product.recover()
    assert logged(product) == {"call-1"}


@pytest.mark.parametrize("key", [keys.new, keys.record, keys.ids, keys.mark])
def test_a_key_of_another_type_fails_its_interaction_alone(product, key):
    product.deliver(missed(1, 2, 3))
    product.redis.delete(key("call-2"))
    product.redis.hset(key("call-2"), "a", "b")
    product.drain()
    assert product.failures() == {"call-2"}
    assert logged(product) == {"call-1", "call-3"}
    assert product.decision("call-2").reason == DAMAGED


def test_a_key_of_another_type_does_not_hold_up_what_is_claimed_with_its_poison(product):
    product.deliver(missed(1, 2))
    product.redis.delete(keys.new("call-2"))
    product.redis.set(keys.new("call-2"), "no list")
    product.redis.hset(keys.TRIES, "call-2", TRIES_BEFORE_FAILING)
    product.drain()
    assert product.failures() == {"call-2"}
    assert logged(product) == {"call-1"}


def test_a_hint_that_cannot_be_understood_harms_no_other(product):
    product.redis.rpush(keys.new("hint-number-1"), "no json")
    product.redis.zadd(keys.DUE, {"hint-number-1": 0})
    product.log(missed(1))
    assert logged(product) == {"call-1"}
    assert product.failures() == {"hint-number-1"}


def test_an_answer_of_aircall_that_cannot_be_understood_harms_no_other(product, monkeypatch):
    *before, _ = call_events(1, "inbound_missed", start=int(time.time()) - 2000, phone=KNOWN)
    monkeypatch.setattr(
        product.shop.aircall, "call", lambda _: {"id": 999, "ended_at": 5, "status": "done"}
    )
    product.deliver(before, arrived=int(time.time() * 1000) - 700_000)
    product.log(missed(2))
    assert logged(product) == {"call-2"}
    assert product.failures() == {"call-1"}


def test_of_a_call_that_never_ends_aircall_is_asked_for_a_day_and_no_longer(product):
    *before, _ = call_events(1, "inbound_missed", start=int(time.time()) - 90_000, phone=KNOWN)
    product.aircall.add_call(before[0])
    product.deliver(before, arrived=int(time.time() * 1000) - 700_000)
    product.drain()
    assert product.aircall.count("GET", "/v1/calls/1") == 1
    assert product.redis.zcard(keys.DUE) == 0


def test_after_a_step_back_of_the_clock_a_call_that_hung_up_is_still_asked_for_in_ten_minutes(
    product,
):
    *before, _ = call_events(1, "inbound_missed", start=int(time.time()), phone=KNOWN)
    product.deliver(before, arrived=int(time.time() * 1000) + 3_600_000)
    product.drain()
    (_, score) = product.redis.zrange(keys.DUE, 0, -1, withscores=True)[0]
    assert score / 1000 - time.time() <= 601


def test_an_interaction_that_failed_and_is_ignored_in_the_end_leaves_the_failures(product):
    *before, last = missed(1)
    product.deliver(before)
    product.redis.hset(keys.TRIES, "call-1", TRIES_BEFORE_FAILING)
    product.drain()
    assert product.failures() == {"call-1"}
    product.set(enabled=False)
    product.log([last])
    assert product.decision("call-1").result == "ignored"
    assert product.failures() == set()


def test_poison_that_was_cured_ends_its_alert(product):
    product.deliver(missed(1))
    product.redis.hset(keys.TRIES, "call-1", TRIES_BEFORE_FAILING)
    product.drain()
    assert set(product.alerts()) == {"poisoned call-1"}
    product.retry()
    assert logged(product) == {"call-1"}
    assert product.alerts() == {}


@pytest.fixture
def damaged(product):
    product.redis.hset(keys.SETTINGS_REVISIONS, "1", "{broken")
    return product


def test_damaged_settings_claim_nothing_and_poison_nobody(damaged):
    damaged.deliver(missed(1))
    for _ in range(TRIES_BEFORE_FAILING + 2):
        with pytest.raises(DamagedSettingsError):
            Drain(damaged.shop).run()
        damaged.pass_time(30)
    assert damaged.redis.hget(keys.TRIES, "call-1") is None
    assert damaged.failures() == set()


def test_damaged_settings_are_said_once_by_the_job_which_does_not_fail(damaged, monkeypatch):
    said = []
    monkeypatch.setattr(jobs, "workshop", lambda: damaged.shop)
    jobs.remark.cache_clear()
    monkeypatch.setattr("worker.remark.log.error", lambda *_, **how: said.append(how["problem"]))
    jobs.drain()
    jobs.drain()
    assert len(said) == 1


def test_a_damaged_revision_of_the_past_stops_no_call(product):
    product.deliver(missed(1))
    product.set(name="Another name")
    product.redis.hset(keys.SETTINGS_REVISIONS, "1", "{broken")
    product.drain()
    assert logged(product) == {"call-1"}


def test_an_outage_of_writing_alone_is_met_with_few_requests(product):
    """Reading answers, so every probe succeeds: what waits must not all be tried with each."""
    product.hubspot.fault("500", path="*/calls/batch/create", times=None)
    product.deliver(missed(*range(1, 1001)))
    with product.asking() as asked:
        product.drain()
        for _ in range(4):  # a minute
            product.pass_time(15)
            product.shop.due.sweep()
            product.drain()
    assert len(asked) <= 120
    assert len(product.parked("hubspot")) == 1000
    product.hubspot.faults.clear()
    product.recover()
    assert len(logged(product)) == 1000
    assert product.shop.limits.paused("hubspot") == {}


def test_a_refused_token_stays_an_alert_though_a_repeated_event_needs_no_request(product):
    product.log(missed(1))
    product.hubspot.switches.token = "another"
    product.log(missed(2))
    assert set(product.alerts()) == {"hubspot refuses"}
    product.log(missed(1))
    assert set(product.alerts()) == {"hubspot refuses"}


@pytest.mark.parametrize("kind", ["calls", "tickets"])
def test_a_404_for_a_record_that_is_there_does_not_count_as_deleted(product, monkeypatch, kind):
    product.set(**TICKETS, tickets__stages__inbound_voicemail="2")
    product.log(missed(1))
    update = product.shop.hubspot.update

    def lost(object_type, changes):
        if object_type == kind:
            return Answered(whole=Rejected("hubspot", "no route", status=404))
        return update(object_type, changes)

    with monkeypatch.context() as patched:
        patched.setattr(product.shop.hubspot, "update", lost, raising=False)
        product.log(call_events(1, "inbound_voicemail", start=START, phone=KNOWN))
    assert not product.record("call-1").written.deleted
    assert not product.record("call-1").written.ticket_deleted
    assert product.failures() == {"call-1"}
    product.retry()
    assert product.failures() == set()
    assert product.one("calls", "call-1")["properties"]["hs_call_has_voicemail"] == "true"
    assert product.one("tickets", "call-1")["properties"]["hs_pipeline_stage"] == "2"


def picky(product, monkeypatch, bad, **how):
    search = product.shop.hubspot.search

    def refusing(object_type, query, *rest):
        if bad in str(query):
            raise Rejected("hubspot", "That is no phone.", status=400, **how)
        return search(object_type, query, *rest)

    monkeypatch.setattr(product.shop.hubspot, "search", refusing)


def test_a_refused_search_that_names_a_property_holds_up_only_whose_value_it_is(
    product, monkeypatch
):
    picky(product, monkeypatch, "33199887702", properties=("phone",))
    for number in range(1, 6):
        product.deliver(call(id_=number, phone=f"+3319988770{number}"))
    product.drain()
    assert product.failures() == {"call-2"}
    assert len(logged(product)) == 4
    assert product.parked("hubspot") == set()


def test_a_vendor_that_refuses_every_search_makes_no_failures_but_an_alert(product, monkeypatch):
    picky(product, monkeypatch, "Query")
    for number in range(10, 60):
        product.deliver(call(id_=number, phone=f"+331998877{number}"))
    product.drain()
    assert product.failures() == set()
    assert len(product.parked("hubspot")) == 50
    assert "That is no phone." in product.alerts()["hubspot refuses"]
    monkeypatch.undo()
    product.recover()
    assert len(logged(product)) == 50
    assert product.alerts() == {}


def test_a_key_that_hubspot_does_not_give_back_leaves_its_owner_and_makes_a_contact_without(
    product, monkeypatch
):
    product.log(missed(1, phone=UNKNOWN))
    (old,) = product.contacts_of(UNKNOWN)
    product.hubspot.edit("contacts", old["id"], {"phone": "+33199112233"})
    product.redis.delete(keys.contact(UNKNOWN))
    monkeypatch.setattr(
        product.shop.hubspot,
        "update",
        lambda _, changes: Answered(
            refused={each.key: Rejected("hubspot", "no", status=400) for each in changes}
        ),
        raising=False,
    )
    product.log(missed(2, phone=UNKNOWN))
    (new,) = product.contacts_of(UNKNOWN)
    assert new["id"] != old["id"]
    assert product.one("calls", "call-2")["associations"]["contacts"] == [new["id"]]


def test_a_key_in_the_recycle_bin_that_only_the_second_try_meets_makes_a_contact_without(
    product, monkeypatch
):
    product.log(missed(1, phone=UNKNOWN))
    (old,) = product.contacts_of(UNKNOWN)
    product.hubspot.delete("contacts", old["id"])
    product.redis.delete(keys.contact(UNKNOWN))
    create, read = product.shop.hubspot.create, product.shop.hubspot.read
    tries = []

    def fussy(object_type, inputs):
        if object_type == "contacts" and not tries:
            tries.append(1)
            return Answered(
                refused={each.key: Rejected("hubspot", "bad", status=400) for each in inputs}
            )
        return create(object_type, inputs)

    def blind_at_first(object_type, ids, properties, **how):
        found = read(object_type, ids, properties, **how)
        return {} if how.get("archived") and tries.append(1) is None and len(tries) == 2 else found

    monkeypatch.setattr(product.shop.hubspot, "create", fussy, raising=False)
    monkeypatch.setattr(product.shop.hubspot, "read", blind_at_first, raising=False)
    product.log(missed(2, phone=UNKNOWN))
    (new,) = product.contacts_of(UNKNOWN)
    assert product.one("calls", "call-2")["associations"]["contacts"] == [new["id"]]
