"""Which of several clocks leads: the others sweep, too, and take over when it beats no more."""

from __future__ import annotations

import os
import socket
import uuid
from dataclasses import dataclass
from typing import Final

import redis

from store import keys
from store.connection import now_ms, text
from store.damaged import numbers
from store.scripts import Scripts

PATIENCE: Final = 14_000
"""Milliseconds without its beat after which another clock leads: at its next beat, within 20 s."""
STOOD: Final = 60_000
"""Milliseconds without any beat after which the clocks count as having stood still."""
OURS: Final = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
"""What names this process among clocks."""


@dataclass(frozen=True, slots=True)
class Lead:
    """Who leads: its name, its last beat and since when clocks beat without a stop (ms)."""

    token: str
    at: int
    since: int
    now: int

    @property
    def held(self) -> bool:
        """Whether one leads at this moment."""
        return bool(self.token) and 0 <= self.now - self.at < PATIENCE


class Leader:
    """One clock's part in it; every method raises redis-py's errors."""

    def __init__(self, connection: redis.Redis, token: str = OURS) -> None:
        self._connection = connection
        self._scripts = Scripts(connection)
        self.token = token

    def lead(self) -> bool:
        """Beat; tells whether it is this clock that leads until its next beat."""
        return bool(self._scripts.run("lead", self.token, PATIENCE, STOOD))

    def resign(self) -> None:
        """Let another clock lead at its next beat."""
        self._scripts.run("lead", self.token, 0, STOOD)


def lead_now(connection: redis.Redis) -> Lead:
    """Return who leads; raises redis-py's errors."""
    kept = {text(k): v for k, v in connection.hgetall(keys.LEADER).items()}
    token = text(kept.pop("token", ""))
    times = numbers(keys.LEADER, kept)
    return Lead(token, times.get("at", 0), times.get("since", 0), now_ms(connection))
