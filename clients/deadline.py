"""One deadline over name, connect and answer: a watchdog shuts the connection when it comes."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

Address = tuple[int, int, int, Any]
"""Family, type, protocol and address of a socket, as `socket.getaddrinfo` tells them."""
Lookup = Callable[[str, int], list[Address]]


class Deadline:
    """The moment by which one request has ended, and the sockets that are shut when it comes.

    A read timeout alone does not end an answer that trickles one byte a second.
    """

    def __init__(self, seconds: float) -> None:
        self.at = time.monotonic() + seconds
        self.sent = False
        self.expired = False
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []

    def left(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self.at - time.monotonic())

    def guard(self, sock: socket.socket) -> None:
        """Have this connection shut when the deadline comes.

        A duplicate is kept: TLS takes the socket out of its object, but shutting any duplicate
        shuts the connection itself.
        """
        duplicate = socket.socket(fileno=os.dup(sock.fileno()))
        with self._lock:
            self._sockets.append(duplicate)
            if self.expired:
                _shut(duplicate)

    def about_to_send(self) -> None:
        """Note that the vendor may see the request from now on; TimeoutError after the deadline."""
        if self.expired or not self.left():
            raise TimeoutError("the deadline came before the request was sent")
        self.sent = True

    def expire(self) -> None:
        """Shut every guarded connection, now and from now on."""
        with self._lock:
            self.expired = True
            for sock in self._sockets:
                _shut(sock)

    def close(self) -> None:
        """Let go of the connections, which stay open."""
        with self._lock:
            for sock in self._sockets:
                sock.close()
            self._sockets.clear()


def _shut(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


class Watchdog:
    """One thread that expires each deadline when its moment comes."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._watched: set[Deadline] = set()
        self._wakes_at = 0.0
        self._thread: threading.Thread | None = None
        self._closed = False

    def close(self) -> None:
        """End the thread; the next deadline starts another."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    @contextlib.contextmanager
    def watch(self, seconds: float) -> Iterator[Deadline]:
        """Give a deadline that is watched, and known to the connections, while the block runs."""
        deadline = Deadline(seconds)
        token = _current.set(deadline)
        try:
            with self._changed:
                self._watched.add(deadline)
                # A thread does not survive a fork, so it is looked after at each request.
                if self._closed or self._thread is None or not self._thread.is_alive():
                    self._closed = False
                    self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)
                    self._thread.start()
                elif deadline.at < self._wakes_at:
                    self._changed.notify()
            yield deadline
        finally:
            with self._changed:
                self._watched.discard(deadline)
            deadline.close()
            _current.reset(token)

    def _run(self) -> None:
        with self._changed:
            while not self._closed:
                for deadline in [each for each in self._watched if not each.left()]:
                    deadline.expire()
                    self._watched.discard(deadline)
                self._wakes_at = min((each.at for each in self._watched), default=float("inf"))
                pause = self._wakes_at - time.monotonic()
                self._changed.wait(max(pause, 0.001) if self._watched else None)


_current: ContextVar[Deadline] = ContextVar("deadline")


def _look_up(host: str, port: int) -> list[Address]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(family, kind, protocol, address) for family, kind, protocol, _, address in found]


def look_up_within(
    seconds: float, host: str, port: int, look_up: Lookup = _look_up
) -> list[Address]:
    """Ask for a host's addresses in a thread that is left behind when the time is over.

    The operating system's look-up cannot be interrupted. Raises TimeoutError or OSError.
    """
    found: list[list[Address]] = []
    failed: list[OSError] = []

    def ask() -> None:
        try:
            found.append(look_up(host, port))
        except (OSError, UnicodeError) as error:
            failed.append(error if isinstance(error, OSError) else OSError(str(error)))

    thread = threading.Thread(target=ask, name="look-up", daemon=True)
    thread.start()
    thread.join(seconds)
    if found:
        return found[0]
    raise failed[0] if failed else TimeoutError("the name server did not answer")


def connect_within(deadline: Deadline, seconds: float, addresses: list[Address]) -> socket.socket:
    """Connect to the first address that answers, each having its share of the time.

    Raises OSError (TimeoutError) of the last address tried.
    """
    until = time.monotonic() + min(seconds, deadline.left())
    problem: OSError = OSError("the name has no address")
    for index, (family, kind, protocol, address) in enumerate(addresses):
        share = (until - time.monotonic()) / (len(addresses) - index)
        if share <= 0:
            raise TimeoutError("the time to connect is over")
        sock = socket.socket(family, kind, protocol)
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.settimeout(share)
            sock.connect(address)
        except OSError as error:
            sock.close()
            problem = error
            continue
        sock.settimeout(seconds)
        deadline.guard(sock)
        return sock
    raise problem


class _Plain(HTTPConnection):
    """A connection that knows the deadline of the request it carries."""

    def _new_conn(self) -> socket.socket:
        deadline = _current.get()
        try:
            addresses = look_up_within(deadline.left(), self._dns_host, self.port or 0)
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        except OSError as error:
            raise ConnectTimeoutError(self, f"{self.host} could not be looked up") from error
        seconds = self.timeout if isinstance(self.timeout, int | float) else deadline.left()
        try:
            return connect_within(deadline, seconds, addresses)
        except TimeoutError as error:
            raise ConnectTimeoutError(self, f"{self.host} did not take the connection") from error
        except OSError as error:
            raise NewConnectionError(self, f"{self.host} refused the connection") from error

    def request(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - urllib3's own arguments
        """Guard a connection that is used again, then send."""
        if self.sock is not None:
            _current.get().guard(self.sock)
        super().request(*args, **kwargs)

    def send(self, data: Any) -> None:  # noqa: ANN401 - http.client's own argument
        """Send only before the deadline, and note that something was sent."""
        if self.sock is None:
            self.connect()
        _current.get().about_to_send()
        super().send(data)


class _Secure(_Plain, HTTPSConnection):
    """The same over TLS."""


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class DeadlineAdapter(HTTPAdapter):
    """The adapter of requests whose connections keep to a Watchdog's deadline; it never retries."""

    def __init__(self) -> None:
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - requests' own
        """Have the pools make our connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}
