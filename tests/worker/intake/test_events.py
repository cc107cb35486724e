"""What the door counts and keeps of events that are no call's or message's, and where hints end."""

import json

import pytest
from product import Product

from rules.hours import LineHours
from sandbox.traffic import call_events, number_event
from store.line_hours import hours_told
from tests.worker.intake.door import event, stored
from worker.nudge import BACKGROUND, queue


def counted(door, name: str, result: str) -> float:
    return door.metric(f'aircall_hubspot_events_total{{event="{name}",result="{result}"}}')


@pytest.mark.parametrize(
    "name",
    [
        *("contact.created", "summary.created", "ai_voice_agent.ended", "analytics.report_failed"),
        *("user.opened", "user.closed.v2", "user.connected", "user.disconnected.v2"),
        *("user.wut_start", "user.wut_end.v2"),
    ],
)
def test_events_of_contacts_ai_and_availability_are_counted_only(door, redis_client, name):
    before, keys = counted(door, name, "of no use"), set(redis_client.keys())
    assert door.deliver(event(name)) == 200
    assert counted(door, name, "of no use") == before + 1
    assert set(redis_client.keys()) - keys <= {b"ah:clock"}


def test_unknown_events_are_kept_for_a_person_and_share_one_label(door, redis_client):
    before = counted(door, "other", "unknown event")
    for n in range(3):
        assert door.deliver(event(f"fancy.new_{n}")) == 200
    assert counted(door, "other", "unknown event") == before + 3
    kept = [json.loads(raw) for raw in redis_client.lrange("ah:unreadable", 0, -1)]
    assert [each["event"]["event"] for each in kept] == [f"fancy.new_{n}" for n in (2, 1, 0)]
    assert not redis_client.exists("ah:due")


@pytest.mark.parametrize(
    "sent",
    [
        {"event": "call.ended"},
        {"event": "call.ended", "data": []},
        {"event": "call.ended", "data": {"id": None}},
        {"event": "call.ended", "data": {"id": "../../etc"}},
        {"event": "number.closed", "data": {"id": {}}},
    ],
)
def test_a_malformed_event_of_ours_is_200_counted_and_kept(door, redis_client, sent):
    before = counted(door, sent["event"], "malformed")
    assert door.deliver(sent) == 200
    assert counted(door, sent["event"], "malformed") == before + 1
    assert json.loads(redis_client.lindex("ah:unreadable", 0)) == {
        "reason": "malformed",
        "event": sent,
    }


def test_what_is_not_understood_is_kept_a_thousand_times_and_no_longer_than_a_page(
    door, redis_client
):
    redis_client.rpush("ah:unreadable", *(["old"] * 1000))
    assert door.deliver(event("fancy.huge", note="x" * 500_000)) == 200
    assert redis_client.llen("ah:unreadable") == 1000
    kept = redis_client.lindex("ah:unreadable", 0)
    assert len(kept) < 20_000
    assert json.loads(kept)["event"].startswith('{"resource": "fancy"')


def test_an_accepted_event_is_counted_by_its_name(door):
    before = counted(door, "call.tagged", "accepted")
    assert door.deliver(event("call.tagged")) == 200
    assert counted(door, "call.tagged", "accepted") == before + 1


@pytest.fixture
def product(redis_client, redis_server, stand_ins, tmp_path):
    stand_ins.reset()
    product = Product(redis_server.url, tmp_path, stand_ins)
    product.start()
    return product


def test_opened_and_closed_reach_the_hours_of_the_line(product, standing_door, redis_client):
    for name, at in (("opened", 1_790_000_000), ("closed", 1_790_003_600)):
        assert standing_door.deliver(number_event(name, 1001, at)) == 200
    assert stored(redis_client, "hint-number-1001")
    assert product.shop.due.waiting() == 0
    product.drain()
    told = LineHours(open=False, at=1_790_003_600_000)
    assert hours_told(redis_client) == {1001: told}
    assert not redis_client.exists("ah:due", "ah:unended", "ah:new:hint-number-1001")


def test_hints_of_users_and_numbers_refresh_the_directory_once_in_ten_seconds(
    product, standing_door, redis_client
):
    taken: list[bytes] = []
    for _ in range(5):
        for name in ("user.created", "user.deleted.v2", "number.created"):
            assert standing_door.deliver(event(name)) == 200
        product.drain()
        taken += redis_client.lrange("rq:queue:background", 0, -1)
        redis_client.delete("rq:queue:background")  # a worker has begun them
    jobs = [redis_client.hget(b"rq:job:" + id_, "description") for id_ in taken]
    assert jobs == [b"sync.directory.reading.refresh_part"] * 2
    assert 0 < redis_client.ttl("ah:hinted:users") <= 10


def test_a_fresh_miss_swallows_no_hint_and_a_hint_no_miss(product, redis_client):
    assert product.shop.directory.refresh_allowed("numbers", 60)
    product.log([number_event("created", 1001, 1_790_000_000)])
    (job,) = queue(redis_client, BACKGROUND).jobs
    assert job.args == ["numbers"]
    product.log([event("user.created")])
    assert product.shop.directory.refresh_allowed("users", 60)


def test_a_call_through_the_door_is_logged_in_hubspot(product, standing_door):
    for sent in call_events(77, "inbound_answered", start=1_790_000_000, phone="+33199887766"):
        assert standing_door.deliver(sent) == 200
    product.drain()
    assert product.one("calls", "call-77")["properties"]["hs_call_status"] == "COMPLETED"
    assert not product.hubspot.surprises
