"""The due set: taken by one, fenced, taken over, settled, and tried again."""

import json

import pytest

from store.connection import now_ms
from store.due import BATCH, LEASE_MS, LeaseLostError, Settled
from store.records import DamagedError, read_event
from tests.store.holding import enter, lease_ends, out, step_back

HOUR, QUARTER = 3_600_000, 900_000


def test_an_event_enters_with_arrival_revision_and_source(due, redis_client):
    redis_client.set("ah:settings:head", "7")
    before = now_ms(redis_client)
    assert due.enter("call-1", '{"a":1}', ending=True) is True
    after = now_ms(redis_client)
    (raw,) = due.load(["call-1"])[0].events
    read_event(raw, "call-1")
    kept = raw.decode().replace(str(int(redis_client.zscore("ah:due", "call-1"))), "NOW")
    assert kept[16:] == '","arrived":NOW,"revision":7,"source":"webhook","event":{"a":1}}'
    assert before <= int(redis_client.get("ah:last-event")) <= after
    due.enter("call-2", "{}", ending=True, source="gap", arrived=5, revision=3)
    (raw,) = due.load(["call-2"])[0].events
    assert raw[16:] == b'","arrived":5,"revision":3,"source":"gap","event":{}}'


@pytest.mark.parametrize("head", ["u", "\xb5", "05", "4"])
def test_an_event_is_kept_whole_while_a_disk_changed_which_settings_are_in_force(
    due, redis_client, head
):
    redis_client.hset("ah:settings:revisions", "5", "{}")
    redis_client.set("ah:settings:head", head)
    due.enter("call-1", '{"a":1}', ending=True)
    (raw,) = due.load(["call-1"])[0].events
    # Zero are those that are in force once it is mended.
    assert read_event(raw, "call-1")["revision"] == 0


@pytest.mark.parametrize("event", ['{"a":"\\u00fc \u00fc","b":[1.5,null]}', "{}"])
def test_every_changed_bit_of_an_event_is_noticed_and_so_is_another_id(due, event):
    due.enter("call-1", event, ending=True)
    (raw,) = due.load(["call-1"])[0].events
    assert read_event(raw, "call-1")["event"] == json.loads(event)
    for place in range(8 * len(raw)):
        changed = bytearray(raw)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(DamagedError):
            read_event(bytes(changed), "call-1")
    with pytest.raises(DamagedError):
        read_event(raw, "call-3")


def test_a_name_that_the_door_never_takes_is_claimed_by_nobody(due, redis_client):
    enter(due, "call-1")
    redis_client.zadd("ah:due", {b"call-\xb1": 0, "call 2": 0})
    assert due.claim("a").ids == ("call-1",)
    assert redis_client.zcard("ah:due") == 1


def test_only_the_first_event_calls_a_drain_until_nothing_is_due(due):
    assert due.enter("call-1", "{}", ending=True)
    assert not due.enter("call-2", "{}", ending=True)
    claim = due.claim("a")
    assert not due.enter("call-3", "{}", ending=True)
    due.commit("a", out(*claim.ids))
    claim = due.claim("a")
    due.commit("a", out(*claim.ids))
    assert due.claim("a").ids == ()
    assert due.enter("call-4", "{}", ending=True)


def test_a_claim_takes_what_is_due_oldest_first_and_leases_it(due, redis_client):
    enter(due, "call-2", "call-1")
    redis_client.zadd("ah:due", {"call-1": 5, "call-9": now_ms(redis_client) + 60_000})
    claim = due.claim("a")
    assert claim.ids == ("call-1", "call-2")
    assert redis_client.zscore("ah:due", "call-1") == claim.now + LEASE_MS
    assert due.claim("b").ids == ()


def test_a_claim_takes_a_hundred_at_most(due):
    enter(due, *(f"call-{n}" for n in range(BATCH + 5)))
    assert len(due.claim("a").ids) == BATCH
    assert len(due.claim("b").ids) == 5


def test_what_a_dead_worker_held_is_taken_over_and_its_late_commit_refused(due, redis_client):
    enter(due, "call-1", "call-2")
    due.claim("dead")
    lease_ends(redis_client, "call-1")
    assert due.claim("alive").ids == ("call-1",)
    with pytest.raises(LeaseLostError, match="call-1"):
        due.mark("dead", {"call-2": "x", "call-1": "y"})
    assert not redis_client.exists("ah:mark:call-1", "ah:mark:call-2")
    settled = [Settled(f"call-{n}", "out", 1, record="{}", record_seconds=9) for n in (1, 2)]
    assert due.commit("dead", settled) == ("call-1",)
    assert not redis_client.exists("ah:record:call-1", "ah:new:call-2")
    assert redis_client.exists("ah:record:call-2", "ah:new:call-1") == 2
    assert due.commit("alive", out("call-1")) == ()
    assert not redis_client.exists("ah:due", "ah:owner", "ah:tries")


def test_a_mark_is_kept_until_a_commit_drops_it(due):
    enter(due, "call-1")
    due.claim("a")
    due.mark("a", {"call-1": '{"plan":1}'})
    due.commit("a", [Settled("call-1", "again", 1, keep_mark=True)])
    (loaded,) = due.load(due.claim("b").ids)
    assert loaded.mark == b'{"plan":1}'
    due.commit("b", out("call-1", eaten=0))
    assert due.load(["call-1"])[0].mark is None


def test_events_that_came_while_it_was_held_are_kept_and_due_at_once(due, redis_client):
    enter(due, "call-1")
    due.claim("a")
    enter(due, "call-1")
    assert due.claim("b").ids == ()
    due.commit("a", [Settled("call-1", "park:hubspot", 1)])
    assert not redis_client.exists("ah:parked:hubspot")
    assert len(due.load(due.claim("b").ids)[0].events) == 1


def test_not_before_a_time_and_stay_leave_it_alone_until_an_event_comes(due, redis_client):
    enter(due, "call-1", "call-2")
    due.claim("a")
    due.commit("a", [Settled("call-1", "in:600000", 1), Settled("call-2", "stay")])
    assert due.claim("a").ids == ()
    left = redis_client.zscore("ah:due", "call-1") - now_ms(redis_client)
    assert 595_000 < left <= 600_000
    assert redis_client.zscore("ah:due", "call-2") is None
    enter(due, "call-1", "call-2")
    assert set(due.claim("a").ids) == {"call-1", "call-2"}
    assert len(due.load(["call-2"])[0].events) == 2


def test_a_commit_counts_once_for_the_store_and_for_the_quarter_of_an_hour(due, redis_client):
    enter(due, "call-1")
    due.claim("a")
    settled = [Settled("call-1", "out", 1, counter="logged|inbound_missed")]
    before = now_ms(redis_client)
    due.commit("a", settled)
    after = now_ms(redis_client)
    assert due.commit("a", settled) == ("call-1",)
    assert redis_client.hgetall("ah:totals") == {b"logged|inbound_missed": b"1"}
    (quarter,) = redis_client.keys("ah:quarter:*")
    assert before // QUARTER <= int(quarter.rpartition(b":")[2]) <= after // QUARTER
    assert redis_client.hgetall(quarter) == {b"logged|inbound_missed": b"1"}
    assert 0 < redis_client.ttl(quarter) <= 2 * 86_400


def test_what_ended_last_is_told_newest_first_and_bounded(due, redis_client):
    for number in range(60):
        enter(due, id_ := f"call-{number}")
        due.claim("a")
        due.commit("a", [Settled(id_, "out", 1, counter="ignored|disabled", hours_unknown=True)])
    enter(due, "call-60")
    due.claim("a")
    due.commit("a", [Settled("call-60", "out", 1)])
    told = [json.loads(each) for each in redis_client.lrange("ah:recent", 0, -1)]
    assert [each["id"] for each in told] == [f"call-{n}" for n in range(59, 9, -1)]
    assert {each["ended"] for each in told} == {"ignored|disabled"}
    assert told == sorted(told, key=lambda each: -each["at"])
    quarters = [redis_client.hgetall(key) for key in redis_client.keys("ah:quarter:*")]
    assert sum(int(each[b"hours unknown"]) for each in quarters) == 60


def test_records_and_ids_expire_after_their_own_times(due, redis_client):
    enter(due, "call-1")
    due.claim("a")
    due.commit("a", [Settled("call-1", "out", 1, "{}", 100, ids='{"result":"x"}', ids_seconds=900)])
    assert 90 < redis_client.ttl("ah:record:call-1") <= 100
    assert 890 < redis_client.ttl("ah:ids:call-1") <= 900
    (loaded,) = due.load(["call-1"])
    assert (loaded.record, loaded.ids, loaded.events) == (b"{}", b'{"result":"x"}', ())


def test_a_failure_can_be_tried_again_and_leaves_the_failures_when_it_is_logged(due, redis_client):
    enter(due, "call-1")
    due.claim("a")
    due.commit("a", [Settled("call-1", "stay", failure="add")])
    redis_client.delete("ah:called")
    assert due.retry(["call-1", "call-2"]) == (1, True)
    assert due.claim("a").ids == ("call-1",)
    due.commit("a", [Settled("call-1", "out", 1, failure="drop")])
    assert due.retry(["call-1"]) == (0, False)


def test_retrying_what_is_being_worked_on_disturbs_nobody(due, redis_client):
    enter(due, "call-1")
    redis_client.zadd("ah:failures", {"call-1": 1})
    claim = due.claim("a")
    due.retry(["call-1"])
    assert redis_client.zscore("ah:due", "call-1") == claim.now + LEASE_MS


def test_what_stops_workers_is_claimed_alone_after_three_tries_and_failed_after_five_more(
    due, redis_client
):
    enter(due, "call-1", "call-2", "call-3")
    redis_client.zadd("ah:due", {"call-1": 1, "call-2": 2, "call-3": 3})
    for _ in range(3):
        assert due.claim("a").ids == ("call-1", "call-2", "call-3")
        lease_ends(redis_client, "call-1", "call-2", "call-3")
    for _ in range(5):
        assert due.claim("a").ids == ("call-1",)
        lease_ends(redis_client, "call-1")
        redis_client.zadd("ah:due", {"call-1": 0})
    claim = due.claim("a")
    # It is parked beside somebody else's turn alone: parking does not stop a worker.
    assert claim.poisoned == ("call-1",)
    assert claim.ids == ("call-2",)
    assert due.load(claim.poisoned)[0].tries == 9
    due.commit("a", [Settled("call-1", "stay", failure="add"), *out("call-2")])
    assert due.claim("a").ids == ("call-3",)
    due.commit("a", out("call-3"))
    assert redis_client.zrange("ah:failures", 0, -1) == [b"call-1"]
    enter(due, "call-1")
    assert due.load(due.claim("a").ids)[0].tries == 1


def test_the_innocent_are_claimed_together_while_one_waits_for_its_turn_alone(due, redis_client):
    enter(due, "call-1", "call-2", "call-3")
    redis_client.zadd("ah:due", {"call-1": 1, "call-2": 2, "call-3": 3})
    redis_client.hset("ah:tries", "call-2", 3)
    assert due.claim("a").ids == ("call-1", "call-3")
    assert due.claim("b").ids == ("call-2",)


def test_one_drain_at_a_time_where_drains_exclude_each_other(due, redis_client):
    enter(due, "call-1", "call-2")
    assert due.claim("a", exclusive=True, limit=1).ids == ("call-1",)
    assert due.claim("b", exclusive=True).ids == ()
    assert redis_client.exists("ah:called")
    # After its batch anybody may be next, be it the successor of this very run.
    due.commit("a", out("call-1"))
    assert due.claim("b", exclusive=True).ids == ("call-2",)
    due.commit("b", out("call-2"))
    assert due.claim("a", exclusive=True).ids == ()
    assert not redis_client.exists("ah:draining")


def test_a_drain_that_died_alone_is_followed_by_another_after_its_lease(due, redis_client):
    enter(due, "call-1")
    due.claim("dead", exclusive=True)
    lease_ends(redis_client, "call-1")
    assert due.claim("b", exclusive=True).ids == ()
    assert 0 < redis_client.pttl("ah:draining") <= LEASE_MS
    redis_client.delete("ah:draining")
    assert due.claim("b", exclusive=True).ids == ("call-1",)


def test_a_request_renews_the_right_to_drain_alone(due, limits, redis_client):
    enter(due, "call-1")
    due.claim("a", exclusive=True)
    redis_client.pexpire("ah:draining", LEASE_MS // 4)
    before = now_ms(redis_client)
    limits.ask("hubspot", [], "a", ["call-1"])
    ends = redis_client.pexpiretime("ah:draining")
    assert before <= ends - LEASE_MS <= now_ms(redis_client)


def test_a_pause_that_began_long_ago_and_was_renewed_moves_too(due, limits, redis_client):
    limits.pause("hubspot", 600, "daily limit")
    redis_client.hset("ah:pause:hubspot", "since", 1)
    until = int(limits.paused("hubspot")["until"])
    step = step_back(redis_client, due, HOUR)
    assert int(limits.paused("hubspot")["until"]) == until + HOUR - step
