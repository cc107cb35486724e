"""The day's counts: by quarters of an hour, so that every time zone's day begins right."""

from store import keys
from store.connection import now_ms
from store.due import Due, Settled
from store.recent import Ended, ended_lately
from store.tally import MOST_QUARTERS, QUARTER, Tally, read_tally, tally_since
from tests.store.holding import enter

NOON = 1_790_000_100_000 // QUARTER * QUARTER


def count(client, at, **fields):
    client.hset(
        keys.quarter(at // QUARTER), mapping={k.replace("_", "|"): v for k, v in fields.items()}
    )


def test_a_commit_is_counted_in_the_day_it_was_made_in(redis_client):
    due = Due(redis_client)
    for id_, counter in (("call-1", "logged|inbound_missed"), ("call-2", "ignored|disabled")):
        enter(due, id_)
        due.claim("a")
        due.commit("a", [Settled(id_, "out", 1, counter=counter, hours_unknown=True)])
    now = now_ms(redis_client)
    assert tally_since(redis_client, now - 60_000, now) == Tally(1, {"disabled": 1}, 0, 2)
    assert tally_since(redis_client, now + QUARTER, now + QUARTER) == Tally()


def test_only_quarters_of_the_day_count(redis_client):
    count(redis_client, NOON - 1, logged_a=1)
    count(redis_client, NOON, logged_a=2)
    count(redis_client, NOON + QUARTER, logged_b=4, failed_x=1, failed_y=1)
    count(redis_client, NOON + 2 * QUARTER, logged_a=8)
    assert tally_since(redis_client, NOON, NOON + 2 * QUARTER - 1) == Tally(6, {}, 2, 0)


def test_a_day_that_began_in_the_future_or_long_ago_is_read_all_the_same(redis_client):
    count(redis_client, NOON, logged_a=1)
    assert tally_since(redis_client, NOON + 9 * QUARTER, NOON) == Tally()
    far = NOON - 10 * MOST_QUARTERS * QUARTER
    assert tally_since(redis_client, far, NOON) == Tally(1)


def test_reasons_are_sorted_by_how_often_they_were_the_reason():
    read = read_tally({"ignored|disabled": 2, "ignored|outside business hours": 5, "odd": 3})
    assert list(read.ignored.items()) == [("outside business hours", 5), ("disabled", 2)]
    assert (read.all_ignored, read.logged, read.failed) == (7, 0, 0)


def test_what_ended_last_is_read_with_result_and_reason(redis_client):
    due, before = Due(redis_client), now_ms(redis_client)
    enter(due, "call-1")
    due.claim("a")
    due.commit("a", [Settled("call-1", "out", 1, counter="failed|HubSpot refused it")])
    (ended,) = ended_lately(redis_client)
    assert ended == Ended("call-1", ended.at, "failed", "HubSpot refused it")
    assert before <= ended.at <= now_ms(redis_client)
