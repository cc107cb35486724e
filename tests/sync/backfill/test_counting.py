"""Previews count exactly what a backfill would do, ask HubSpot little, and change nothing."""

from __future__ import annotations

import pytest

from clients.errors import Unavailable
from sandbox.aircall import paging
from store import keys
from store.backfills import Previews
from sync import slices
from sync.backfill import walk
from sync.backfill.counting import count
from sync.backfill.tending import JOB, TELL, tend
from tests.sync.backfill.past import DAY, NEW, START, a_known_world, dated, many, past_call
from worker.nudge import BACKGROUND, queue


def counted(product, start=START, end=START + 30_000):
    previews = Previews(product.redis)
    number = product.shop.revisions.current().number
    preview = previews.begin("U1", "Ada", start, end, number)
    go(product)
    return previews.of(preview.id)


def go(product, rounds=50):
    """Count, slice after slice, until no successor is called for."""
    for _ in range(rounds):
        queue(product.redis, BACKGROUND).empty()
        count()
        if not any(each.func_name == JOB for each in queue(product.redis, BACKGROUND).jobs):
            return
    raise AssertionError("it counts without end")


def test_a_known_world_is_counted_exactly(product):
    a_known_world(product)
    before = product.hubspot.dump()
    preview = counted(product)
    assert preview.state == "ready"
    assert preview.total == 16
    assert preview.counts == {
        "seen": 16,
        "log": 8,
        "kind|inbound_answered": 2,
        "kind|inbound_missed": 3,
        "kind|inbound_voicemail": 1,
        "kind|outbound_answered": 1,
        "kind|outbound_unanswered": 1,
        "ticket": 4,
        "ignored|number not connected": 3,
        "ignored|outside business hours": 1,
        "skipped|logged": 1,
        "skipped|elsewhere": 1,
        "skipped|unended": 1,
        "skipped|waiting": 1,
    }
    # NEW is counted once, and of the anonymous caller no contact is made.
    assert {each.decode() for each in product.redis.smembers(keys.backfill_phones(preview.id))} == {
        NEW,
        "+33199887767",
    }
    assert product.hubspot.dump() == before
    assert product.redis.zcard(keys.DUE) == 1


def test_phones_that_were_logged_with_a_contact_are_not_counted_as_unknown(product):
    product.log(past_call(product, 1, 0, phone=NEW))
    past_call(product, 2, 100, phone=NEW)
    past_call(product, 3, 200, phone="+33199887799")
    product.redis.delete(keys.contact(NEW))
    preview = counted(product)
    assert product.redis.smembers(keys.backfill_phones(preview.id)) == {b"+33199887799"}


def test_without_making_contacts_no_phone_is_counted(product):
    product.set(create_contacts=False)
    past_call(product, 1, 0, phone=NEW)
    preview = counted(product)
    assert Previews(product.redis).phones(preview.id) == 0


def test_a_time_before_the_first_settings_is_judged_by_the_newest(product):
    product.set(numbers=(1001,))
    past_call(product, 1, 0)
    past_call(product, 2, 10, number=1002)
    assert counted(product).counts["log"] == 1


def test_a_time_in_which_other_numbers_were_connected_is_judged_by_them(product):
    dated(product, START - DAY, numbers=(1002,))
    product.set(numbers=(1001,))
    past_call(product, 1, 0)
    past_call(product, 2, 10, number=1002)
    preview = counted(product)
    assert preview.counts["log"] == 1
    assert preview.counts["ignored|number not connected"] == 1


def test_failures_are_left_to_their_own_list(product):
    product.hubspot.fault("partial", path="*/calls/batch/create", which="every", permanent=True)
    product.log(past_call(product, 1, 0))
    assert product.failures() == {"call-1"}
    assert counted(product).counts == {"seen": 1, "skipped|failed": 1}


def test_what_is_damaged_here_is_left_alone(product):
    past_call(product, 1, 0)
    past_call(product, 2, 1)
    product.redis.set(keys.record("call-1"), "no JSON")
    product.redis.hset(keys.new("call-2"), "a", "b")
    assert counted(product).counts == {"seen": 2, "skipped|failed": 2}


def test_many_calls_take_a_request_for_fifty_and_a_search_for_two_hundred(product):
    many(product, 430, every=10)
    before = len(product.aircall.requests)
    with product.asking("calls/search") as searches:
        preview = counted(product)
    assert preview.counts["log"] == 430
    assert len(product.aircall.requests) - before == 9
    assert len(searches) == 3


def test_more_calls_than_paging_reaches_are_all_counted(product, monkeypatch):
    monkeypatch.setattr(paging, "MOST_REACHABLE", 100)
    monkeypatch.setattr(paging.listed, "__defaults__", (None, frozenset(), 100))
    monkeypatch.setattr(walk, "REASSURING", 90)
    many(product, 500, every=7)
    # Several of one second, at what may be the border of two windows.
    many(product, 40, first=1001, every=0, at=1750)
    preview = counted(product)
    assert preview.counts["log"] == preview.counts["seen"] == preview.total == 540


def test_a_long_time_is_made_smaller_step_by_step_where_each_slice_may_ask_but_twice(
    product, monkeypatch
):
    """As at a low limit: to begin with the whole of it each time would come to no end."""
    monkeypatch.setattr(walk, "REASSURING", 30)
    many(product, 230, every=100)
    preview = Previews(product.redis).begin("U1", "", START, START + 30_000, 1)
    for _ in range(40):
        product.aircall.fault("429", path="/v1/calls", nth=3, times=None, retry_after=1)
        count()
        product.aircall.faults.clear()
        product.pass_time(120)
    kept = Previews(product.redis).of(preview.id)
    assert (kept.state, kept.counts["log"], kept.total) == ("ready", 230, 230)


def test_another_job_ends_the_slice_and_the_counting_goes_on_where_it_stood(product, monkeypatch):
    many(product, 230, every=10)
    preview = Previews(product.redis).begin("U1", "", START, START + 30_000, 1)
    monkeypatch.setattr(slices.Slice, "over", lambda self: True)
    go(product)
    monkeypatch.undo()
    assert Previews(product.redis).of(preview.id).counts["log"] == 230
    # Five pages, each read once.
    assert sum("/v1/calls" in each.path for each in product.aircall.requests) == 5


def test_a_kill_after_any_step_loses_and_doubles_nothing(product, monkeypatch):
    many(product, 430, every=10)
    preview = Previews(product.redis).begin("U1", "", START, START + 30_000, 1)
    kept = Previews.counted

    def die(self, *args, **more):
        kept(self, *args, **more)
        raise KeyboardInterrupt

    monkeypatch.setattr(Previews, "counted", die)
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            count()
        product.redis.delete(keys.working(JOB))
    monkeypatch.setattr(Previews, "counted", kept)
    go(product)
    assert Previews(product.redis).of(preview.id).counts["log"] == 430


@pytest.mark.parametrize("fault", ["403", "500", "503", "502", "429", "reset", "cut"])
def test_an_aircall_in_trouble_is_said_and_waited_for(product, fault):
    past_call(product, 1, 0)
    product.aircall.fault(fault, times=None)
    preview = counted(product)
    assert preview.state == "counting"
    assert preview.trouble.startswith("Aircall")
    product.aircall.faults.clear()
    product.pass_time(120)
    go(product)
    preview = Previews(product.redis).of(preview.id)
    assert (preview.state, preview.trouble, preview.counts["log"]) == ("ready", "", 1)


@pytest.mark.parametrize("fault", ["405", "422"])
def test_an_aircall_that_refuses_ends_it_in_its_own_words(product, fault):
    past_call(product, 1, 0)
    product.aircall.fault(fault, times=None)
    preview = counted(product)
    assert preview.state == "failed"
    assert preview.trouble.startswith(("Method Not Allowed", "Unprocessable"))


def test_a_hubspot_in_trouble_is_said_and_waited_for(product):
    past_call(product, 1, 0)
    product.hubspot.fault("503", times=None)
    preview = counted(product)
    assert (preview.state, preview.trouble[:7]) == ("counting", "HubSpot")
    product.hubspot.faults.clear()
    product.pass_time(120)
    go(product)
    assert Previews(product.redis).of(preview.id).state == "ready"


def test_no_answer_for_ten_minutes_ends_it(product):
    past_call(product, 1, 0)
    product.aircall.fault("500", times=None)
    preview = counted(product)
    Previews(product.redis).counted(preview, moved=preview.moved - 601_000)
    product.pass_time(120)
    go(product)
    failed = Previews(product.redis).of(preview.id)
    assert (failed.state, failed.trouble[:7]) == ("failed", "Aircall")


def test_our_own_pace_is_no_trouble(product, monkeypatch):
    from clients.aircall import Aircall  # noqa: PLC0415 - only here
    from worker.gate import WHY  # noqa: PLC0415 - the same

    def paced(*_, **__):
        raise Unavailable("aircall", WHY["our own limit"], reason="rate limit", wait=5)

    monkeypatch.setattr(Aircall, "calls", paced)
    preview = counted(product)
    assert (preview.state, preview.trouble) == ("counting", "")


def test_several_previews_are_counted_one_after_the_other(product):
    many(product, 3)
    previews = Previews(product.redis)
    ids = [previews.begin("U1", "", START + n * 60, START + 999, 1).id for n in range(3)]
    go(product)
    assert [previews.of(id_).counts["log"] for id_ in ids] == [3, 2, 1]


def test_the_clock_calls_again_for_what_is_not_counted_or_told_of(product):
    past_call(product, 1, 0)
    previews = Previews(product.redis)
    preview = previews.begin("U1", "", START, START + 999, 1)
    jobs = queue(product.redis, BACKGROUND)
    tend(product.redis)
    assert {each.func_name for each in jobs.jobs} == {JOB, TELL}
    go(product)
    jobs.empty()
    tend(product.redis)
    assert [(each.func_name, list(each.args)) for each in jobs.jobs] == [(TELL, [preview.id])]
    previews.tell(previews.of(preview.id), "D1", "1.0", "ready")
    jobs.empty()
    tend(product.redis)
    assert jobs.job_ids == []


def test_one_that_expired_or_was_taken_is_forgotten(product):
    previews = Previews(product.redis)
    preview = previews.begin("U1", "", START, START + 999, 1)
    assert 0 < product.redis.ttl(keys.backfill_preview(preview.id)) <= 3600
    product.redis.delete(keys.backfill_preview(preview.id))
    tend(product.redis)
    assert previews.open() == ()
    preview = previews.begin("U1", "", START, START + 999, 1)
    assert [previews.take(preview.id), previews.take(preview.id)] == [True, False]
    previews.counted(preview)
    previews.tell(preview, "D1", "1.0", "counting")
    assert previews.of(preview.id) is None
    assert 0 < product.redis.ttl(keys.backfill_preview(preview.id)) <= 3600
