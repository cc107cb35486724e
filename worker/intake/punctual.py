"""An HTTP protocol that gives a request ten seconds to arrive whole, then hangs up."""

from __future__ import annotations

import asyncio
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

SECONDS: Final = 10.0


class PunctualProtocol(HttpToolsProtocol):
    """uvicorn waits for ever for the rest of a request; this waits `SECONDS`."""

    _alarm: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's own signature
        """Start the clock when somebody connects."""
        super().connection_made(transport)
        self._wind()

    def on_message_begin(self) -> None:
        """Start it again for each further request of the connection."""
        super().on_message_begin()
        self._wind()

    def on_message_complete(self) -> None:
        """The request is here: from now on it is our time, not theirs."""
        self._stop()
        super().on_message_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody to wait for."""
        self._stop()
        super().connection_lost(exc)

    def _wind(self) -> None:
        if self._alarm is None:
            self._alarm = self.loop.call_later(SECONDS, self._hang_up)

    def _stop(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _hang_up(self) -> None:
        self._alarm = None
        if self.transport is not None:
            self.transport.abort()
