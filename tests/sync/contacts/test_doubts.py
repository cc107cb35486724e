"""Answers that were lost, limits and refusals: nothing is done twice, and one blames no other."""

import pytest

from clients.errors import Unavailable
from clients.http import Times
from rules.aircall_contacts import Detail
from store.aircall_contacts import AircallContacts
from sync.contacts.refusals import ALERT, again, tell_refused
from tests.sync.contacts.people import (
    OTHER,
    PHONE,
    asking,
    book,
    carried,
    entry,
    of,
    rename,
    values,
    waiting,
)

pytestmark = pytest.mark.usefixtures("syncing")


@pytest.mark.parametrize("kind", ["reset_after", "timeout_after", "500_after", "cut"])
def test_a_create_whose_answer_was_lost_is_found_before_another_try(product, ada, kind):
    product.shop.aircall._http._times = Times(connect=0.5, read=0.15, total=0.6)
    product.aircall.fault(kind, method="POST", path="/v1/contacts", hold=0.4)
    with pytest.raises(Unavailable):
        carried(product, ada)
    product.pass_time(120)
    with asking(product) as asked:
        assert carried(product, ada).kind == "created"
    assert asked == ["GET contacts/search"]
    assert entry(product, ada).ours
    assert len(book(product)) == 1
    product.hubspot.edit("contacts", ada, {"phone": OTHER})
    carried(product, ada)
    assert values(of(product, ada)) == [OTHER]


@pytest.mark.parametrize("phone", [OTHER, ""])
def test_a_create_whose_answer_was_lost_is_found_though_hubspot_has_another_phone(
    product, ada, phone
):
    product.aircall.fault("500_after", method="POST", path="/v1/contacts")
    with pytest.raises(Unavailable):
        carried(product, ada)
    product.pass_time(120)
    rename(product, ada, phone=phone)
    carried(product, ada)
    rename(product, ada, phone=OTHER)
    carried(product, ada)
    assert [values(each) for each in book(product).values()] == [[OTHER]]
    assert entry(product, ada).ours


def test_of_a_lost_create_only_ours_is_taken_though_others_have_the_phone(product, ada):
    product.aircall.fault("500", method="POST", path="/v1/contacts")
    with pytest.raises(Unavailable):
        carried(product, ada)
    product.pass_time(120)
    theirs = product.shop.aircall.contacts.create({"first_name": "B"}, [Detail("Work", PHONE)], [])
    rename(product, ada, phone=OTHER)
    assert carried(product, ada).kind == "created"
    assert values(book(product)[theirs.id]) == [PHONE]
    assert values(of(product, ada)) == [OTHER]


@pytest.mark.parametrize(("path", "times"), [("*/phone_details", 1), ("*/contacts/711", 2)])
@pytest.mark.parametrize("kind", ["reset_after", "reset"])
def test_a_change_whose_answer_was_lost_is_not_done_twice(product, ada, path, times, kind):
    carried(product, ada)
    rename(product, ada, mobilephone=OTHER, lastname="King")
    product.aircall.fault(kind, method="POST", path=path, times=times)
    with pytest.raises(Unavailable):
        carried(product, ada)
    product.pass_time(120)
    assert carried(product, ada).kind in {"changed", "unchanged"}
    assert values(of(product, ada)) == [PHONE, OTHER]
    assert of(product, ada)["last_name"] == "King"


def test_a_limit_that_let_nothing_through_costs_no_look_afterwards(product, ada):
    product.redis.hset("ah:pause:aircall", mapping={"until": 1 << 50, "reason": "down"})
    with pytest.raises(Unavailable):
        carried(product, ada)
    product.redis.delete("ah:pause:aircall")
    carried(product, ada)
    rename(product, ada, lastname="King")
    product.redis.hset("ah:pause:aircall", mapping={"until": 1 << 50, "reason": "down"})
    with pytest.raises(Unavailable):
        carried(product, ada)
    product.redis.delete("ah:pause:aircall")
    with asking(product) as asked:
        carried(product, ada)
    assert len(asked) == 1


@pytest.mark.parametrize("status", ["400", "405", "422"])
def test_what_aircall_refuses_is_noted_and_tried_when_it_changes(product, ada, status):
    product.aircall.fault(status, method="POST", path="/v1/contacts")
    outcome = carried(product, ada)
    assert (outcome.kind, entry(product, ada).refused) == ("skipped", True)
    assert outcome.reason
    tell_refused(product.shop)
    assert product.alerts()[ALERT].startswith("Aircall refused a contact because: ")
    with asking(product) as asked:
        assert carried(product, ada) == outcome
    assert asked == []
    rename(product, ada, lastname="King")
    assert carried(product, ada).kind == "created"
    tell_refused(product.shop)
    assert product.alerts() == {}


def test_a_refused_part_does_not_keep_the_others(product, ada):
    carried(product, ada)
    product.aircall.fault("422", method="POST", path="*/phone_details")
    rename(product, ada, mobilephone=OTHER, lastname="King")
    outcome = carried(product, ada)
    assert outcome.kind == "changed"
    assert outcome.reason
    assert of(product, ada)["last_name"] == "King"
    assert AircallContacts(product.redis).refused() == ((ada, outcome.reason),)
    assert again(product.shop) == 1
    assert waiting(product) == (0, 1)
    carried(product, ada)
    assert values(of(product, ada)) == [PHONE, OTHER]
    assert not entry(product, ada).refused


def test_a_refused_key_is_a_matter_for_all_and_blames_no_contact(product, ada):
    product.aircall.fault("403", method="POST", path="/v1/contacts")
    with pytest.raises(Unavailable) as caught:
        carried(product, ada)
    assert caught.value.reason == "credentials"
    assert not entry(product, ada).refused
    assert product.redis.exists("ah:pause:aircall")


def test_too_many_requests_are_respected(product, ada):
    product.aircall.fault("429", path="*/search", retry_after=30)
    with pytest.raises(Unavailable):
        carried(product, ada)
    with asking(product) as asked, pytest.raises(Unavailable):
        carried(product, ada)
    assert asked == []
    product.pass_time(60)
    assert carried(product, ada).kind == "created"
