"""The small index by which an interaction is found by the other party's phone."""

from store import keys
from store.due import ByPhone, Settled
from tests.store.holding import enter

PHONE = "+33199004567"


def settle(due, id_, began, *phones, seconds=900):
    enter(due, id_)
    due.claim("w")
    by_phone = ByPhone(phones or (PHONE,), began, seconds)
    return due.commit("w", [Settled(id_, "out", 1, by_phone=by_phone)])


def test_interactions_are_kept_by_phone_newest_first(due, redis_client):
    settle(due, "call-2", 2_000)
    settle(due, "call-1", 1_000)
    settle(due, "message-3", 3_000)
    found = redis_client.zrange(keys.phone(PHONE), 0, -1, desc=True)
    assert found == [b"message-3", b"call-2", b"call-1"]


def test_only_the_last_twenty_are_kept(due, redis_client):
    for n in range(25):
        settle(due, f"call-{n}", n)
    found = redis_client.zrange(keys.phone(PHONE), 0, -1)
    assert found == [b"call-%d" % n for n in range(5, 25)]


def test_an_old_one_settled_late_pushes_no_newer_one_out(due, redis_client):
    for n in range(100, 120):
        settle(due, f"call-{n}", n)
    settle(due, "call-1", 1)
    assert redis_client.zscore(keys.phone(PHONE), "call-1") is None
    assert redis_client.zcard(keys.phone(PHONE)) == 20


def test_it_expires_counted_from_the_last(due, redis_client):
    settle(due, "call-1", 1, seconds=10)
    settle(due, "call-2", 2, seconds=5_000)
    assert 4_000 < redis_client.ttl(keys.phone(PHONE)) <= 5_000


def test_a_group_is_found_by_each_of_its_phones_and_a_hidden_one_by_none(due, redis_client):
    settle(due, "group-1", 1, PHONE, "+33199004568")
    assert redis_client.zcard(keys.phone("+33199004568")) == 1
    enter(due, "call-2")
    due.claim("w")
    due.commit("w", [Settled("call-2", "out", 1)])
    assert sorted(redis_client.keys("ah:phone:*")) == [
        b"ah:phone:+33199004567",
        b"ah:phone:+33199004568",
    ]


def test_what_somebody_else_holds_now_is_not_entered(due, redis_client):
    enter(due, "call-1")
    due.claim("other")
    lost = due.commit("w", [Settled("call-1", "out", 1, by_phone=ByPhone((PHONE,), 1, 9))])
    assert lost == ("call-1",)
    assert not redis_client.exists(keys.phone(PHONE))
