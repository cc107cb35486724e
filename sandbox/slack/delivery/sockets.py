"""Socket Mode: tickets for connections, up to ten of them, envelopes to any one, their acks."""

import contextlib
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from random import Random
from threading import Condition, Thread
from time import monotonic
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

from sandbox.answer import Json
from sandbox.chance import chance
from sandbox.slack.workspace import APP

MOST_CONNECTIONS = 10
_LOGGER = logging.getLogger("sandbox.slack.sockets")


@dataclass(slots=True)
class Envelope:
    """One envelope on its way: how often it was sent, and every ack with its time (monotonic)."""

    body: Json
    sent_at: float = 0.0
    sent: int = 0
    acks: list[tuple[float, Json]] = field(default_factory=list)
    lost: bool = False


class Sockets:
    """The WebSocket side; it begins to listen when the first connection is asked for."""

    def __init__(self, surprise: Callable[[str], None]) -> None:
        self._surprise = surprise
        self._changed = Condition()
        self._server: Server | None = None
        self._tickets: set[str] = set()
        self._open: list[ServerConnection] = []
        self._envelopes: dict[str, Envelope] = {}
        self._carried: dict[str, ServerConnection] = {}
        self._former: set[str] = set()
        self._dice: Random = chance(0)
        self.refusing = False

    def url(self) -> str:
        """Return a `ws://` address that opens one connection."""
        with self._changed:
            if self._server is None:
                self._server = serve(
                    self._serve,
                    "127.0.0.1",
                    0,
                    process_request=self._admit,
                    compression=None,
                    logger=_LOGGER,
                    close_timeout=1,
                )
                Thread(target=self._server.serve_forever, daemon=True).start()
            ticket = f"{self._dice.getrandbits(64):016x}"
            self._tickets.add(ticket)
            port = self._server.socket.getsockname()[1]
        return f"ws://127.0.0.1:{port}/link/?ticket={ticket}&app_id={APP}"

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        query = parse_qs(urlsplit(request.path).query)
        ticket = query.get("ticket", [""])[0]
        with self._changed:
            if self.refusing or ticket not in self._tickets:
                return connection.respond(HTTPStatus.FORBIDDEN, "no such ticket\n")
            self._tickets.discard(ticket)
        return None

    def _serve(self, connection: ServerConnection) -> None:
        with self._changed:
            is_full = len(self._open) >= MOST_CONNECTIONS
            number = len(self._open) + 1
        if is_full:
            connection.send(json.dumps(_disconnect("too_many_websockets")))
            return
        hello = {
            "type": "hello",
            "num_connections": number,
            "debug_info": {"host": "applink-sandbox", "approximate_connection_time": 18060},
            "connection_info": {"app_id": APP},
        }
        with contextlib.suppress(ConnectionClosed):
            connection.send(json.dumps(hello))
            with self._changed:
                self._open.append(connection)
                self._changed.notify_all()
            for raw in connection:
                self._read(raw)
        self._forget(connection)

    def _forget(self, connection: ServerConnection) -> None:
        with self._changed:
            if connection in self._open:
                self._open.remove(connection)
            for id_, carrier in self._carried.items():
                if carrier is connection and not self._envelopes[id_].acks:
                    self._envelopes[id_].lost = True
            self._changed.notify_all()

    def _read(self, raw: str | bytes) -> None:
        now = monotonic()
        try:
            ack = json.loads(raw)
            id_, payload = ack["envelope_id"], ack.get("payload") or {}
            is_right = isinstance(payload, dict) and set(ack) <= {"envelope_id", "payload"}
        except (ValueError, TypeError, KeyError, AttributeError):
            is_right = False
        with self._changed:
            if is_right and id_ in self._former:
                return
            envelope = self._envelopes.get(id_) if is_right else None
            if envelope is None:
                self._surprise(f"the socket brought what is no ack of ours: {str(raw)[:100]!r}")
                return
            if len(envelope.acks) >= envelope.sent:
                self._surprise(f"envelope {id_} was acknowledged more often than it was sent")
            if payload and not envelope.body["accepts_response_payload"]:
                self._surprise(f"envelope {id_} accepts no payload with its ack")
            envelope.acks.append((now, payload))
            self._changed.notify_all()

    def send(self, envelope: Json, limit: float) -> tuple[Json | None, float, str]:
        """Send an envelope over any one connection and wait at most `limit` seconds for its ack.

        Returns the ack's payload (None without one), the seconds it took, and what went wrong:
        "", `no_connection`, `connection_lost` or `timeout`.
        """
        id_ = envelope["envelope_id"]
        with self._changed:
            if not self._open:
                return None, 0.0, "no_connection"
            carrier = self._dice.choice(self._open)
            kept = self._envelopes.setdefault(id_, Envelope(envelope))
            kept.sent_at, kept.lost = monotonic(), False
            kept.sent += 1
            self._carried[id_] = carrier
            before = len(kept.acks)
        with contextlib.suppress(ConnectionClosed):
            carrier.send(json.dumps(envelope))
        with self._changed:
            ended = self._changed.wait_for(lambda: len(kept.acks) > before or kept.lost, limit)
            if len(kept.acks) > before:
                at, payload = kept.acks[before]
                return payload, at - kept.sent_at, ""
            trouble = "connection_lost" if ended else "timeout"
            return None, monotonic() - kept.sent_at, trouble

    def count(self) -> int:
        """Return how many connections are open."""
        with self._changed:
            return len(self._open)

    def wait_for(self, count: int, within: float) -> bool:
        """Wait at most `within` seconds for so many connections; tell whether they came."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._open) >= count, within)

    def disconnect(self, reason: str, count: int | None = None) -> None:
        """Tell connections (all of them, or the oldest few) to come anew: `warning` and the like.

        After `refresh_requested` and `link_disabled` Slack closes them, too.
        """
        with self._changed:
            told = list(self._open[:count])
        for connection in told:
            with contextlib.suppress(ConnectionClosed):
                connection.send(json.dumps(_disconnect(reason)))
        if reason != "warning":
            self._close(told)

    def hang_up(self) -> None:
        """Close every connection at once; none of them gets another envelope."""
        with self._changed:
            told = list(self._open)
        self._close(told)

    def _close(self, connections: list[ServerConnection]) -> None:
        for connection in connections:
            self._forget(connection)
            Thread(target=_end, args=(connection,), daemon=True).start()

    def reset(self, *, keep_sockets: bool = False) -> None:
        """Forget every ticket and envelope, and hang up unless sockets are to be kept.

        A late ack of something forgotten is no surprise.
        """
        if not keep_sockets:
            self.hang_up()
        with self._changed:
            self._former |= self._envelopes.keys()
            self._tickets.clear()
            self._envelopes.clear()
            self._carried.clear()
            self.refusing = False

    def close(self) -> None:
        """Stop listening."""
        self.hang_up()
        with self._changed:
            server, self._server = self._server, None
        if server is not None:
            server.shutdown()


def _end(connection: ServerConnection) -> None:
    with contextlib.suppress(WebSocketException, OSError):
        connection.close()


def _disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-sandbox"}}
