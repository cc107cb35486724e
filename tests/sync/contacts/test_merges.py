"""HubSpot contacts that were merged: the one they became has the contact in Aircall."""

import pytest

from store.contact_holds import Hold, contact_name
from sync.contacts import wanted
from sync.contacts.carrying import BUSY
from tests.sync.contacts.people import (
    OTHER,
    Piece,
    add,
    asking,
    book,
    carried,
    entry,
    of,
    waiting,
)

pytestmark = pytest.mark.usefixtures("syncing")


def test_a_merged_contact_takes_its_aircall_contact_along(product, ada):
    carried(product, ada)
    winner = add(product, firstname="Augusta", lastname="King")
    product.hubspot.merge("contacts", winner, ada)
    assert carried(product, winner).kind == "changed"
    assert of(product, winner)["first_name"] == "Augusta"
    assert of(product, winner)["information"].split()[0].endswith(f"/{winner}")
    assert len(book(product)) == 1
    assert entry(product, ada) is None
    assert entry(product, winner).ours


def test_a_merge_waits_for_who_carries_the_other(product, ada):
    carried(product, ada)
    winner = add(product, firstname="Augusta")
    product.hubspot.merge("contacts", winner, ada)
    with Hold(product.redis, [contact_name(ada)]):
        assert carried(product, winner).reason == BUSY
    assert entry(product, ada) is not None
    assert carried(product, winner).kind == "changed"


def test_of_two_merged_contacts_one_stays_in_aircall(product, ada):
    winner = add(product, firstname="Augusta", phone=OTHER)
    carried(product, ada)
    carried(product, winner)
    product.hubspot.merge("contacts", winner, ada)
    carried(product, winner)
    assert [each["first_name"] for each in book(product).values()] == ["Augusta"]
    assert entry(product, ada) is None


def test_a_merged_one_that_aircall_keeps_is_not_asked_for_without_end(product, ada):
    carried(product, ada)
    winner = add(product, firstname="Augusta", phone=OTHER)
    carried(product, winner)
    product.hubspot.merge("contacts", winner, ada)
    product.aircall.fault("405", method="DELETE", times=None)
    carried(product, winner)
    with asking(product) as asked:
        for _ in range(5):
            wanted.work(product.shop, Piece(1))
    assert asked.count(f"DELETE contacts/{entry(product, ada).aircall}") <= 1
    assert waiting(product) == (0, 0)


def test_one_that_was_merged_and_is_not_ours_stays_in_aircall(product):
    winner = add(product, firstname="Augusta", phone=OTHER)
    carried(product, "12345")
    carried(product, winner)
    product.hubspot.merge("contacts", winner, "12345")
    carried(product, winner)
    assert 710 in product.aircall.office.book.contacts
    assert entry(product, "12345") is None
