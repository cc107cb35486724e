"""Contacts that were deleted or merged in HubSpot: a daily look, and only ours are removed."""

from dataclasses import replace
from weakref import WeakSet

import pytest

from clients.errors import Unavailable, VendorError
from store.aircall_contacts import AircallContacts
from sync.contacts import gone, source
from sync.contacts.source import check_portal
from tests.sync.contacts.people import (
    PHONE,
    Piece,
    add,
    asking,
    book,
    carried,
    carry_wanted,
    entry,
    look_for_gone,
    of,
    values,
    waiting,
)

pytestmark = pytest.mark.usefixtures("syncing")


@pytest.fixture
def ada(product):
    """A contact that is in Aircall already."""
    id_ = add(product, firstname="Ada", phone=PHONE)
    carried(product, id_)
    return id_


def test_nothing_gone_costs_one_request_for_a_hundred(product):
    for n in range(60):
        carried(product, add(product, firstname="A", phone=f"+3319988{n:04}"))
    with product.asking() as asked, asking(product) as aircall:
        assert not look_for_gone(product)
    assert asked == ["POST contacts/batch/read"]
    assert aircall == []


def test_one_deleted_in_hubspot_is_removed_if_we_made_it(product, ada):
    product.hubspot.delete("contacts", ada)
    assert not look_for_gone(product)
    assert book(product) == {}
    assert entry(product, ada) is None
    assert product.redis.hgetall("ah:contacts:phones") == {}
    assert product.redis.hgetall("ah:contacts:aircall") == {}


def test_one_that_was_there_before_us_stays(product):
    carried(product, "12345")
    product.hubspot.delete("contacts", "12345")
    with asking(product) as asked:
        look_for_gone(product)
    assert asked == []
    assert 710 in product.aircall.office.book.contacts
    assert entry(product, "12345") is None


def test_one_purged_for_good_is_removed_too(product, ada):
    del product.hubspot.portal.records["contacts"][ada]
    look_for_gone(product)
    assert book(product) == {}


def test_one_that_was_made_without_an_answer_is_removed_too(product):
    id_ = add(product, firstname="Ada", phone=PHONE)
    product.aircall.fault("500_after", method="POST", path="/v1/contacts")
    with pytest.raises(Unavailable):
        carried(product, id_)
    product.pass_time(120)
    assert len(book(product)) == 1
    product.hubspot.delete("contacts", id_)
    look_for_gone(product)
    assert book(product) == {}
    assert entry(product, id_) is None


def test_one_that_is_missing_from_one_answer_only_stays(product, ada, monkeypatch):
    real = product.shop.hubspot.read
    first = [True]

    def forgetful(kind, ids, properties, **how):
        if first:
            first.clear()
            return {}
        return real(kind, ids, properties, **how)

    monkeypatch.setattr(
        type(product.shop.hubspot), "read", lambda self, *a, **k: forgetful(*a, **k)
    )
    look_for_gone(product)
    assert len(book(product)) == 1
    assert entry(product, ada) is not None


def test_one_already_removed_in_aircall_is_forgotten(product, ada):
    product.aircall.office.book.contacts.pop(of(product, ada)["id"])
    product.hubspot.delete("contacts", ada)
    look_for_gone(product)
    assert entry(product, ada) is None


def test_one_that_aircall_does_not_let_go_is_tried_again_the_next_day(product, ada):
    product.hubspot.delete("contacts", ada)
    product.aircall.fault("405", method="DELETE")
    assert not look_for_gone(product)
    assert len(book(product)) == 1
    look_for_gone(product)
    assert book(product) == {}


def test_whoever_shared_its_phone_gets_it(product):
    one = add(product, firstname="One", phone=PHONE)
    carried(product, one)
    two = add(product, firstname="Two", phone=PHONE)
    carried(product, two)
    carry_wanted(product)
    product.hubspot.delete("contacts", two)
    look_for_gone(product)
    assert waiting(product) == (0, 1)
    carry_wanted(product)
    assert [each["first_name"] for each in book(product).values()] == ["One"]
    assert values(of(product, one)) == [PHONE]


def test_merged_the_map_follows_to_the_winner(product, ada):
    winner = add(product, firstname="Augusta")
    product.hubspot.merge("contacts", winner, ada)
    look_for_gone(product)
    assert entry(product, ada) is None
    assert len(book(product)) == 1
    carry_wanted(product)
    assert of(product, winner)["first_name"] == "Augusta"


def test_of_two_contacts_of_one_winner_one_stays(product, ada):
    winner = add(product, firstname="Augusta", phone="+33199880002")
    carried(product, winner)
    product.hubspot.merge("contacts", winner, ada)
    look_for_gone(product)
    carry_wanted(product)
    assert [values(each) for each in book(product).values()] == [["+33199880002"]]


def test_it_goes_on_where_it_stood(product):
    ids = []
    for n in range(30):
        ids.append(add(product, firstname="A", phone=f"+3319988{n:04}"))
        carried(product, ids[-1])
    for id_ in ids:
        product.hubspot.delete("contacts", id_)
    rounds = 0
    while look_for_gone(product, 4):
        rounds += 1
        assert rounds < 20
    assert rounds > 5
    assert book(product) == {}
    assert AircallContacts(product.redis).count() == 0


def test_aircall_down_leaves_the_rest_for_later(product, ada):
    product.hubspot.delete("contacts", ada)
    product.aircall.fault("503", times=2)
    with pytest.raises(Unavailable):
        look_for_gone(product)
    product.pass_time(120)
    look_for_gone(product)
    assert book(product) == {}


@pytest.mark.parametrize("how", [{"sync_contacts": False}, {"enabled": False}])
def test_off_nothing_is_removed(product, ada, how):
    product.set(**how)
    product.hubspot.delete("contacts", ada)
    with asking(product) as asked, product.asking() as hubspot:
        assert not look_for_gone(product)
    assert asked == hubspot == []
    assert len(book(product)) == 1


def test_another_portal_removes_nobody(product, ada):
    look_for_gone(product)
    AircallContacts(product.redis).note(portal="999")
    with pytest.raises(VendorError):
        gone.work(product.shop, Piece())
    assert len(book(product)) == 1


def test_the_token_of_another_portal_removes_nobody_though_the_directory_is_of_the_former(
    product, ada, monkeypatch
):
    account = product.shop.directory.read().account
    product.shop.directory.write("account", replace(account, portal_id="999"))
    AircallContacts(product.redis).note(portal="999")
    monkeypatch.setattr(source, "_ASKED", WeakSet())
    product.hubspot.delete("contacts", ada)
    with pytest.raises(VendorError, match="another one"):
        gone.work(product.shop, Piece())
    assert len(book(product)) == 1


def test_once_nothing_of_the_former_portal_is_known_the_new_one_counts(product, ada):
    contacts = AircallContacts(product.redis)
    contacts.note(portal="999", followed=1)
    with pytest.raises(VendorError):
        check_portal(product.shop)
    product.redis.delete("ah:contacts:map")
    check_portal(product.shop)
    assert contacts.state().keys() == {"portal"}
    assert contacts.state()["portal"] == product.shop.directory.read().account.portal_id


def test_as_a_job_it_does_the_same(product, ada):
    product.hubspot.delete("contacts", ada)
    gone.look()
    assert book(product) == {}
