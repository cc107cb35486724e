"""A whole outage: Aircall delivers in vain, gives up, and everything is there once in the end."""

import pytest

from sandbox.traffic import call_events, message_events
from store import keys
from sync.webhook.watch import look
from tests.sync.gaps.gapworld import HOUR, World
from tests.worker.intake.door import RunningDoor, until


@pytest.fixture
def world(product, monkeypatch) -> World:
    return World(product, monkeypatch)


@pytest.fixture
def door(world, monkeypatch):
    monkeypatch.setattr("worker.intake.server.SWEEP_EVERY", 0)
    doors = []

    def open_():
        door = RunningDoor(world.product.environment)
        doors.append(door)
        world.product.aircall.deliveries.door = f"http://127.0.0.1:{door.port}/aircall/webhook"
        return door

    yield open_
    for each in doors:
        each.close()
    world.product.aircall.deliveries.door = ""


def calls(world, first, count, ago):
    """Whole calls, each with all of its deliveries."""
    start = world.now - ago
    return [
        event
        for n in range(count)
        for event in call_events(first + n, "inbound_missed", start=start + n, phone="+33199004567")
    ]


def test_an_outage_of_hours_ends_with_every_call_once_and_the_span_told(world, door):
    first, aircall = door(), world.product.aircall
    until(lambda: world.redis.exists(keys.DOOR_OPEN))
    assert set(aircall.happen(calls(world, 90_001, 3, 5 * HOUR))) == {200}
    world.product.recover()
    look()
    first.close()
    world.redis.set(keys.DOOR_OPEN, (world.now - 4 * HOUR) * 1000)
    aircall.deliveries.keep_trying = 0
    assert set(aircall.happen(calls(world, 90_101, 3, 3 * HOUR))) == {0}
    hook = next(iter(aircall.office.webhooks.values()))
    assert not hook["active"]
    assert aircall.happen(calls(world, 90_201, 3, 2 * HOUR)) == {}
    sms = message_events("lost", "inbound", start=world.now - HOUR, phone="+33199004567")
    assert aircall.happen(sms) == {}
    until(lambda: not aircall.deliveries.pending)

    door()
    until(world.outages.pending)
    world.mended()
    expected = [f"call-{n + k}" for n in (90_001, 90_101, 90_201) for k in range(3)]
    assert world.logged() == expected
    [said] = [each for each in world.shop.alerts.notices() if each.name.startswith("outage")]
    assert said.about["calls"] == "6"
    assert said.sentence.startswith("No events were taken in from ")
    hook["active"] = True
    assert set(aircall.happen(calls(world, 90_301, 1, HOUR // 2))) == {200}
    world.mended()
    assert world.logged() == [*expected, "call-90301"]


def test_what_aircall_delivers_again_after_the_repair_doubles_nothing(world, door):
    aircall = world.product.aircall
    aircall.deliveries.reachable = False
    aircall.deliveries.first_pause = 3_600
    aircall.happen(calls(world, 91_001, 1, HOUR))
    sms = message_events("late", "inbound", start=world.now - HOUR, phone="+33199004567")
    aircall.happen(sms)
    assert len(aircall.deliveries.pending) > 1
    world.redis.set(keys.DOOR_OPEN, (world.now - 2 * HOUR) * 1000)
    door()
    until(world.outages.pending)
    world.mended()
    assert world.logged() == ["call-91001"]
    aircall.deliveries.reachable = True
    now = aircall.clock()
    aircall.clock = lambda: now + 4_000
    until(lambda: not aircall.deliveries.pending)
    world.mended()
    assert world.logged() == ["call-91001"]
    assert len(world.product.all("communications")) == 1
