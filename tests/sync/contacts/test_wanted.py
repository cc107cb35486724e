"""Contacts of logged interactions come to Aircall: at once with the commit, and none is lost."""

import contextlib

import pytest
from rq import Queue
from rq.serializers import JSONSerializer

from clients.errors import Unavailable
from clients.http import Times
from sandbox.messages import message_events
from store.wanted_contacts import LEASE_MS, WantedContacts
from sync.contacts import wanted
from sync.contacts.carrying import carry
from tests.sync.contacts.people import add, asking, book, carry_wanted, entry, of, waiting
from tests.worker.faulty import Crash, Steps, interfere
from tests.worker.product import KNOWN, START, UNKNOWN, call


@pytest.fixture
def syncing(product):
    product.set(sync_contacts=True)


def jobs(product):
    queue = Queue("background", connection=product.redis, serializer=JSONSerializer)
    return [job.func_name for job in queue.jobs]


def test_after_a_logged_call_its_contact_is_in_aircall(product, syncing):
    product.log(call(phone=UNKNOWN))
    (made,) = product.contacts_of(UNKNOWN)
    assert waiting(product) == (1, 0)
    assert jobs(product) == [wanted.JOB]
    with asking(product) as asked:
        assert not carry_wanted(product)
    assert asked == ["GET contacts/search", "POST contacts"]
    assert entry(product, made["id"]).ours
    assert waiting(product) == (0, 0)


def test_calls_with_a_contact_that_is_there_ask_aircall_nothing_more(product, syncing):
    for n in range(4):
        product.log(call(id_=n, phone=UNKNOWN))
        carry_wanted(product)
    with asking(product) as asked:
        product.log(call(id_=9, phone=UNKNOWN))
        carry_wanted(product)
    assert asked == []
    assert len(book(product)) == 1


def test_messages_want_their_contact_too(product, syncing):
    product.log(message_events("m-1", "inbound", start=START, phone=KNOWN))
    carry_wanted(product)
    assert of(product, "12345")["id"] == 710


def test_while_it_is_off_nobody_is_wanted(product):
    product.log(call(phone=UNKNOWN))
    assert waiting(product) == (0, 0)
    assert wanted.JOB not in jobs(product)


def test_what_is_ignored_or_failed_wants_nobody(product, syncing):
    product.hubspot.fault("partial", path="*/calls/batch/create", which="every", permanent=True)
    product.log(call(id_=1, phone=KNOWN))
    assert product.failures()
    product.set(numbers=(1002,))
    product.log(call(id_=2, phone=KNOWN))
    assert waiting(product) == (0, 0)


def test_whoever_phoned_comes_before_those_that_changed_and_starves_nobody(product, syncing):
    kept = WantedContacts(product.redis)
    changed = [add(product, firstname="C", phone=f"+3319988{n:04}") for n in range(6)]
    logged = [add(product, firstname="L", phone=f"+3319989{n:04}") for n in range(6)]
    kept.add("changed", changed)
    kept.add("logged", logged)
    carry_wanted(product, 4)
    assert [one["first_name"] for one in book(product).values()] == ["L", "L", "L", "C"]
    assert waiting(product) == (3, 5)
    assert not carry_wanted(product)
    assert len(book(product)) == 12


def test_one_that_is_wanted_again_while_it_is_carried_is_looked_at_again(product, syncing):
    kept = WantedContacts(product.redis)
    kept.add("logged", ["12345"])
    (taken,) = kept.take("logged", 5)
    assert kept.take("logged", 5) == ()
    kept.add("logged", ["12345"])
    kept.done(taken)
    assert waiting(product) == (1, 0)
    (taken,) = kept.take("logged", 5)
    kept.done(taken)
    assert waiting(product) == (0, 0)


def test_what_a_dead_process_took_is_taken_again_later(product, syncing):
    kept = WantedContacts(product.redis)
    kept.add("logged", ["12345"])
    (taken,) = kept.take("logged", 5)
    assert not carry_wanted(product)
    assert waiting(product) == (1, 0)
    product.redis.zadd("ah:contacts:wanted", {"12345": taken.lease - LEASE_MS})
    carry_wanted(product)
    assert waiting(product) == (0, 0)
    assert entry(product, "12345").aircall == 710


def test_a_contact_that_hubspot_has_no_more_is_let_go(product, syncing):
    WantedContacts(product.redis).add("logged", ["999999"])
    with asking(product) as asked:
        assert not carry_wanted(product)
    assert asked == []
    assert waiting(product) == (0, 0)


def test_aircall_down_keeps_all_that_is_wanted(product, syncing):
    ids = [add(product, firstname="A", phone=f"+3319988{n:04}") for n in range(3)]
    WantedContacts(product.redis).add("logged", ids)
    product.aircall.fault("503", times=2)
    with pytest.raises(Unavailable):
        carry_wanted(product)
    assert waiting(product) == (3, 0)
    product.pass_time(120)
    assert not carry_wanted(product)
    assert len(book(product)) == 2
    product.redis.zadd("ah:contacts:wanted", dict.fromkeys(ids, 0))
    assert not carry_wanted(product)
    assert len(book(product)) == 3


def test_one_at_which_aircall_fails_always_keeps_no_other_from_it(product, syncing):
    ids = [add(product, firstname="A", phone=f"+3319988{n:04}") for n in range(3)]
    WantedContacts(product.redis).add("logged", ids[:1])
    carry_wanted(product)
    product.hubspot.edit("contacts", ids[0], {"firstname": "B"})
    product.aircall.fault(
        "500", method="POST", path=f"/v1/contacts/{of(product, ids[0])['id']}", times=None
    )
    WantedContacts(product.redis).add("logged", ids)
    for _ in range(3):
        with contextlib.suppress(Unavailable):
            carry_wanted(product)
        product.pass_time(120)
    assert len(book(product)) == 3
    assert waiting(product) == (1, 0)


def test_hubspot_down_keeps_all_that_is_wanted(product, syncing):
    WantedContacts(product.redis).add("logged", ["12345"])
    product.hubspot.fault("503", times=2)
    with pytest.raises(Unavailable):
        carry_wanted(product)
    product.pass_time(120)
    carry_wanted(product)
    assert entry(product, "12345").aircall == 710


def test_a_lost_answer_is_waited_for_and_the_contact_made_once(product, syncing):
    product.shop.aircall._http._times = Times(connect=0.5, read=0.15, total=0.6)
    id_ = add(product, firstname="A", phone="+33199880001")
    WantedContacts(product.redis).add("logged", [id_])
    product.aircall.fault("timeout_after", method="POST", path="/v1/contacts", hold=0.4)
    with pytest.raises(Unavailable):
        carry_wanted(product)
    assert not carry_wanted(product)
    assert waiting(product) == (1, 0)
    product.redis.zadd("ah:contacts:wanted", {id_: 0})
    product.pass_time(120)
    carry_wanted(product)
    assert len(book(product)) == 1
    assert entry(product, id_).ours


def test_a_refused_contact_keeps_no_other_from_aircall(product, syncing):
    ids = [add(product, firstname="A", phone=f"+3319988{n:04}") for n in range(3)]
    WantedContacts(product.redis).add("logged", ids)
    product.aircall.fault("422", method="POST", path="/v1/contacts")
    assert not carry_wanted(product)
    assert len(book(product)) == 2
    assert waiting(product) == (0, 0)
    assert "contacts refused" in product.alerts()


def test_an_odd_contact_keeps_no_other_from_aircall(product, syncing, monkeypatch):
    ids = [add(product, firstname="A", phone=f"+3319988{n:04}") for n in range(3)]
    WantedContacts(product.redis).add("logged", ids)

    def odd(shop, record):
        if record.id == ids[0]:
            raise ValueError("odd")
        return carry(shop, record)

    monkeypatch.setattr(wanted, "carry_one", odd)
    assert not carry_wanted(product)
    assert len(book(product)) == 2
    assert waiting(product) == (1, 0)


def test_a_short_wait_for_our_own_limit_is_waited(product, syncing, monkeypatch):
    WantedContacts(product.redis).add("logged", ["12345"])
    waits = [0.01, 0.01]

    def short(shop, record):
        if waits:
            raise Unavailable("aircall", "limit", reason="rate limit", wait=waits.pop())
        return carry(shop, record)

    monkeypatch.setattr(wanted, "carry_one", short)
    assert not carry_wanted(product)
    assert entry(product, "12345").aircall == 710


def test_a_wait_for_a_limit_ends_with_the_slice(product, syncing, monkeypatch):
    WantedContacts(product.redis).add("logged", ["12345"])

    def limited(shop, record):
        raise Unavailable("aircall", "limit", reason="rate limit", wait=9)

    monkeypatch.setattr(wanted, "carry_one", limited)
    assert carry_wanted(product, 1)
    assert waiting(product) == (1, 0)
    monkeypatch.undo()
    assert not carry_wanted(product)
    assert entry(product, "12345").aircall == 710


class Dying(Steps):
    """The process that dies at a step does nothing after it."""

    def around(self, where, act):
        if self.reached:
            raise Crash
        return super().around(where, act)


@pytest.mark.parametrize("step", range(1, 56))
def test_killed_at_any_step_the_contact_is_made_once(product, syncing, step):
    """After each command to Redis and each request the process dies, and another goes on."""
    id_ = add(product, firstname="A", phone="+33199880001", mobilephone="+33199880002")
    WantedContacts(product.redis).add("logged", [id_])

    def die():
        raise Crash

    for where in ("redis", "http"):
        undo = interfere(product, Dying(step, where, after=die))
        with contextlib.suppress(Crash):
            carry_wanted(product)
        undo()
        for key in product.redis.keys("ah:carrying:*"):
            product.redis.delete(key)
        for set_ in ("ah:contacts:wanted", "ah:contacts:changed"):
            for member, _ in product.redis.zrange(set_, 0, -1, withscores=True):
                product.redis.zadd(set_, {member: 0})
        product.hubspot.edit("contacts", id_, {"lastname": where, "mobilephone": "+33199880003"})
    WantedContacts(product.redis).add("changed", [id_])
    assert not carry_wanted(product)
    assert len(book(product)) == 1
    assert of(product, id_)["last_name"] == "http"
    assert len(of(product, id_)["phone_numbers"]) == 2
    assert entry(product, id_).ours
    assert waiting(product) == (0, 0)
