"""Says what nobody else can: that the clock does not beat, or that nobody does background work.

Alerts are told by a background job. While the process that runs those stands still, this one, the
bot, tells them in its place.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

import redis
import structlog
from redis.exceptions import RedisError

from bot.alerts.telling import tell
from bot.asking.desk import Desk
from bot.words import N_
from clients.errors import VendorError
from store import keys
from store.alerts import Alerts
from store.connection import now_ms
from sync.watches.standstill import ALERT as JOBS_STAND

EVERY: Final = 30.0
"""Seconds between two looks."""
PATIENCE: Final = 180_000
"""Milliseconds without a beat that are worth a word; a clock that died runs again within 2 s."""
CLOCK_STANDS: Final = "clock stands still"
SAID: Final = N_(
    "The process clock does not run, or hangs: nothing in the background is looked after, copied "
    "or warned of. Calls are logged all the same. Start it again; make run starts all processes."
)

_log = structlog.get_logger(__name__)


def watch(desk: Desk, stop: threading.Event) -> None:
    """Look now and then, until told to stop."""
    standby = Standby(desk.shop.connection, desk.shop.alerts)
    while not stop.wait(EVERY):
        standby.look()


class Standby:
    """Remembers since when it looks, and whether it told for others."""

    def __init__(
        self,
        connection: redis.Redis,
        alerts: Alerts,
        tell: Callable[[], None] = tell,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connection = connection
        self._alerts = alerts
        self._tell = tell
        self._clock = clock
        self._began = clock()
        self._telling = False

    def look(self) -> None:
        """Look once; what cannot be read or told now is, with the next look."""
        try:
            self._look()
        except (RedisError, VendorError) as error:
            _log.warning("standby looks later", because=type(error).__name__)
        except Exception as error:  # noqa: BLE001 - the next look must come, whatever it was
            _log.error("unexpected", exc_info=error)

    def _look(self) -> None:
        if self._clock_stands():
            self._alerts.raise_(CLOCK_STANDS, SAID)
        elif self._connection.exists(keys.BEAT):
            self._alerts.resolve(CLOCK_STANDS)
        stands = bool(self._alerts.names() & {CLOCK_STANDS, JOBS_STAND})
        if stands or self._telling:
            # Once more after it is over: somebody has to say so.
            self._tell()
        self._telling = stands

    def _clock_stands(self) -> bool:
        if (self._clock() - self._began) * 1000 < PATIENCE:
            return False
        beat = self._connection.get(keys.BEAT)
        # A wall clock that stepped back makes the last beat one of the future, until the next one.
        return beat is None or abs(now_ms(self._connection) - int(beat)) > PATIENCE
