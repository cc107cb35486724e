"""The sandbox as a vendor, and a vendor made of one raw socket for what no decent one would do."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from clients.aircall import Aircall, aircall_http
from clients.gate import OpenGate
from clients.http import Http, Times
from clients.hubspot import HubSpot, hubspot_http
from clients.vendors import HUBSPOT
from sandbox.aircall.world import AircallWorld
from sandbox.hubspot.world import HubSpotWorld
from sandbox.server import Sandbox

Behaviour = Callable[[socket.socket], bool | None] | bytes


IMPATIENT = Times(connect=0.3, read=0.4, total=0.6)
"""For whom nobody answers in time; whoever answers has longer, on a busy machine too."""
PATIENT = Times(connect=20, read=40, total=60)
HOLDS = 30.0
"""Seconds that a vendor trickles or is silent, then hangs up: nobody is to wait for that."""


class RawVendor:
    """Answers each request with the next behaviour, the last one for ever; keeps what it read."""

    def __init__(self, *behaviours: Behaviour) -> None:
        self.behaviours = list(behaviours)
        self.requests: list[bytes] = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.connections += 1
                self._open.append(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            while request := self._read(connection):
                self.requests.append(request)
                next_one = self.behaviours[0]
                if len(self.behaviours) > 1:
                    self.behaviours.pop(0)
                if isinstance(next_one, bytes):
                    connection.sendall(next_one)
                elif not next_one(connection):
                    return

    def _read(self, connection: socket.socket) -> bytes:
        data = b""
        while b"\r\n\r\n" not in data:
            more = connection.recv(65_536)
            if not more:
                return b""
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        length = next(
            (
                int(line.split(b":")[1])
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length")
            ),
            0,
        )
        while len(body) < length:
            body += connection.recv(65_536)
        return head + b"\r\n\r\n" + body


@pytest.fixture
def raw_vendor() -> Iterator[Callable[..., RawVendor]]:
    made: list[RawVendor] = []

    def make(*behaviours: Behaviour) -> RawVendor:
        made.append(RawVendor(*behaviours))
        return made[-1]

    yield make
    for vendor in made:
        vendor.close()


@pytest.fixture
def gate() -> OpenGate:
    return OpenGate()


@pytest.fixture
def counted() -> list[str]:
    return []


@pytest.fixture
def http_to(gate: OpenGate, counted: list[str]) -> Iterator[Callable[..., Http]]:
    made: list[Http] = []

    def make(url: str, times: Times = PATIENT) -> Http:
        made.append(
            Http(
                HUBSPOT,
                url,
                "Bearer secret-token",
                gate,
                count=lambda _vendor, status: counted.append(status),
                times=times,
            )
        )
        return made[-1]

    yield make
    for http in made:
        http.close()


@pytest.fixture(scope="session")
def both_vendors() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(both_vendors: Sandbox) -> Iterator[Sandbox]:
    both_vendors.reset()
    yield both_vendors
    assert both_vendors.hubspot.world.surprises == []
    assert both_vendors.aircall.world.surprises == []


@pytest.fixture
def portal(sandbox: Sandbox) -> HubSpotWorld:
    return sandbox.hubspot.world


@pytest.fixture
def hubspot(sandbox: Sandbox, gate: OpenGate) -> Iterator[HubSpot]:
    http = hubspot_http(sandbox.hubspot.url, "sandbox-hubspot-token", gate, times=PATIENT)
    yield HubSpot(http)
    http.close()


@pytest.fixture
def company(sandbox: Sandbox) -> AircallWorld:
    return sandbox.aircall.world


@pytest.fixture
def aircall(sandbox: Sandbox, gate: OpenGate) -> Iterator[Aircall]:
    http = aircall_http(sandbox.aircall.url, "sandbox-id", "sandbox-token", gate, times=PATIENT)
    yield Aircall(http)
    http.close()
