"""Spans in which events could not reach us, kept until the calls of that time were looked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import redis

from store import keys
from store.connection import now_ms, text
from store.scripts import Scripts

Cause = Literal["restart", "door", "webhook", "emptied"]
"""`restart`: too short to speak of; `door`: no door was open; `webhook`: Aircall had none that was
active; `emptied`: the store lost everything."""
SILENCE_MS: Final = 20_000
"""A door says every five seconds that it is open: what is shorter is a slow moment."""
RESTART_MS: Final = 60_000
"""A shorter span is a restart: calls are compared, but nobody is told."""


@dataclass(frozen=True, slots=True)
class Outage:
    """One such span, in ms since 1970."""

    cause: Cause
    began: int
    ended: int

    @property
    def field(self) -> str:
        """Its name in the store."""
        return self.cause if self.cause == "restart" else f"{self.cause}|{self.began}"

    @property
    def value(self) -> str:
        """What is kept under that name."""
        return f"{self.began}|{self.ended}"


class Outages:
    """The spans of one Redis; every method raises redis-py's errors."""

    def __init__(self, connection: redis.Redis) -> None:
        self._connection = connection
        self._scripts = Scripts(connection)

    def heard(self, *, just_opened: bool = False) -> bool:
        """Note that a door is open now; True if none was before, or it has just opened."""
        args = (SILENCE_MS, RESTART_MS, int(just_opened))
        return bool(self._scripts.run("door_open", *args))

    def webhook_well(self) -> None:
        """Note that our webhook is there, active and whole."""
        self._connection.set(keys.WEBHOOK_WELL, now_ms(self._connection))

    def webhook_back(self) -> None:
        """Note that our webhook was not, and is again: since it was seen well, or told us last."""
        well, event = self._connection.mget(keys.WEBHOOK_WELL, keys.LAST_EVENT)
        now = now_ms(self._connection)
        if well is not None:
            last = max(int(well), int(event or 0))
            self.note("webhook", min(last, now), now)
        self.webhook_well()

    def note(self, cause: Cause, began: int, ended: int) -> None:
        """Keep a span that somebody else noticed; one that began at the same moment is replaced."""
        outage = Outage(cause, began, ended)
        self._connection.hset(keys.OUTAGES, outage.field, outage.value)

    def pending(self) -> tuple[Outage, ...]:
        """Return those whose calls were not looked for to the end yet, oldest first."""
        kept = self._connection.hgetall(keys.OUTAGES)
        found = [_outage(text(field), text(value)) for field, value in kept.items()]
        return tuple(sorted(found, key=lambda each: (each.began, each.ended)))


def _outage(field: str, value: str) -> Outage:
    began, _, ended = value.partition("|")
    return Outage(field.partition("|")[0], int(began), int(ended))  # type: ignore[arg-type]  # written by us
