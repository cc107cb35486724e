"""Contacts with one phone, and processes at one contact: one is in Aircall, and it stays so."""

import threading

import pytest

from store.aircall_contacts import AircallContacts
from store.contact_holds import Hold, contact_name
from sync.contacts import sharing
from sync.contacts.carrying import BUSY, carry
from sync.contacts.trip import SHARED
from tests.patience import PATIENCE
from tests.sync.contacts.people import (
    OTHER,
    PHONE,
    THIRD,
    add,
    asking,
    book,
    carried,
    entry,
    of,
    read,
    rename,
    values,
    waiting,
)

pytestmark = pytest.mark.usefixtures("syncing")


def test_of_two_with_one_phone_the_last_modified_has_it_and_keeps_it(product):
    first = add(product, firstname="First", phone=PHONE)
    carried(product, first)
    second = add(product, firstname="Second", phone=PHONE)
    with asking(product) as asked:
        assert carried(product, second).kind == "changed"
    assert asked == ["GET contacts/search", "POST contacts/711"]
    assert len(book(product)) == 1
    assert of(product, second)["first_name"] == "Second"
    assert waiting(product) == (0, 1)
    rename(product, first, city="Paris")
    for id_ in (first, second, first):
        with asking(product) as asked:
            outcome = carried(product, id_)
        assert asked == []
    assert outcome.reason == SHARED
    assert of(product, second)["first_name"] == "Second"
    rename(product, second, phone=OTHER)
    carried(product, second)
    carried(product, first)
    assert {values(of(product, id_))[0] for id_ in (first, second)} == {PHONE, OTHER}
    assert of(product, first)["first_name"] == "First"


def test_of_two_modified_at_once_the_lower_id_has_the_phone(product):
    first = add(product, firstname="First", phone=PHONE)
    second = add(product, firstname="Second", phone=PHONE)
    same = read(product, first).properties["lastmodifieddate"]
    product.hubspot.record("contacts", second).properties["lastmodifieddate"] = same
    carried(product, second)
    carried(product, first)
    carried(product, second)
    assert [one["first_name"] for one in book(product).values()] == ["First"]


def test_colleagues_who_share_the_switchboard_have_their_own_phones(product):
    one = add(product, firstname="One", phone=PHONE, mobilephone=OTHER)
    carried(product, one)
    two = add(product, firstname="Two", phone=PHONE, mobilephone=THIRD)
    carried(product, two)
    carried(product, one)
    assert values(of(product, one)) == [OTHER]
    assert values(of(product, two)) == [PHONE, THIRD]
    assert len(book(product)) == 2


def test_one_that_has_its_own_contact_gets_the_phone_too_and_the_other_goes(product):
    one = add(product, firstname="One", phone=PHONE)
    two = add(product, firstname="Two", phone=OTHER)
    carried(product, one)
    carried(product, two)
    rename(product, two, mobilephone=PHONE)
    carried(product, two)
    carried(product, one)
    assert [values(each) for each in book(product).values()] == [[OTHER, PHONE]]
    assert entry(product, one).aircall is None


def test_two_processes_at_one_phone_make_one_contact(product, monkeypatch):
    ids = [add(product, firstname=f"N{n}", phone=PHONE) for n in range(4)]
    records = [read(product, id_) for id_ in ids]
    product.aircall.ready_delay = 0.02
    start = threading.Barrier(len(ids), timeout=PATIENCE)
    outcomes = {}

    def run(record):
        start.wait()
        outcomes[record.id] = carry(product.shop, record)

    threads = [threading.Thread(target=run, args=(record,), daemon=True) for record in records]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()
    product.aircall.ready_delay = 0
    assert BUSY in {each.reason for each in outcomes.values()}
    for _ in range(2):
        for id_ in ids:
            carried(product, id_)
    assert len(book(product)) == 1


def test_what_another_process_carries_is_left_to_later(product, ada):
    with Hold(product.redis, [contact_name(ada)]):
        assert carried(product, ada).reason == BUSY
    assert waiting(product) == (0, 1)
    assert not book(product)
    assert carried(product, ada).kind == "created"


def test_who_lost_the_hold_writes_nothing_more(product, ada, monkeypatch):
    record, search = read(product, ada), product.shop.aircall.contacts.search

    def find(phone):
        product.redis.delete(f"ah:carrying:{phone}")
        return search(phone)

    assert carry(product.shop, record, find).reason == BUSY
    assert not book(product)
    assert carried(product, ada).kind == "created"


def test_of_a_phone_that_very_many_share_some_are_listed_and_it_stays_with_who_has_it(
    product, monkeypatch
):
    monkeypatch.setattr(sharing, "MOST", 2)
    ids = [add(product, firstname=f"N{n}", phone=PHONE) for n in range(4)]
    for n, id_ in enumerate(ids):
        stamp = f"2026-09-01T00:00:0{n}.000Z"
        product.hubspot.record("contacts", id_).properties["lastmodifieddate"] = stamp
    for id_ in reversed(ids):
        carried(product, id_)
    holder, *rest = AircallContacts(product.redis).claims([PHONE])[PHONE]
    assert len(rest) == 1
    others = [id_ for id_ in ids if id_ not in {holder, *rest}]
    for id_ in others:
        rename(product, id_, city="Paris")
        with product.asking() as hubspot, asking(product) as asked:
            assert carried(product, id_).reason == SHARED
        assert (hubspot, asked) == (["POST contacts/batch/read"], [])
    for id_ in (holder, *rest):
        rename(product, id_, phone="")
        carried(product, id_)
    heir = others[0]
    assert carried(product, heir).kind in {"changed", "created"}
    assert [each["first_name"] for each in book(product).values()] == [
        product.hubspot.record("contacts", heir).properties["firstname"]
    ]


def test_who_lost_a_shared_phone_does_not_keep_it_from_the_next(product):
    first, second, third = (add(product, firstname=f"N{n}", phone=PHONE) for n in range(3))
    for id_ in (third, second, first):
        carried(product, id_)
    ids = AircallContacts(product.redis).claims([PHONE])[PHONE]
    assert {*ids} == {first, second, third}
    for id_ in (ids[1], ids[0]):
        rename(product, id_, phone="")
        carried(product, id_)
    assert carried(product, ids[2]).kind == "changed"
    assert len(book(product)) == 1
