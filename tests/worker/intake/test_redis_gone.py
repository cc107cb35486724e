"""Whatever is wrong with Redis: 503 while it lasts, and never a 200 for what is not stored."""

import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import redis

from run.redis_server import start, wait_until_ready
from store import connection
from store.connection import socket_url
from tests.patience import until
from tests.worker.intake.door import environment, event, stored
from tests.worker.intake.proxy import LOADING
from worker.intake import keeper, ledger


def accepted(door, client, call_ids) -> None:
    """Deliver, and hold each 200 against what is stored."""
    for call_id in call_ids:
        if door.deliver(event("call.ended", call_id)) == 200:
            assert stored(client, f"call-{call_id}")


def refused(door, call_id) -> None:
    """Answered while it lasts: only the test ends what is wrong with Redis."""
    assert door.deliver(event("call.ended", call_id)) == 503
    assert door.ask("GET", "/readyz")[0] == 503
    assert door.ask("GET", "/healthz") == (200, "alive")


def back(door, client, call_id) -> None:
    until(lambda: door.deliver(event("call.ended", call_id)) == 200)
    assert stored(client, f"call-{call_id}")
    until(lambda: door.ask("GET", "/readyz") == (200, "ready"))


def test_nothing_that_the_door_asks_of_redis_is_waited_for_for_two_seconds():
    assert max(ledger.LONGEST, keeper.PATIENCE, connection.TIMEOUT) < 2


def test_readiness_is_told_while_the_settings_are_still_waited_for(
    open_door, redis_server, sandbox, tmp_path, monkeypatch
):
    let_go, ended = threading.Event(), []

    def silent(*_, **__):
        ended.append(let_go.wait(30))
        raise redis.ConnectionError

    door = open_door(environment(redis_server.url, tmp_path, sandbox))
    monkeypatch.setattr(redis.Redis, "execute_command", silent)
    assert door.ask("GET", "/readyz") == (503, "Redis does not take writes: TimeoutError")
    assert ended == []
    let_go.set()


@pytest.mark.parametrize("mode", ["refuse", "reset", "stall", "mute", LOADING, "ERR whatever"])
def test_a_redis_that_does_not_plainly_say_yes_is_a_503(wired_door, wire, redis_client, mode):
    assert wired_door.deliver(event("call.ended", 1)) == 200
    wire.set(mode)
    refused(wired_door, 2)
    wire.set("pass")
    back(wired_door, redis_client, 3)


@pytest.mark.parametrize("mode", ["refuse", "reset", "stall"])
def test_a_wrong_token_is_no_error_of_ours_while_redis_is_gone(wired_door, wire, mode):
    wire.set(mode)
    assert wired_door.deliver(event(), "wrong") in (401, 503)


def test_an_answer_of_before_is_never_taken_for_a_later_one(wired_door, wire, redis_client):
    """Connections whose answer was not waited for are not used again."""
    with ThreadPoolExecutor(16) as pool:
        wire.set("mute")
        statuses = pool.map(lambda n: wired_door.deliver(event("call.ended", n)), range(32))
        assert set(statuses) == {503}
        wire.set("pass")
        until(lambda: wired_door.deliver(event("call.ended", 99)) == 200)
        ids = range(100, 164)
        statuses = pool.map(lambda n: wired_door.deliver(event("call.ended", n)), ids)
        for n, status in zip(ids, statuses, strict=True):
            assert (status, len(stored(redis_client, f"call-{n}"))) == (200, 1)


@pytest.fixture
def own_redis() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="ah-"))
    process = start(folder)
    wait_until_ready(socket_url(folder), process)
    yield folder
    process.kill()
    process.wait()
    shutil.rmtree(folder)


@pytest.fixture
def own(own_redis, open_door, sandbox):
    """A door on an embedded server that the test may hurt."""
    door = open_door(environment(None, own_redis, sandbox))
    client = redis.Redis.from_url(socket_url(own_redis))
    yield door, client
    client.close()


def test_a_stopped_redis_is_503_and_goes_on_afterwards(own, own_redis):
    door, client = own
    accepted(door, client, range(5))
    pid = int((own_redis / "redis.pid").read_text())
    os.kill(pid, signal.SIGSTOP)
    try:
        refused(door, 10)
        with ThreadPoolExecutor(80) as pool:
            answers = pool.map(lambda n: door.deliver(event("call.ended", n)), range(20, 100))
            assert set(answers) == {503}
    finally:
        os.kill(pid, signal.SIGCONT)
    back(door, client, 200)
    accepted(door, client, range(300, 400))


def test_a_redis_that_takes_no_writes_is_503(own):
    door, client = own
    client.execute_command("REPLICAOF", "127.0.0.1", "1")
    refused(door, 1)
    client.execute_command("REPLICAOF", "NO", "ONE")
    back(door, client, 2)


def test_a_redis_without_memory_is_503_at_once(own):
    door, client = own
    client.config_set("maxmemory", "1mb")
    refused(door, 1)
    client.config_set("maxmemory", "512mb")
    back(door, client, 2)
    assert not stored(client, "call-1")


def test_a_redis_that_forgot_its_scripts_is_told_them_again(door, redis_client):
    assert door.deliver(event("call.ended", 1)) == 200
    redis_client.script_flush()
    assert door.deliver(event("call.ended", 2)) == 200
    assert len(stored(redis_client, "call-2")) == 1


def test_something_else_at_a_key_of_ours_is_503_and_others_go_on(door, redis_client):
    redis_client.set("ah:new:call-5", "not a list")
    assert door.deliver(event("call.ended", 5)) == 503
    assert door.deliver(event("call.ended", 6)) == 200
    redis_client.delete("ah:due")
    redis_client.set("ah:due", "not a sorted set")
    assert door.deliver(event("call.ended", 7)) == 503
    redis_client.delete("ah:due", "ah:new:call-5")
    accepted(door, redis_client, (5, 7, 8))


def test_an_emptied_redis_goes_on_taking_events_in(door, redis_client):
    redis_client.flushall()
    assert door.ask("GET", "/readyz") == (503, "the settings are not loaded yet")
    assert door.deliver(event("call.ended", 9)) == 200
    assert stored(redis_client, "call-9")[0]["revision"] == 0


@pytest.mark.parametrize(
    ("key", "damage"),
    [
        ("ah:settings:head", lambda client: client.set("ah:settings:head", "seven")),
        ("revision 1", lambda client: client.hdel("ah:settings:revisions", "1")),
        ("ah:settings:revisions", lambda client: client.hset("ah:settings:revisions", "1", "{")),
    ],
)
def test_settings_that_cannot_be_read_are_not_loaded_and_events_are_kept(
    door, redis_client, key, damage
):
    damage(redis_client)
    status, words = door.ask("GET", "/readyz")
    assert status == 503
    assert words.startswith("the settings cannot be read: ")
    assert key in words.casefold()
    assert door.deliver(event("call.ended", 9)) == 200
