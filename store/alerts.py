"""What an admin should know: one entry per problem, open until it is resolved; notices, said once.

Each real change raises a number, by which whoever tells of them knows that there is something new.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar

import redis
import structlog
from pydantic import TypeAdapter

from store import keys
from store.connection import now_ms, text
from store.damaged import if_readable, strict


@dataclass(frozen=True, slots=True)
class Alert:
    """A problem: its stable name, one sentence, since when (ms), and what it is about."""

    name: str
    sentence: str
    since: int
    about: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Closed:
    """A problem that was resolved, when (ms), and why, in a sentence, where that is known."""

    alert: Alert
    at: int
    because: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that happened (`at`, ms) and needs no mending."""

    id: str
    name: str
    sentence: str
    at: int
    about: Mapping[str, str]


_Entry = TypeVar("_Entry")
_ALERT: Final = TypeAdapter(Alert)
_CLOSED: Final = TypeAdapter(Closed)
_NOTICE: Final = TypeAdapter(Notice)

log = structlog.get_logger(__name__)


class Alerts:
    """The alerts and notices of one Redis; every method raises redis-py's errors."""

    def __init__(
        self, connection: redis.Redis, changed: Callable[[], object] = lambda: None
    ) -> None:
        """Prepare; `changed` is called after each change, so that it is said at once."""
        self._connection = connection
        self._changed = changed

    def raise_(self, name: str, sentence: str, about: Mapping[str, str] | None = None) -> bool:
        """Open an alert, or renew its sentence; True if it was not open before."""
        before = self._connection.hget(keys.ALERTS, name)
        known = _opened({name: before}) if before else ()
        since = known[0].since if known else now_ms(self._connection)
        entry = {"sentence": sentence, "since": since, "about": dict(about or {})}
        raw = json.dumps(entry)
        if before is not None and text(before) == raw:
            return False
        # In one piece: a change whose number nobody raised would be told with the next one only.
        pipeline = self._connection.pipeline()
        pipeline.hset(keys.ALERTS, name, raw)
        pipeline.hdel(keys.ALERTS_CLOSED, name)
        pipeline.incr(keys.ALERTS_VERSION)
        opened = bool(pipeline.execute()[0])
        if opened:
            log.warning("alert", name=name, sentence=sentence)
        self._changed()
        return opened

    def resolve(self, name: str, because: str = "") -> bool:
        """Close an alert, saying in a sentence why where that helps; True if it was open."""
        before = self._connection.hget(keys.ALERTS, name)
        if before is None:
            return False
        pipeline = self._connection.pipeline()
        pipeline.hdel(keys.ALERTS, name)
        if _opened({name: before}):
            entry = {**json.loads(before), "at": now_ms(self._connection), "because": because}
            pipeline.hset(keys.ALERTS_CLOSED, name, json.dumps(entry))
        pipeline.incr(keys.ALERTS_VERSION)
        closed = bool(pipeline.execute()[0])
        if closed:
            log.info("alert resolved", name=name, because=because)
            self._changed()
        return closed

    def notice(self, name: str, sentence: str, about: Mapping[str, str] | None = None) -> None:
        """Have something said once that happened and needs no mending.

        The very same again, while it was not said yet, is one notice.
        """
        entry: dict[str, object] = {
            "name": name,
            "sentence": sentence,
            "about": dict(about or {}),
        }
        id_ = hashlib.sha256(json.dumps(entry, sort_keys=True).encode()).hexdigest()[:16]
        entry["at"] = now_ms(self._connection)
        pipeline = self._connection.pipeline()
        pipeline.hsetnx(keys.NOTICES, id_, json.dumps(entry))
        pipeline.incr(keys.ALERTS_VERSION)
        if pipeline.execute()[0]:
            log.info("notice", name=name, sentence=sentence)
            self._changed()

    def names(self) -> frozenset[str]:
        """Return the names of the open ones: cheaper than `open`, for whoever may resolve some."""
        return frozenset(text(name) for name in self._connection.hkeys(keys.ALERTS))

    def open(self) -> tuple[Alert, ...]:
        """Return the open ones, oldest first."""
        return _opened(self._connection.hgetall(keys.ALERTS))

    def all(self) -> tuple[tuple[Alert, ...], tuple[Closed, ...]]:
        """Return the open ones, and those whose end was not said yet, of one moment."""
        pipeline = self._connection.pipeline()
        pipeline.hgetall(keys.ALERTS)
        pipeline.hgetall(keys.ALERTS_CLOSED)
        opened, closed = pipeline.execute()
        return _opened(opened), _read(keys.ALERTS_CLOSED, closed, read_closed)

    def end_said(self, name: str) -> None:
        """Note that the end of one was said, or need not be."""
        self._connection.hdel(keys.ALERTS_CLOSED, name)

    def notices(self) -> tuple[Notice, ...]:
        """Return what was not said yet, oldest first."""
        found = _read(keys.NOTICES, self._connection.hgetall(keys.NOTICES), read_notice)
        return tuple(sorted(found, key=lambda each: each.at))

    def said(self, notice: Notice) -> None:
        """Note that a notice was said."""
        self._connection.hdel(keys.NOTICES, notice.id)

    def version(self) -> int:
        """Return the number that rises with every change; 0 before the first."""
        return int(self._connection.get(keys.ALERTS_VERSION) or 0)


def read_alert(name: bytes | str, raw: bytes | str) -> Alert:
    """Read an entry of ALERTS; raises ValueError, TypeError where it is not what we write."""
    return _ALERT.validate_python({"name": strict(name), **json.loads(raw)})


def read_closed(name: bytes | str, raw: bytes | str) -> Closed:
    """Read an entry of ALERTS_CLOSED; raises as `read_alert` does."""
    told = json.loads(raw)
    ended = {each: told.pop(each) for each in ("at", "because")}
    return _CLOSED.validate_python({"alert": {"name": strict(name), **told}, **ended})


def read_notice(id_: bytes | str, raw: bytes | str) -> Notice:
    """Read an entry of NOTICES; raises as `read_alert` does."""
    return _NOTICE.validate_python({"id": strict(id_), **json.loads(raw)})


def _opened(found: Mapping[Any, Any]) -> tuple[Alert, ...]:
    return tuple(sorted(_read(keys.ALERTS, found, read_alert), key=lambda each: each.since))


def _read(
    key: str, found: Mapping[Any, Any], read: Callable[[bytes | str, bytes | str], _Entry]
) -> tuple[_Entry, ...]:
    """Read the entries of a hash; what is damaged is left out."""
    entries = (if_readable(key, partial(read, name, raw)) for name, raw in found.items())
    return tuple(each for each in entries if each is not None)
