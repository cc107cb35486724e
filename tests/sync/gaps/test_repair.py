"""Calls that never reached us are found in Aircall's list: none missing, none too many."""

import pytest

from rules.settings import with_value
from sandbox.story import Story
from store import keys
from store.connection import now_ms
from store.due import door_args
from store.tombstone import DELETED
from sync import clock
from sync.gaps import repair as room
from tests.sync.gaps.gapworld import DAY, HOUR, MINUTE, World
from tests.worker.product import ADMIN
from worker.explain import explain

SPANS = {"5 minutes": 5 * MINUTE, "1 hour": HOUR, "12 hours": 12 * HOUR}


@pytest.fixture
def world(product, monkeypatch) -> World:
    return World(product, monkeypatch)


@pytest.mark.parametrize("span", SPANS.values(), ids=SPANS)
def test_calls_that_passed_while_the_door_was_closed_are_logged_once_each(world, span):
    before = [world.happen(span + n * HOUR, delivered=True) for n in range(1, 6)]
    world.product.drain()
    missed = [world.happen(300 + n * (span - 300) // 20, "inbound_missed") for n in range(20)]
    world.closed(span)
    world.mended()
    assert world.logged() == sorted(before + missed)
    world.mended()
    assert world.logged() == sorted(before + missed)
    assert world.gaps.totals()["found"] == 20


@pytest.mark.parametrize("span", SPANS.values(), ids=SPANS)
def test_each_is_judged_by_the_settings_in_force_when_it_ended(world, span):
    """Enabled for a third of the time, disabled for the next, enabled again for the last."""
    third = span // 3
    world.set(2 * third, enabled=False)
    world.set(third, enabled=True)
    talk = Story(talk=10)
    first = [world.happen(span - n * (third - 60) // 5 - 10, story=talk) for n in range(5)]
    second = [world.happen(2 * third - n * (third - 60) // 5 - 10, story=talk) for n in range(5)]
    last = [world.happen(third - n * (third - 60) // 5 - 10, story=talk) for n in range(5)]
    world.closed(span)
    world.mended()
    assert world.logged() == sorted(first + last)
    assert {world.product.decision(id_).reason for id_ in second} == {"disabled"}


def test_what_was_ignored_as_disabled_is_neither_fetched_nor_counted_again(world):
    world.set(2 * HOUR, enabled=False)
    world.set(MINUTE, enabled=True)
    id_ = world.happen(HOUR)
    for _ in range(3):
        world.mended()
        world.change(id_, voicemail="https://recordings.example.com/1.mp3")
    assert world.logged() == []
    assert world.redis.hgetall(keys.TOTALS) == {b"ignored|disabled": b"1"}
    assert world.gaps.totals() == {"found": 1}


def test_a_call_of_before_there_were_settings_is_left_alone(world):
    world.born(HOUR)
    before, after = world.happen(HOUR + 10 * MINUTE), world.happen(HOUR + 60)
    world.closed(2 * HOUR)
    world.mended()
    assert world.logged() == [after]
    assert not world.redis.exists(keys.record(before))


def test_a_call_that_goes_on_is_left_for_later(world):
    id_ = world.happen(HOUR)
    world.change(id_, status="answered", ended_at=None)
    world.mended()
    assert world.logged() == []
    assert not world.redis.exists(keys.record(id_), keys.new(id_))
    world.change(id_, status="done", ended_at=world.now - MINUTE)
    world.mended()
    assert world.logged() == [id_]


def test_a_call_that_began_long_before_the_outage_and_ended_in_it_is_found(world):
    id_ = world.happen(20 * HOUR, story=Story(talk=19 * HOUR))
    world.closed(2 * HOUR)
    world.mended()
    assert world.logged() == [id_]


def test_a_call_whose_end_was_lost_is_logged_though_its_beginning_is_known(world):
    id_ = world.happen(HOUR, story=Story(talk=600))
    own = int(id_.removeprefix("call-"))
    told = world.product.aircall.office.calls[own]
    begun = {**told, "status": "initial", "ended_at": None, "answered_at": None}
    event = {"resource": "call", "event": "call.created", "timestamp": told["started_at"]}
    world.product.log([{**event, "data": begun}])
    assert world.product.decision(id_).result == "pending"
    world.mended()
    assert world.logged() == [id_]
    assert explain(world.redis, id_).told["source"] == "gap"


def test_a_late_voicemail_changes_the_kind_and_makes_the_ticket(world):
    world.product.set(tickets__pipeline="0", tickets__stages__inbound_voicemail="2")
    id_ = world.happen(HOUR, "inbound_missed", delivered=True)
    world.product.drain()
    assert world.product.all("tickets") == []
    asset = "https://assets.aircall.io/calls/1/voicemail/info"
    world.change(id_, voicemail="https://recordings.example.com/1.mp3", asset=asset)
    world.mended()
    call = world.product.one("calls", id_)["properties"]
    assert call["hs_call_has_voicemail"] == "true"
    assert asset in call["hs_call_body"]
    assert world.product.one("tickets", id_)["properties"]["hs_pipeline_stage"] == "2"
    assert world.product.decision(id_).kind == "inbound_voicemail"
    assert world.gaps.totals() == {"found": 0, "updated": 1}


@pytest.mark.parametrize(
    "late",
    [
        {"asset": "https://assets.aircall.io/calls/7/recording/info", "recording": "https://x.y/z"},
        {"asset": "https://assets.aircall.io/calls/7/recording/info"},
        {"comments": [{"id": 9, "content": "Call back", "posted_at": 1_790_000_000}]},
        {"tags": [{"id": 33, "name": "VIP"}]},
    ],
    ids=["recording", "asset", "comment", "tag"],
)
def test_what_came_late_follows_once_and_costs_no_request_of_its_own(world, late):
    id_ = world.happen(HOUR, "inbound_missed", delivered=True)
    world.product.drain()
    world.change(id_, **late)
    with world.asking() as asked:
        world.mended()
        before = world.product.one("calls", id_)["properties"]
        world.mended()
    assert asked == ["/v1/calls"] * 2
    said = {"asset": "assets.aircall.io", "comments": "Call back", "tags": "VIP"}
    assert said[next(iter(late))] in before["hs_call_body"]
    assert world.product.one("calls", id_)["properties"] == before
    assert world.gaps.totals()["updated"] == 1


def test_nothing_differs_nothing_enters(world):
    """Webhooks and lists write a call differently: that alone must not look like news."""
    stories = [
        Story(tags=(31, 33), comments=("Hello",)),
        Story(ivr="Sales"),
        Story(assigned_to=458),
    ]
    for n, kind in enumerate(("inbound_answered", "inbound_voicemail", "outbound_busy")):
        for story in stories:
            world.happen(HOUR + 60 * n, kind, story=story, delivered=True)
    world.product.drain()
    world.repair()
    assert world.shop.due.waiting() == 0
    assert world.gaps.totals() == {"found": 0}


def test_events_that_wait_to_be_folded_are_not_overtaken(world):
    id_ = world.happen(HOUR, delivered=True)
    waiting = len(world.entered(id_))
    world.repair()
    assert len(world.entered(id_)) == waiting


def test_a_tag_that_is_told_while_the_list_is_on_its_way_is_not_taken_away(world, monkeypatch):
    """What Aircall answered before the tag was set does not know it, and is older than it."""
    monkeypatch.setattr(room, "now_ms", lambda connection: now_ms(connection) - 10_000)
    id_ = world.happen(HOUR, delivered=True)
    data = world.product.aircall.office.calls[int(id_.removeprefix("call-"))]
    tagged = {**data, "tags": [{"id": 33, "name": "VIP"}]}
    event = {"resource": "call", "event": "call.tagged", "timestamp": world.now - 5}
    world.product.log([{**event, "data": tagged}])
    world.mended()
    assert "VIP" in world.product.one("calls", id_)["properties"]["hs_call_body"]
    assert world.gaps.totals() == {"found": 0}


def test_a_call_that_just_hung_up_is_not_hurried(world):
    id_ = world.happen(200, story=Story(talk=60))
    own = int(id_.removeprefix("call-"))
    data = {**world.product.aircall.office.calls[own]}
    world.product.log(
        [{"resource": "call", "event": "call.hungup", "timestamp": data["ended_at"], "data": data}]
    )
    world.repair()
    assert world.entered(id_) == []


def test_a_retry_that_comes_after_the_repair_changes_nothing(world):
    id_ = world.happen(HOUR)
    world.closed(2 * HOUR)
    world.mended()
    own = int(id_.removeprefix("call-"))
    call = world.product.aircall.office.calls[own]
    late = {"resource": "call", "event": "call.ended", "timestamp": call["ended_at"], "data": call}
    world.product.log([late])
    assert world.logged() == [id_]


def test_no_request_is_made_for_a_single_call_and_names_are_there(world):
    calls = [world.happen(HOUR + n, phone=f"+3363998{n:04d}") for n in range(60)]
    for id_ in calls:
        person = {"id": 5, "first_name": "Ada", "last_name": "King"}
        world.change(id_, contact=person)
    with world.asking() as asked:
        world.mended()
    assert asked == ["/v1/calls"] * 2
    assert len(world.logged()) == 60
    made = world.product.contacts_of("+33639980003")
    assert made[0]["properties"]["lastname"] == "King"


def test_an_hour_in_which_the_clock_stood_is_made_up_for(world, product):
    clock.tick(product.shop)
    world.repair()
    for job in world.redis.hkeys(keys.JOBS):
        world.redis.hincrby(keys.JOBS, job, -3 * HOUR * 1000)
    world.redis.hset(keys.GAPS, "covered", (world.now - 27 * HOUR) * 1000)
    id_ = world.happen(26 * HOUR)
    world.redis.delete("rq:queue:background")
    clock.tick(product.shop)
    jobs = [
        world.redis.hget(f"rq:job:{each.decode()}", "description")
        for each in world.redis.lrange("rq:queue:background", 0, -1)
    ]
    assert b"sync.gaps.repair.repair" in jobs
    world.mended()
    assert world.logged() == [id_]


def test_an_older_backup_is_a_gap_since_its_last_heartbeat(world):
    """What was logged after the backup is found again in HubSpot by our key, not doubled."""
    old = world.redis.dump(keys.OUTAGES)
    assert old is None
    ids = [world.happen(3 * DAY - n * HOUR, delivered=True) for n in range(3)]
    world.product.drain()
    for id_ in ids:
        world.redis.delete(keys.record(id_), keys.ids(id_))
    world.redis.set(keys.DOOR_OPEN, (world.now - 4 * DAY) * 1000)
    assert world.outages.heard(just_opened=True)
    world.mended()
    assert world.logged() == sorted(ids)


def test_calls_beyond_what_ids_are_kept_for_are_not_looked_at(world):
    file = world.shop.file
    short = file.model_copy(update={"retention": file.retention.model_copy(update={"ids": 3})})
    object.__setattr__(world.shop, "file", short)
    old, new = world.happen(3 * DAY), world.happen(DAY)
    world.closed(5 * DAY)
    world.mended()
    assert world.logged() == [new]
    assert not world.redis.exists(keys.record(old))
    assert "were not looked for" in world.notices()[0]


def test_a_fetched_call_is_no_delivery(world):
    world.redis.delete(keys.LAST_EVENT)
    world.happen(HOUR)
    world.repair()
    assert not world.redis.exists(keys.LAST_EVENT)
    assert door_args("call-1", "{}", "gap", ending=True)[2] == "gap"


def test_the_job_is_named_as_the_clock_names_it(world):
    assert clock.jobs(world.shop.file.intervals)[room.REPAIR] == 3600


def test_calls_of_a_deleted_integration_are_not_read(world):
    current = world.shop.revisions.current()
    world.shop.revisions.save(
        with_value(current.settings, "enabled", value=False), ADMIN, current.number, DELETED
    )
    id_ = world.happen(HOUR)
    world.closed(2 * HOUR)
    with world.asking() as asked:
        world.mended()
    assert asked == []
    assert not world.redis.exists(keys.record(id_))
    assert world.outages.pending() == ()
    assert world.gaps.look() is None
