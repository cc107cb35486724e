"""The HTTP shell: a small keep-alive server in threads in front of each world."""

import contextlib
import socket
import struct
from http import HTTPStatus
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Generic, Self, TypeVar
from urllib.parse import parse_qsl, unquote

from sandbox.aircall.world import AircallWorld
from sandbox.answer import Answer
from sandbox.control import PREFIX, control
from sandbox.hubspot.world import HubSpotWorld
from sandbox.page.front import Front
from sandbox.page.phone import Phone
from sandbox.slack.world import SlackWorld
from sandbox.world import World

MOST_HEADER_BYTES = 65_536
REASONS = {status.value: status.phrase for status in HTTPStatus}
AnyWorld = TypeVar("AnyWorld", bound=World)


class Server(Generic[AnyWorld]):
    """One world on one loopback port, a thread per connection; port 0 takes a free one."""

    def __init__(self, world: AnyWorld, port: int = 0) -> None:
        self.world = world
        self.front: Front | None = None
        self._listener = socket.create_server(("127.0.0.1", port), backlog=512)
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._connections: set[socket.socket] = set()
        self._lock = Lock()
        self._ended = Event()
        self._thread = Thread(target=self._accept, name=f"sandbox-{self.port}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening and close every connection at once."""
        self._ended.set()
        # shutdown wakes the accepting thread; close alone would leave it waiting
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            open_now = list(self._connections)
        for connection in open_now:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._connections.add(connection)
            Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with contextlib.suppress(OSError):
                self._converse(connection)
        finally:
            with self._lock:
                self._connections.discard(connection)
            connection.close()

    def _converse(self, connection: socket.socket) -> None:
        pending = b""
        while not self._ended.is_set():
            read = read_head(connection, pending)
            if read is None:
                return
            method, target, headers, pending = read
            if "transfer-encoding" in headers:
                connection.sendall(b"HTTP/1.1 411 Length Required\r\nContent-Length: 0\r\n\r\n")
                return
            length = int(headers.get("content-length", "0"))
            while len(pending) < length:
                chunk = connection.recv(65_536)
                if not chunk:
                    return
                pending += chunk
            body, pending = pending[:length], pending[length:]
            answer = self._ask(method, target, headers, body)
            if not self._send(connection, answer, is_head=method == "HEAD"):
                return
            if headers.get("connection", "").lower() == "close":
                return

    def _ask(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        path, _, query_text = target.partition("?")
        query = dict(parse_qsl(query_text, keep_blank_values=True)) if query_text else {}
        path = unquote(path) if "%" in path else path
        if self.front and (answer := self.front(method, path, query, body)) is not None:
            return answer
        if path.startswith(PREFIX):
            return control(self.world, method, path, query, body)
        return self.world.handle(method, path, query, headers, body)

    def _send(self, connection: socket.socket, answer: Answer, *, is_head: bool) -> bool:
        """Send an answer in its manner; False when the connection is to be closed."""
        wire = answer.wire
        if wire.hold and self._ended.wait(wire.hold):
            return False
        if wire.reset:
            # lingering for no time sends RST instead of FIN
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        head = head_of(answer)
        if wire.cut:
            connection.sendall(head + answer.body[: max(1, len(answer.body) // 2)])
            return False
        if wire.trickle:
            connection.sendall(head)
            return self._trickle(connection, answer)
        connection.sendall(head if is_head else head + answer.body)
        return True

    def _trickle(self, connection: socket.socket, answer: Answer) -> bool:
        for at in range(len(answer.body)):
            connection.sendall(answer.body[at : at + 1])
            if self._ended.wait(answer.wire.trickle):
                return False
        return True


Head = tuple[str, str, dict[str, str], bytes]


def read_head(connection: socket.socket, pending: bytes) -> Head | None:
    """Read one request's head: method, target, headers (lower case) and what was read beyond.

    None when the other side closed or sent what is no HTTP/1.1 head of 64 KiB at most.
    """
    while (end := pending.find(b"\r\n\r\n")) < 0:
        if len(pending) > MOST_HEADER_BYTES:
            return None
        chunk = connection.recv(65_536)
        if not chunk:
            return None
        pending += chunk
    first, *lines = pending[:end].decode("latin-1").split("\r\n")
    parts = first.split(" ")
    if len(parts) != 3:
        return None
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return parts[0], parts[1], headers, pending[end + 4 :]


def head_of(answer: Answer) -> bytes:
    """Return status line and headers of an answer as bytes, the empty line included."""
    lines = [f"HTTP/1.1 {answer.status} {REASONS.get(answer.status, 'Unknown')}"]
    lines += [f"{name}: {value}" for name, value in answer.headers.items()]
    if answer.status != 204:
        lines.append(f"Content-Length: {len(answer.body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


class Sandbox:
    """All worlds, listening: `with Sandbox() as s: s.hubspot.url, s.aircall.world, s.slack.world`.

    Port 0 takes a free port. `door` is the URL of the product's webhook, for the phone of the page,
    which stands at Slack's address. `reset()` brings every world back to its seeded state; with
    `keep_sockets` bots stay connected to Slack.
    """

    def __init__(
        self, hubspot_port: int = 0, aircall_port: int = 0, slack_port: int = 0, door: str = ""
    ) -> None:
        self.hubspot = Server(HubSpotWorld(), hubspot_port)
        self.aircall = Server(AircallWorld(), aircall_port)
        self.slack = Server(SlackWorld(), slack_port)
        self.slack.world.stand_at(self.slack.url)
        self.phone = Phone(self.aircall.world, door)
        self.aircall.world.deliveries.start()
        self.slack.front = Front(self.slack.world, self.hubspot.world, self.phone)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def reset(self, *, keep_sockets: bool = False) -> None:
        """Bring every world back to its seeded state, with Slack's sockets closed or kept."""
        self.hubspot.world.reset()
        self.aircall.world.reset()
        self.slack.world.reset(keep_sockets=keep_sockets)

    def close(self) -> None:
        """Stop all servers."""
        self.hubspot.close()
        self.aircall.world.deliveries.stop()
        self.aircall.close()
        self.slack.world.close()
        self.slack.close()
