import contextlib
import socket
import threading

import pytest

from clients.deadline import Deadline, Watchdog, connect_within, look_up_within
from clients.errors import Unavailable
from clients.gate import OpenGate
from clients.http import Http, Times
from clients.vendors import HUBSPOT
from tests.clients.conftest import HOLDS, PATIENT
from tests.patience import PATIENCE, until

TCP = (socket.AF_INET, socket.SOCK_STREAM, 6)
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@contextlib.contextmanager
def deaf():
    """A port that neither takes nor refuses a connection, its queue is full; after long it does."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        refusing = threading.Timer(HOLDS, listener.close)
        refusing.start()
        waiting = []
        for _ in range(4):
            waiting.append(socket.socket())
            waiting[-1].settimeout(0)
            waiting[-1].connect_ex(listener.getsockname())
        yield listener.getsockname()
        refusing.cancel()
        for each in waiting:
            each.close()


def test_a_connection_made_after_the_deadline_is_shut_at_once():
    deadline = Deadline(10)
    deadline.expire()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        deadline.guard(ours)
        assert theirs.recv(1) == b""
        deadline.close()


def test_guarding_ends_with_the_request_and_leaves_the_connection_open():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        deadline = Deadline(10)
        deadline.guard(ours)
        deadline.close()
        deadline.expire()
        ours.sendall(b"x")
        assert theirs.recv(1) == b"x"


def test_every_deadline_of_one_watchdog_is_kept_also_the_later_and_shorter_one():
    watchdog = Watchdog()
    with watchdog.watch(600) as long:
        with watchdog.watch(0.1) as short:
            ours, theirs = socket.socketpair()
            theirs.settimeout(PATIENCE)
            with ours, theirs:
                short.guard(ours)
                assert theirs.recv(1) == b""
        assert short.expired
        assert not long.expired
    watchdog.close()


def test_a_watchdog_that_idles_wakes_for_the_next_deadline():
    watchdog = Watchdog()
    with watchdog.watch(0.01) as first:
        until(lambda: first.expired)
    until(lambda: watchdog._wakes_at == float("inf"))
    ours, theirs = socket.socketpair()
    theirs.settimeout(PATIENCE)
    with ours, theirs, watchdog.watch(0.1) as second:
        second.guard(ours)
        assert theirs.recv(1) == b""
    watchdog.close()


def test_nothing_is_sent_after_the_deadline_on_a_connection_that_is_open(raw_vendor):
    class Gate(OpenGate):
        patience = 0.0

        def enter(self, vendor, limits):
            threading.Event().wait(self.patience)
            return super().enter(vendor, limits)

    vendor, gate = raw_vendor(ANSWER), Gate()
    http = Http(HUBSPOT, vendor.url, "Bearer x", gate, times=PATIENT)
    http.request("GET", "/", limits=())
    http._times = Times(0.3, 0.3, 0.3)
    gate.patience = 0.4
    with pytest.raises(Unavailable) as caught:
        http.request("POST", "/", json={}, limits=())
    assert not caught.value.maybe_written
    assert len(vendor.requests) == 1
    http.close()


def test_a_host_whose_first_address_refuses_is_reached_by_its_second(raw_vendor):
    vendor = raw_vendor(ANSWER)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        closed = listener.getsockname()
    deadline = Deadline(60)
    addresses = [(*TCP, closed), (*TCP, ("127.0.0.1", vendor.port))]
    with connect_within(deadline, 30, addresses) as connection:
        assert connection.getpeername()[1] == vendor.port
    deadline.close()


def test_a_host_whose_first_address_is_silent_is_reached_by_its_second_in_time(raw_vendor):
    vendor = raw_vendor(ANSWER)
    deadline = Deadline(60)
    with deaf() as silent:
        addresses = [(*TCP, silent), (*TCP, ("127.0.0.1", vendor.port))]
        # Where the first took all of the time, this would raise.
        with connect_within(deadline, 2, addresses) as connection:
            assert connection.getpeername()[1] == vendor.port
    deadline.close()


def test_a_silent_host_ends_after_the_connecting_time_and_nothing_was_sent(http_to):
    with deaf() as (host, port), pytest.raises(Unavailable, match="in time") as caught:
        http_to(f"http://{host}:{port}", Times(0.2, 60, 60)).request("POST", "/", limits=())
    assert not caught.value.maybe_written


def test_a_name_without_addresses_cannot_be_connected_to():
    with pytest.raises(OSError, match="no address"):
        connect_within(Deadline(1), 1, [])
    with pytest.raises(TimeoutError):
        connect_within(Deadline(0), 1, [(*TCP, ("127.0.0.1", 1))])


def test_a_look_up_that_fails_tells_why():
    def fail(_host, _port):
        raise socket.gaierror("unknown")

    with pytest.raises(socket.gaierror):
        look_up_within(1, "x", 1, fail)
    with pytest.raises(OSError, match="codec"):
        look_up_within(1, "x" * 70 + ".com", 1)
