"""Slow senders are hung up, others do not notice, and a connection serves many requests."""

import json
import socket
import time

import pytest

from tests.patience import PATIENCE, until
from tests.worker.intake.door import TOKEN, environment, event, head
from worker.intake.punctual import PunctualProtocol


class Hasty(PunctualProtocol):
    seconds = 0.5


class Patient(PunctualProtocol):
    seconds = 600.0


@pytest.fixture
def hasty(open_door, redis_server, sandbox, tmp_path):
    return open_door(environment(redis_server.url, tmp_path, sandbox), protocol=Hasty)


def hung_up(wire: socket.socket) -> bool:
    wire.settimeout(PATIENCE)
    try:
        return wire.recv(100) == b""
    except ConnectionResetError:
        return True


def test_the_product_gives_ten_seconds():
    assert PunctualProtocol.seconds == 10


@pytest.mark.parametrize(
    "half",
    [b"", b"POST /aircall", head(length=100)[:-2], head(length=100), head(length=100) + b"{"],
    ids=["nothing", "a line", "a head", "no body", "half a body"],
)
def test_a_request_that_does_not_arrive_whole_is_hung_up(hasty, half):
    with hasty.raw() as wire:
        began = time.monotonic()
        wire.sendall(half)
        assert hung_up(wire)
        assert time.monotonic() - began > 0.3


def test_a_trickle_does_not_buy_time(hasty):
    body = json.dumps({**event(words="x" * 1000), "token": TOKEN}).encode()
    with hasty.raw() as wire:
        wire.sendall(head(length=len(body)))
        wire.settimeout(0.05)
        for at in range(len(body)):
            try:
                wire.sendall(body[at : at + 1])
                if wire.recv(1) == b"":
                    break
            except TimeoutError:
                continue
            except OSError:
                break
        else:
            pytest.fail("it could send all of it")


def half_sent(door) -> list[socket.socket]:
    wires = [door.raw() for _ in range(200)]
    for wire in wires:
        wire.sendall(head(length=100) + b"{")
    return wires


def test_others_are_answered_while_many_half_sent_requests_are_waited_for(
    open_door, redis_server, sandbox, tmp_path
):
    here = environment(redis_server.url, tmp_path, sandbox)
    door = open_door(here, protocol=Patient)
    slow = half_sent(door)
    assert {door.deliver(event()) for _ in range(50)} == {200}
    for wire in slow:
        wire.settimeout(0)
        with pytest.raises(BlockingIOError):
            wire.recv(1)
        wire.close()


def test_many_half_sent_requests_are_all_hung_up(hasty):
    for wire in half_sent(hasty):
        assert hung_up(wire)
        wire.close()


def test_a_connection_serves_many_requests_each_with_its_own_time(hasty):
    body = json.dumps({**event(), "token": TOKEN}).encode()
    with hasty.keep_alive() as post:
        deadline = time.monotonic() + 1.2
        count = 0
        while time.monotonic() < deadline or count < 10:
            assert post(body) == 200
            count += 1


def test_a_later_request_of_a_connection_is_hung_up_too(hasty):
    body = json.dumps({**event(), "token": TOKEN}).encode()
    with hasty.raw() as wire:
        wire.sendall(head(length=len(body)) + body)
        assert wire.recv(1000).startswith(b"HTTP/1.1 200 ")
        wire.sendall(head(length=100) + b"{")
        assert hung_up(wire)


def test_a_client_that_leaves_in_the_middle_is_no_error(hasty):
    with hasty.raw() as wire:
        wire.sendall(head(length=100) + b"{")
    assert until(lambda: hasty.deliver(event()) == 200)
