"""The index of Aircall's contacts that a full copy reads first."""

import pytest

from rules.aircall_contacts import TEXTS, AircallContact, Detail
from store import keys
from store.aircall_index import ALL, LIVES, AircallIndex


def contact(id_, *phones, name="Ada"):
    texts = {**dict.fromkeys(TEXTS, ""), "first_name": name}
    return AircallContact(id_, texts, tuple(Detail("Work", each, 1) for each in phones))


@pytest.fixture
def index(redis_client):
    found = AircallIndex(redis_client)
    found.begin("op")
    return found


def test_contact_is_found_by_each_of_its_phones_however_aircall_displays_them(index):
    index.add(
        [contact(1, "+33 1 99 00 45 67", "0033 6 39 98 00 12"), contact(2, "+1 202-555-0178")]
    )
    assert [each.id for each in index.find("+33199004567")] == [1]
    assert [each.id for each in index.find("+33639980012")] == [1]
    assert index.find("+12025550178") == (contact(2, "+1 202-555-0178"),)
    assert index.find("+33199004568") == ()
    assert len(index) == 2


def test_contacts_of_one_phone_are_all_found_the_oldest_first(index):
    index.add([contact(11, "+33199004567"), contact(2, "+33199004567")])
    index.add([contact(7, "+33199004567")])
    assert [each.id for each in index.find("+33199004567")] == [2, 7, 11]


def test_what_is_put_in_again_is_as_it_is_now(index):
    index.add([contact(1, "+33199004567")])
    index.add([contact(1, "+33199004568", name="Eve")])
    assert index.find("+33199004567") == ()
    assert index.find("+33199004568")[0].texts["first_name"] == "Eve"


def test_it_is_of_one_operation_and_gone_when_that_ends(index, redis_client):
    index.add([contact(1, "+33199004567")])
    assert index.is_of("op")
    assert not index.is_of("another")
    index.begin("another")
    assert index.find("+33199004567") == ()
    index.forget()
    assert not redis_client.exists(*ALL)
    assert not index.is_of("another")


def test_it_expires_as_a_whole(index, redis_client):
    index.add([contact(1, "+33199004567")])
    for key in ALL:
        redis_client.expire(key, 10)
    index.is_of("op")
    assert all(LIVES - 5 < redis_client.ttl(key) <= LIVES for key in ALL)


def test_more_than_it_holds_is_left_out_and_said(redis_client):
    small = AircallIndex(redis_client, most=2)
    small.begin("op")
    small.add([contact(1, "+33199004561"), contact(2, "+33199004562")])
    assert not small.full
    small.add([contact(3, "+33199004563"), contact(2, "+33199004569")])
    assert small.full
    assert len(small) == 2
    assert small.find("+33199004563") == ()
    assert [each.id for each in small.find("+33199004569")] == [2]


def test_contact_without_phones_does_no_harm(index, redis_client):
    index.add([contact(1), contact(2, "–")])
    index.add([])
    assert index.find("") == ()
    assert not redis_client.exists(keys.COPY_PHONES)
