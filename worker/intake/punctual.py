"""An HTTP protocol that gives a request ten seconds to arrive whole, then hangs up."""

from __future__ import annotations

import asyncio
from typing import ClassVar, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LARGEST_HEAD: Final = 65_536
"""Bytes of a request's line and headers; the parser itself knows no limit."""


class PunctualProtocol(HttpToolsProtocol):
    """uvicorn waits for ever for the rest of a request, however long; this does not."""

    seconds: ClassVar[float] = 10.0
    """From the connection, or from the request's first byte, to its last."""

    _alarm: asyncio.TimerHandle | None = None
    _since: float | None = None
    """When the wait for the request began (the loop's seconds); None while it is here."""
    _head: int = 0
    """Bytes that came of a head that is not complete."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's own signature
        """Start the clock when somebody connects."""
        super().connection_made(transport)
        self._wind()

    def data_received(self, data: bytes) -> None:
        """Refuse a head that does not end."""
        self._head += len(data)
        super().data_received(data)
        if self._head > LARGEST_HEAD and not self.transport.is_closing():
            self._stop()
            self.send_400_response("The headers are too large.")

    def on_message_begin(self) -> None:
        """Start it again for each further request of the connection."""
        super().on_message_begin()
        self._wind()

    def on_headers_complete(self) -> None:
        """What comes now is the body, and the door counts that."""
        self._head = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Nothing of the head any more."""
        self._head = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is here: from now on it is our time, not theirs."""
        self._head = 0
        self._stop()
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody to wait for."""
        self._stop()
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        super().connection_lost(exc)

    def _wind(self) -> None:
        if self._since is None:
            self._since = self.loop.time()
            if self._alarm is None:
                self._alarm = self.loop.call_later(self.seconds, self._look)

    def _stop(self) -> None:
        # The alarm goes on: one for all requests of its seconds costs less than one for each.
        self._since = None

    def _look(self) -> None:
        self._alarm = None
        if self._since is None:
            return
        left = self._since + self.seconds - self.loop.time()
        if left > 0:
            self._alarm = self.loop.call_later(left, self._look)
        elif self.transport is not None:
            self.transport.abort()
