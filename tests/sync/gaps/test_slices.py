"""A repair in slices: killed, cut short by Aircall, shifted, beyond what paging reaches."""

import threading

import pytest

from clients.errors import Unavailable
from sandbox.traffic import call_events
from store import keys
from store.runs import Runs
from sync.gaps import page as comparing
from sync.gaps import repair as room
from sync.gaps.reach import farthest
from sync.gaps.reach import since as reach
from sync.slices import SliceLostError
from tests.sync.gaps.gapworld import DAY, HOUR, MINUTE, Short, World
from worker.repairing import go_on
from worker.workshop import tend

JOB = room.REPAIR


@pytest.fixture
def world(product, monkeypatch) -> World:
    return World(product, monkeypatch)


@pytest.fixture
def piece(world):
    """A slice that holds the job's lock and is over after each step."""
    lock = world.redis.lock(keys.working(JOB), timeout=30, thread_local=False)
    assert lock.acquire()
    return Short(world.redis, lock)


def many(world, count, ago=HOUR, kind="inbound_missed", apart=1):
    return [world.happen(ago + n * apart, kind) for n in range(count)]


def test_a_slice_gives_way_after_each_page_and_its_successor_goes_on(world, piece):
    ids = many(world, 120)
    assert room.look_on(world.shop, piece)
    assert world.gaps.look().page == 2
    assert room.look_on(world.shop, piece)
    assert not room.look_on(world.shop, piece)
    assert world.gaps.look() is None
    world.product.recover()
    assert world.logged() == sorted(ids)


def test_jobs_that_give_way_to_each_other_all_get_on(world):
    """With another job always waiting, each slice still reads a page."""
    ids = many(world, 120)
    for _ in range(3):
        world.redis.rpush("rq:queue:background", "somebody-elses")
        room.repair()
    assert world.gaps.look() is None
    world.product.recover()
    assert world.logged() == sorted(ids)


@pytest.mark.parametrize("entered", [0, 1, 7, 49])
def test_killed_in_the_middle_of_a_page_it_goes_on_and_counts_right(world, monkeypatch, entered):
    ids = many(world, 70)
    left, enter = [entered], comparing.enter

    def dying(*args):
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return enter(*args)

    world.closed(3 * HOUR)
    monkeypatch.setattr(comparing, "enter", dying)
    with pytest.raises(KeyboardInterrupt):
        room.repair()
    world.redis.delete(keys.working(JOB))
    monkeypatch.setattr(comparing, "enter", enter)
    world.mended()
    assert world.logged() == sorted(ids)
    assert world.gaps.totals() == {"found": 70}
    assert "fetched from Aircall: 70." in world.notices()[0]


def test_killed_before_the_outage_is_told_it_is_told_by_the_next(world, monkeypatch):
    world.closed(HOUR)

    def die(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(room, "tell", die)
        with pytest.raises(KeyboardInterrupt):
            room.repair()
    assert world.notices() == []
    world.redis.delete(keys.working(JOB))
    world.repair()
    assert len(world.notices()) == 1
    assert world.outages.pending() == ()


@pytest.mark.parametrize(
    "fault",
    ["403", "405", "422", "429", "500", "503", "reset", "timeout", "cut", "empty_200"],
)
def test_trouble_of_aircalls_ends_the_slice_and_the_next_turn_goes_on(world, fault):
    ids = many(world, 120)
    world.product.aircall.fault(fault, path="/v1/calls", nth=2, times=None, retry_after=30)
    world.repair()
    assert world.gaps.look().page == 2
    assert Runs(world.redis).of(JOB).trouble
    world.product.aircall.faults.clear()
    world.product.pass_time(600)
    world.mended()
    assert world.logged() == sorted(ids)
    assert world.gaps.totals() == {"found": 120}


def test_what_stands_still_is_called_again_soon_and_not_in_an_hour(world):
    many(world, 60)
    world.product.aircall.fault("503", path="/v1/calls", nth=2, times=None)
    world.repair()
    world.redis.delete("rq:queue:background")
    tend(world.shop)
    assert world.redis.llen("rq:queue:background") == 1
    world.redis.delete("rq:queue:background")
    go_on(world.redis)
    assert world.redis.llen("rq:queue:background") == 0
    world.redis.hincrby(keys.JOBS, f"{JOB} again", -31_000)
    go_on(world.redis)
    assert world.redis.llen("rq:queue:background") == 1


def test_with_nothing_to_repair_nobody_is_called(world):
    world.repair()
    world.redis.delete("rq:queue:background")
    go_on(world.redis)
    assert world.redis.llen("rq:queue:background") == 0


def test_our_own_limit_is_waited_for_without_pausing_aircall_for_others(world, piece, monkeypatch):
    many(world, 60)
    room.look_on(world.shop, piece)

    def full(*_, **__):
        raise Unavailable("aircall", "our limit", reason="rate limit", wait=20)

    with monkeypatch.context() as patch:
        patch.setattr(type(world.shop.aircall), "calls", full)
        with pytest.raises(Unavailable):
            room.look_on(world.shop, piece)
    assert world.shop.limits.paused("aircall") == {}
    assert not room.look_on(world.shop, piece)


def test_a_list_that_shifts_while_it_is_read_loses_nothing(world, piece):
    """Calls that vanish move all later ones a page to the front."""
    ids = many(world, 130)
    room.look_on(world.shop, piece)
    oldest = sorted(ids, reverse=True)[:40]
    for id_ in oldest:
        del world.product.aircall.office.calls[int(id_.removeprefix("call-"))]
    while room.look_on(world.shop, piece):
        pass
    world.product.recover()
    assert world.logged() == sorted(ids)


def test_a_call_that_aircall_lists_late_is_not_passed_over(world, piece):
    ids = many(world, 130)
    room.look_on(world.shop, piece)
    ids.append(world.happen(HOUR + 129, "inbound_missed"))
    while room.look_on(world.shop, piece):
        pass
    world.product.recover()
    assert world.logged() == sorted(ids)


def test_a_list_that_never_holds_still_comes_to_an_end(world, piece):
    many(world, 130)
    steps = 0
    while room.look_on(world.shop, piece):
        world.happen(HOUR)
        steps += 1
        assert steps < 40


def test_more_calls_than_paging_reaches_are_all_looked_at(world, monkeypatch):
    """12,000 calls in the window; all but three are known."""
    now = world.now
    template = call_events(1, "inbound_missed", start=now, phone="+33199004567")
    [ended] = [each for each in template if each["event"] == "call.ended"]
    calls = world.product.aircall.office.calls
    world.product.aircall.add_call(ended)
    one = calls.pop(1)
    ids = range(1_000_000, 1_012_000)
    pipeline = world.redis.pipeline()
    for at, id_ in enumerate(ids):
        start = now - 20 * HOUR + at * 5
        calls[id_] = {**one, "id": id_, "started_at": start, "ended_at": start + 30}
        if id_ not in (1_000_000, 1_006_000, 1_011_999):
            pipeline.set(keys.ids(f"call-{id_}"), '{"result":"logged"}')
    pipeline.execute()
    with world.asking() as asked:
        world.repair()
    assert world.gaps.totals() == {"found": 3}
    assert 240 <= len(asked) <= 245
    world.product.recover()
    assert world.logged() == ["call-1000000", "call-1006000", "call-1011999"]


def test_two_at_once_find_each_call_once(world):
    ids = many(world, 70)
    both = [threading.Thread(target=room.repair) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    world.mended()
    assert world.logged() == sorted(ids)


def test_who_lost_the_work_meanwhile_takes_nothing_in(world, piece):
    many(world, 3)
    world.redis.set(keys.working(JOB), "another process")
    with pytest.raises(SliceLostError):
        room.look_on(world.shop, piece)
    assert world.shop.due.waiting() == 0


def test_what_could_not_be_compared_for_days_is_made_up_for(world):
    world.repair()
    world.redis.hset(keys.GAPS, "covered", (world.now - 5 * DAY) * 1000)
    ids = [world.happen(5 * DAY - HOUR), world.happen(2 * DAY), world.happen(MINUTE)]
    world.mended()
    assert world.logged() == sorted(ids)


DAY_MS = DAY * 1000
NOW = 1_000 * DAY_MS


@pytest.mark.parametrize(
    ("facts", "days"),
    [
        ({}, 1),
        ({"covered": NOW - DAY_MS // 24}, 25 / 24),
        ({"covered": NOW + 5}, 1),
        ({"covered": NOW - 3 * DAY_MS}, 4),
        ({"covered": NOW - 400 * DAY_MS}, 183),
        ({"covered": NOW - 400 * DAY_MS, "ids_days": 40}, 39),
        ({"birth": NOW - DAY_MS // 2, "covered": NOW - 3 * DAY_MS}, 1.5),
        ({"birth": NOW}, 1),
    ],
)
def test_how_far_back_calls_are_looked_at(facts, days):
    known = {"covered": None, "birth": 0, "ids_days": 200, "outages": (), **facts}
    assert reach(NOW, **known) == NOW - round(days * DAY_MS)


def test_ids_that_are_kept_for_a_day_still_let_one_look():
    assert farthest(1) == DAY_MS
