"""Where the message stands that tells of a long work, and what it last said: one per kind."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

import redis
from pydantic import TypeAdapter

from store import keys
from store.operations import Kind


@dataclass(frozen=True, slots=True)
class Told:
    """The message of one operation; times in ms since 1970."""

    operation: str
    """Its id."""
    channel: str = ""
    ts: str = ""
    """Slack's name of the message there; empty while none stands."""
    direct: bool = False
    """It stands in a conversation with one person, in their language."""
    posted: int = 0
    at: int = 0
    """When it was last written."""
    state: str = ""
    digest: str = ""
    samples: tuple[tuple[int, int], ...] = ()
    """When how much was done, over the last minute."""
    over: bool = False
    """It tells the end: there is nothing more to say."""


_TOLD: Final = TypeAdapter(Told)


class OperationMessages:
    """The messages of one Redis; every method raises redis-py's errors."""

    def __init__(self, connection: redis.Redis) -> None:
        self._connection = connection

    def of(self, kind: Kind) -> Told | None:
        """Return the message of the newest operation that was told of; None if none ever was."""
        raw = self._connection.get(keys.operation_message(kind))
        return read_message(raw) if raw else None

    def keep(self, kind: Kind, told: Told) -> None:
        """Note what was told."""
        self._connection.set(keys.operation_message(kind), json.dumps(asdict(told)))

    def over(self, kinds: Sequence[Kind]) -> frozenset[str]:
        """Return the ids of those operations of which all is told."""
        kept = self._connection.mget([keys.operation_message(kind) for kind in kinds])
        found = (read_message(raw) for raw in kept if raw)
        return frozenset(each.operation for each in found if each.over)


def read_message(raw: bytes | str) -> Told:
    """Read what was told of one; raises ValueError where it is not what we write."""
    return _TOLD.validate_json(raw)
