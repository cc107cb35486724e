"""An open door says so; from its silence follows in which span nothing could reach us."""

import os

import pytest

from settings.file import SettingsFile
from store import keys
from store.connection import now_ms
from store.first_start import MARKER, last_seen, seen_whole
from store.outages import RESTART_MS, SILENCE_MS, Outages
from tests.worker.intake.door import RunningDoor, environment, until
from worker.intake import server
from worker.nudge import BACKGROUND, queue
from worker.repairing import REPAIR
from worker.workshop import open_workshop


@pytest.fixture
def outages(redis_client) -> Outages:
    return Outages(redis_client)


def silent(client, ms):
    client.set(keys.DOOR_OPEN, now_ms(client) - ms)


def called(client):
    return [job.func_name for job in queue(client, BACKGROUND).jobs if job.func_name == REPAIR]


def test_the_first_door_of_all_notes_nothing(outages, redis_client):
    assert not outages.heard(just_opened=True)
    assert outages.pending() == ()
    assert redis_client.exists(keys.DOOR_OPEN)


def test_a_door_that_goes_on_notes_nothing(outages, redis_client):
    silent(redis_client, SILENCE_MS - 5_000)
    assert not outages.heard()
    assert outages.pending() == ()


def test_every_start_calls_for_a_repair_however_short_the_silence(outages, redis_client):
    silent(redis_client, 1_000)
    began = int(redis_client.get(keys.DOOR_OPEN))
    assert outages.heard(just_opened=True)
    [found] = outages.pending()
    assert (found.cause, found.began) == ("restart", began)
    assert found.ended == int(redis_client.get(keys.DOOR_OPEN))


def test_a_silence_of_a_running_door_is_noted_with_its_ends(outages, redis_client):
    silent(redis_client, RESTART_MS + 1_000)
    began = int(redis_client.get(keys.DOOR_OPEN))
    assert outages.heard()
    [found] = outages.pending()
    assert (found.cause, found.began) == ("door", began)
    assert found.ended == int(redis_client.get(keys.DOOR_OPEN))


def test_many_restarts_are_one_entry_and_each_longer_silence_its_own(outages, redis_client):
    for ms in (2_000, 1_000, 3_000):
        silent(redis_client, ms)
        outages.heard(just_opened=True)
    for hours in (3, 1):
        silent(redis_client, hours * 3_600_000)
        outages.heard()
    causes = [each.cause for each in outages.pending()]
    assert sorted(causes) == ["door", "door", "restart"]


def test_a_wall_clock_that_stepped_back_is_no_silence(outages, redis_client):
    silent(redis_client, -3_600_000)
    assert not outages.heard(just_opened=True)
    assert outages.pending() == ()
    assert int(redis_client.get(keys.DOOR_OPEN)) <= now_ms(redis_client)


def test_a_webhook_that_is_back_was_away_since_it_was_last_seen_or_heard(outages, redis_client):
    outages.webhook_back()
    assert outages.pending() == ()
    now = now_ms(redis_client)
    redis_client.set(keys.WEBHOOK_WELL, now - 300_000)
    redis_client.set(keys.LAST_EVENT, now - 200_000)
    outages.webhook_back()
    [found] = outages.pending()
    assert (found.cause, found.began) == ("webhook", now - 200_000)
    redis_client.delete(keys.OUTAGES)
    outages.webhook_well()
    well = int(redis_client.get(keys.WEBHOOK_WELL))
    assert well >= now
    outages.webhook_back()
    [found] = outages.pending()
    assert found.began == well
    assert well <= found.ended <= now_ms(redis_client)


@pytest.fixture
def door(redis_client, redis_server, stand_ins, tmp_path, monkeypatch):
    monkeypatch.setattr(server, "SWEEP_EVERY", 0)
    doors = []

    def open_():
        door = RunningDoor(environment(redis_server.url, tmp_path, stand_ins))
        doors.append(door)
        return door

    yield open_
    for each in doors:
        each.close()


def test_a_door_says_that_it_is_open_and_its_start_calls_for_a_repair(door, redis_client, outages):
    door()
    until(lambda: redis_client.exists(keys.DOOR_OPEN))
    first = redis_client.get(keys.DOOR_OPEN)
    until(lambda: redis_client.get(keys.DOOR_OPEN) != first)
    assert called(redis_client) == []
    silent(redis_client, 300_000)
    until(outages.pending)
    until(lambda: called(redis_client))
    assert [each.cause for each in outages.pending()] == ["door"]
    door()
    until(lambda: len(outages.pending()) == 2)


def test_a_door_that_is_closed_does_not_say_that_it_is_open(door, redis_client, outages):
    open_ = door()
    until(lambda: redis_client.exists(keys.DOOR_OPEN))
    # Fuller than a door allows, and yet not full.
    memory = redis_client.info("memory")
    redis_client.config_set("maxmemory", int(memory["used_memory"] * 1.2))
    try:
        until(lambda: open_.ask("GET", "/readyz")[0] == 503)
        until(lambda: redis_client.hexists(keys.ALERTS, server.CLOSED_ALERT))
        last = redis_client.get(keys.DOOR_OPEN)
        for _ in range(3):
            swept = redis_client.get(keys.CLOCK)
            until(lambda swept=swept: redis_client.get(keys.CLOCK) != swept)
        assert redis_client.get(keys.DOOR_OPEN) == last
    finally:
        redis_client.config_set("maxmemory", memory["maxmemory"])
    until(lambda: redis_client.get(keys.DOOR_OPEN) != last)


def test_a_store_that_was_emptied_tells_since_when_it_is_not_what_it_was(
    redis_client, redis_server, stand_ins, tmp_path, outages
):
    here = environment(redis_server.url, tmp_path, stand_ins)
    open_workshop(here, SettingsFile())
    assert outages.pending() == ()
    ago = now_ms(redis_client) // 1000 - 7_200
    os.utime(tmp_path / MARKER, (ago, ago))
    redis_client.flushall()
    open_workshop(here, SettingsFile())
    [found] = outages.pending()
    assert (found.cause, found.began) == ("emptied", ago * 1000)
    open_workshop(here, SettingsFile())
    assert outages.pending() == (found,)


def test_the_marker_tells_when_the_store_was_last_whole(tmp_path):
    assert last_seen(tmp_path) is None
    seen_whole(tmp_path / "not there")
    (tmp_path / MARKER).write_text("id\n")
    os.utime(tmp_path / MARKER, (5, 5))
    assert last_seen(tmp_path) == 5_000
    seen_whole(tmp_path)
    assert last_seen(tmp_path) > 1_700_000_000_000
