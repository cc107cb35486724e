"""Alerts that somebody wants to hear no more of until they change, or again at a given time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Final

import redis
from pydantic import TypeAdapter

from store import keys
from store.connection import now_ms
from store.damaged import if_readable, strict


@dataclass(frozen=True, slots=True)
class Quiet:
    """Who (Slack id) wanted it and when (ms); `until` a time (ms), else until it changes."""

    by: str
    at: int
    until: int | None = None
    substance: str = ""
    """What the alert was in substance when it was to be ignored until that changes."""


_QUIET: Final = TypeAdapter(Quiet)


class Quieted:
    """The quieted alerts of one Redis; every method raises redis-py's errors."""

    def __init__(self, connection: redis.Redis) -> None:
        self._connection = connection

    def all(self) -> Mapping[str, Quiet]:
        """Return them by the names of the alerts."""
        kept = self._connection.hgetall(keys.ALERTS_QUIET)
        entries = (
            if_readable(keys.ALERTS_QUIET, partial(read_quiet, name, raw))
            for name, raw in kept.items()
        )
        return dict(each for each in entries if each is not None)

    def ignore(self, substances: Mapping[str, str], by: str) -> None:
        """Quiet alerts until they change from what they are in substance, by their names."""
        now = now_ms(self._connection)
        self._keep({name: Quiet(by, now, None, each) for name, each in substances.items()})

    def rest(self, names: Iterable[str], by: str, until: int) -> None:
        """Quiet alerts until a time (ms)."""
        now = now_ms(self._connection)
        self._keep(dict.fromkeys(names, Quiet(by, now, until)))

    def wake(self, *names: str) -> bool:
        """Have alerts told as all others again; True if one was quiet."""
        pipeline = self._connection.pipeline()
        pipeline.hdel(keys.ALERTS_QUIET, *names)
        pipeline.incr(keys.ALERTS_VERSION)
        return bool(pipeline.execute()[0])

    def _keep(self, quiets: Mapping[str, Quiet]) -> None:
        kept: dict[Any, Any] = {name: json.dumps(asdict(each)) for name, each in quiets.items()}
        pipeline = self._connection.pipeline()
        pipeline.hset(keys.ALERTS_QUIET, mapping=kept)
        pipeline.incr(keys.ALERTS_VERSION)
        pipeline.execute()


def read_quiet(name: bytes | str, raw: bytes | str) -> tuple[str, Quiet]:
    """Read an entry of ALERTS_QUIET; raises ValueError where it is not what we write."""
    return strict(name), _QUIET.validate_json(raw)
