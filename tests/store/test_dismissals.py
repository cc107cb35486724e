"""A failure that an admin gave up: out of the list, remembered, forgotten with the others."""

from rules.plan import Decision, Record
from store import keys
from store.dismissals import dismiss
from store.due import Settled
from store.records import read_record, record_json
from store.scripts import Scripts
from tests.store.holding import enter, out


def fail(due, *ids):
    enter(due, *ids)
    due.claim("w")
    kept = record_json(Record(decision=Decision("failed", "no")))
    failed = [Settled(each, "stay", 0, kept, 900, keep_mark=True, failure="add") for each in ids]
    due.commit("w", failed)


def give_up(client, *ids, reason="a test"):
    return dismiss(client, ids, by="U1", name="Ada", reason=reason, seconds=7_000)


def test_it_leaves_the_list_and_its_author_and_reason_stay_in_its_decision(due, redis_client):
    fail(due, "call-1", "call-2")
    assert give_up(redis_client, "call-1", reason="a\n test ") == ("call-1",)
    assert due.failures() == ("call-2",)
    decision = read_record(redis_client.get("ah:record:call-1")).decision
    assert (decision.result, decision.reason) == ("failed", "no")
    gone = decision.dismissed
    assert (gone.by, gone.name, gone.reason) == ("U1", "Ada", "a test")
    assert gone.at > 0
    assert 6_000 < redis_client.ttl("ah:record:call-1") <= 7_000
    assert redis_client.hget("ah:totals", "dismissed|by an admin") == b"1"


def test_many_at_once_are_given_up(due, redis_client):
    ids = [f"call-{n}" for n in range(100)]
    fail(due, *ids)
    fail(due, *(f"call-{n}" for n in range(100, 150)))
    ids += [f"call-{n}" for n in range(100, 150)]
    assert set(give_up(redis_client, *ids)) == set(ids)
    assert redis_client.zcard(keys.DISMISSED) == 150


def test_what_did_not_fail_cannot_be_given_up(due, redis_client):
    enter(due, "call-1")
    assert give_up(redis_client, "call-1", "call-2") == ()
    assert give_up(redis_client) == ()
    assert not redis_client.exists("ah:record:call-1", "ah:dismissed")


def test_what_is_being_tried_again_or_waits_is_left_alone(due, redis_client):
    fail(due, "call-1", "call-2", "call-3")
    due.retry(["call-1", "call-2"])
    assert give_up(redis_client, "call-1") == ()
    due.claim("w")
    assert give_up(redis_client, "call-1") == ()
    redis_client.zadd(keys.parked("hubspot"), {"call-3": 1})
    assert give_up(redis_client, "call-3") == ()
    assert due.failures() == ("call-1", "call-2", "call-3")


def test_a_record_that_changed_since_it_was_read_is_not_overwritten(due, redis_client):
    fail(due, "call-1")
    raw = redis_client.get("ah:record:call-1")
    redis_client.set("ah:record:call-1", b"{}")
    assert Scripts(redis_client).run("dismiss", 60, "call-1", raw, "{}") == []
    assert due.failures() == ("call-1",)


def test_one_without_a_record_or_with_a_damaged_one_is_given_up_too(due, redis_client):
    fail(due, "call-1", "call-2")
    redis_client.delete("ah:record:call-1")
    redis_client.set("ah:record:call-2", b"{broken")
    assert set(give_up(redis_client, "call-1", "call-2")) == {"call-1", "call-2"}
    for id_ in ("call-1", "call-2"):
        assert read_record(redis_client.get(f"ah:record:{id_}")).decision.dismissed.by == "U1"


def test_it_can_be_tried_again_and_is_no_longer_given_up_once_settled(due, redis_client):
    fail(due, "call-1")
    give_up(redis_client, "call-1")
    assert due.retry(["call-1"])[0] == 1
    assert due.claim("w").ids == ("call-1",)
    due.commit("w", [Settled("call-1", "out", 1, failure="drop")])
    assert redis_client.zcard(keys.DISMISSED) == 0


def test_one_that_fails_again_is_in_the_list_again(due, redis_client):
    fail(due, "call-1")
    give_up(redis_client, "call-1")
    due.retry(["call-1"])
    due.claim("w")
    due.commit("w", [Settled("call-1", "stay", failure="add")])
    assert due.failures() == ("call-1",)
    assert redis_client.zcard(keys.DISMISSED) == 0


def test_a_later_event_makes_it_due_and_it_counts_as_waiting(due, redis_client):
    fail(due, "call-1")
    give_up(redis_client, "call-1")
    enter(due, "call-1", ending=False)
    assert due.waiting() == 1
    assert due.claim("w").ids == ("call-1",)
    due.commit("w", out("call-1", eaten=2))


def test_it_is_forgotten_with_its_events_when_its_time_is_over(due, redis_client):
    fail(due, "call-1", "call-2")
    redis_client.set("ah:mark:call-1", "{}")
    give_up(redis_client, "call-1")
    assert Scripts(redis_client).run("forget", 3_600_000, 100) == 0
    redis_client.zadd(keys.DISMISSED, {"call-1": 1})
    assert Scripts(redis_client).run("forget", 3_600_000, 100) == 1
    assert not redis_client.exists("ah:new:call-1", "ah:mark:call-1", "ah:dismissed")
    assert redis_client.exists("ah:new:call-2")
    assert due.failures() == ("call-2",)
