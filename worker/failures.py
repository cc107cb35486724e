"""Failures by their cause: a thousand refusals of one kind are one thing to look at."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Final

import redis

from rules.plan import Decision
from rules.records import Interaction
from store import keys
from store.alerts import Alerts
from store.connection import text
from store.dismissals import dismiss
from store.records import DamagedError, read_record
from worker.failed_alerts import close_alerts_of

MOST: Final = 2_000
"""Failures that are looked at, the newest; the others are counted."""
AT_ONCE: Final = 500
LONGEST: Final = 300
"""Characters of a vendor's sentence that tell one cause from another."""

_KEPT: Final = re.compile(r"[A-Z][A-Z_]+|[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
"""What stands in quotes and is no value: a property or a category."""
_NAMED: Final = re.compile(r'\\?"(?:name|error|property|propertyName)\\?"\s*:\s*\\?"[^"\\]*\\?"')
_QUOTED: Final = re.compile(r'\\?"[^"]*"|“[^”]*”|„[^“]*“|‘[^’]*’|(?<!\w)\'[^\']*\'(?!\w)')
_VALUES: Final = (
    re.compile(r"https?://\S+"),
    re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+"),
    re.compile(r"\b\d{4}-\d\d-\d\d[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?"),
    re.compile(r"\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b"),
    re.compile(r"\+\d[\d ().-]{4,}\d"),
    re.compile(r"\b(?:call|message|group)-[\w-]+"),
    re.compile(r"\b(?=\w*\d)[0-9a-fA-F]{6,}\b"),
    re.compile(r"\d+"),
)
_OPTION: Final = re.compile(r"\S(?:.*\S)?(?= was not one of the allowed options)")


@dataclass(frozen=True, slots=True)
class Failed:
    """One interaction among the failures."""

    id: str
    at: int
    """When it failed (ms)."""
    said: str
    """The vendor's own words, else our reason."""
    ours: bool
    """They are our words: no vendor said them."""
    trying: bool
    """It is being tried again right now."""
    interaction: Interaction | None = None


@dataclass(frozen=True, slots=True)
class Cause:
    """All failures of one cause, the newest first."""

    name: str
    """Names the cause, whatever fails of it."""
    failed: tuple[Failed, ...]

    @property
    def said(self) -> str:
        """The sentence of its newest failure."""
        return self.failed[0].said

    @property
    def since(self) -> int:
        """When the first of them failed (ms)."""
        return min(each.at for each in self.failed)

    @property
    def trying(self) -> int:
        """How many are being tried again right now."""
        return sum(each.trying for each in self.failed)


@dataclass(frozen=True, slots=True)
class Failures:
    """The failures of one store."""

    causes: tuple[Cause, ...]
    """Those with the most failures first."""
    count: int
    """All of them, those not looked at included."""
    dismissed: int = 0
    """How many an admin gave up that are still remembered."""

    def cause(self, name: str) -> Cause | None:
        """Return the cause of this name; None if nothing fails of it any more."""
        return next((each for each in self.causes if each.name == name), None)

    @property
    def left_out(self) -> int:
        """Older ones that were not looked at."""
        return max(self.count - sum(len(each.failed) for each in self.causes), 0)


def failures(connection: redis.Redis) -> Failures:
    """Read the failures, grouped by their cause. Raises redis-py's errors."""
    newest: Any = connection.zrange(keys.FAILURES, 0, MOST - 1, desc=True, withscores=True)
    entries = [(text(id_), int(at)) for id_, at in newest]
    count = int(connection.zcard(keys.FAILURES))
    dismissed = int(connection.zcard(keys.DISMISSED))
    causes: dict[str, list[Failed]] = {}
    for start in range(0, len(entries), AT_ONCE):
        for one in _read(connection, entries[start : start + AT_ONCE]):
            causes.setdefault(cause_name(one.said), []).append(one)
    grouped = (Cause(name, tuple(those)) for name, those in causes.items())
    by_size = sorted(grouped, key=lambda each: (-len(each.failed), -each.failed[0].at))
    return Failures(tuple(by_size), count, dismissed)


def give_up(  # noqa: PLR0913 - who, why and what, each told by name
    connection: redis.Redis, ids: Sequence[str], *, by: str, name: str, reason: str, seconds: int
) -> tuple[str, ...]:
    """Dismiss failures, and close the alerts that they have; returns them.

    Raises redis-py's errors.
    """
    done = dismiss(connection, ids, by=by, name=name, reason=reason, seconds=seconds)
    close_alerts_of(Alerts(connection), done)
    return done


def _read(connection: redis.Redis, entries: Sequence[tuple[str, int]]) -> Iterable[Failed]:
    ids = [id_ for id_, _ in entries]
    pipeline = connection.pipeline(transaction=False)
    pipeline.hmget(keys.OWNER, ids)
    for place in (keys.DUE, *(keys.parked(why) for why in keys.WAITS_FOR)):
        pipeline.zmscore(place, ids)
    for id_ in ids:
        pipeline.get(keys.record(id_))
    places, answers = 1 + 1 + len(keys.WAITS_FOR), pipeline.execute(raise_on_error=False)
    held = list(zip(*answers[:places], strict=True))
    for (id_, at), where, raw in zip(entries, held, answers[places:], strict=True):
        yield _failed(id_, at, raw, trying=any(each is not None for each in where))


def _failed(id_: str, at: int, raw: object, *, trying: bool) -> Failed:
    try:
        record = read_record(raw if isinstance(raw, bytes) else None)
    except DamagedError as error:
        return Failed(id_, at, str(error), ours=True, trying=trying)
    decision = record.decision or Decision("failed", "its record has expired")
    vendors = " ".join(decision.errors)
    said = vendors or _ours(decision)
    return Failed(id_, at, said, not vendors, trying, record.interaction)


def _ours(decision: Decision) -> str:
    """Our own words, where the vendor had none: a logged one failed in what its notes tell."""
    if decision.result == "failed" or not decision.notes:
        return decision.reason
    return decision.notes[-1]


@lru_cache(maxsize=4_096)
def cause_name(said: str) -> str:
    """Name the cause that a sentence tells of: the same whatever ids and values stand in it."""
    return blake2b(shape_of(said).encode(), digest_size=8).hexdigest()


def shape_of(said: str) -> str:
    """Return a vendor's sentence without the ids, phones, e-mails and values that differ."""
    names: list[str] = []
    words = " ".join(_unpacked(said, names)[: 4 * LONGEST].split())

    def keep(found: re.Match[str]) -> str:
        names.append(found[0])
        return "…"

    def quoted(found: re.Match[str]) -> str:
        inside = found[0].strip("\\\"'“”„‘’")
        return keep(found) if _KEPT.fullmatch(inside) else "…"

    words = _NAMED.sub(keep, words)
    words = _OPTION.sub("…", words)
    words = _QUOTED.sub(quoted, words)
    for value in _VALUES:
        words = value.sub("…", words)
    plain = re.sub(r"…(?:[\s,;.-]*…)+", "…", words)[:LONGEST]
    return " ".join([plain.casefold(), *dict.fromkeys(names)])


def readable(said: str) -> str:
    """Say what HubSpot packs as JSON into a sentence as words: each message, and its property."""
    packed = _packed(said)
    if packed is None:
        return said
    told, before, after = packed
    parts = [
        f"{each.get('message') or each.get('error')} ({each.get('name')})"
        for each in told
        if each.get("message") or each.get("error")
    ]
    return f"{before}{'; '.join(dict.fromkeys(parts))}{after}" if parts else said


def _unpacked(said: str, names: list[str]) -> str:
    """Put what is packed aside: which errors, of which properties."""
    packed = _packed(said)
    if packed is None:
        return said
    told, before, after = packed
    names += [f"{each.get('error')} {each.get('name')}" for each in told]
    return f"{before}…{after}"


def _packed(said: str) -> tuple[list[dict[str, Any]], str, str] | None:
    """Return the JSON list in a sentence, and what stands before and after it."""
    start = said.find("[{")
    if start < 0:
        return None
    try:
        packed, end = json.JSONDecoder().raw_decode(said, start)
    except (ValueError, RecursionError):
        return None
    return [each for each in packed if isinstance(each, dict)], said[:start], said[end:]
