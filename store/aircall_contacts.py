"""Which Aircall contact a HubSpot contact has, what we wrote there, and whose phone is whose."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType, TracebackType
from typing import Any, Final, Self
from uuid import uuid4

import redis
from redis.client import Pipeline

from rules.aircall_contacts import TEXTS
from rules.aircall_steps import Held, Kept
from store import keys
from store.connection import now_ms, text
from store.scripts import Scripts

HELD_MS: Final = 40_000
"""Longer than any one vendor request and its second try may take, renewed before each of them."""
MOST_REFUSED: Final = 1_000
"""Refused contacts that are listed; the entry of each remembers it beyond that."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of one HubSpot contact on its way to Aircall."""

    aircall: int | None = None
    """Its contact there; None if it has none."""
    ours: bool = False
    """We made that contact, so we may remove it."""
    digest: str = ""
    """Of what was wanted when it was last carried: the same again asks Aircall nothing."""
    held: Held = field(default_factory=Held)
    theirs: str = ""
    """What people had written about it in Aircall before us."""
    doubt: bool = False
    """A request was sent whose answer is not noted: look before the next one."""
    shared: tuple[str, ...] = ()
    """Its phones (E.164) that another HubSpot contact has in Aircall."""
    reason: str = ""
    """Why it, or some of it, is not in Aircall."""
    refused: bool = False
    """The reason is a refusal of Aircall's."""

    @property
    def phones(self) -> tuple[str, ...]:
        """The phones of its contact in Aircall: E.164 but for what people added there."""
        return tuple(each.value for each in self.held.phones)


def contact_name(id_: str) -> str:
    """Return the name by which a HubSpot contact is held; phones are held as they are (E.164)."""
    return f"contact:{id_}"


class LostHoldError(Exception):
    """Somebody else may carry this contact now: leave it without another write."""


class Hold:
    """Keeps everybody else from carrying these contacts and phones, all of them or none."""

    def __init__(self, connection: redis.Redis, names: Iterable[str]) -> None:
        self._scripts = Scripts(connection)
        self._names = tuple(dict.fromkeys(names))
        self._token = uuid4().hex
        self.held = False

    def __enter__(self) -> Self:
        """Take them; `held` tells whether that worked."""
        self.held = self._ask("take")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let them go, unless the store is gone: then they run out."""
        if self.held and not isinstance(error, redis.RedisError):
            self._ask("free")

    def keep(self) -> None:
        """Keep them for `HELD_MS` from now; raises LostHoldError if they had run out."""
        if not self._ask("keep"):
            raise LostHoldError

    def _ask(self, what: str) -> bool:
        asked = self._scripts.run("hold_contacts", what, self._token, HELD_MS, *self._names)
        return bool(asked)


class AircallContacts:
    """The map of one Redis; every method raises redis-py's errors."""

    def __init__(self, connection: redis.Redis) -> None:
        self._connection = connection

    def of(self, ids: Sequence[str]) -> dict[str, Entry]:
        """Return the entries of these HubSpot contacts, as far as there are any."""
        if not ids:
            return {}
        kept = self._connection.hmget(keys.CONTACT_MAP, list(ids))
        return {id_: _parsed(raw) for id_, raw in zip(ids, kept, strict=True) if raw}

    def holders(self, aircall_ids: Sequence[int]) -> dict[int, str]:
        """Return the HubSpot contact of each of these Aircall contacts that has one."""
        if not aircall_ids:
            return {}
        kept = self._connection.hmget(keys.CONTACT_OF, [str(each) for each in aircall_ids])
        return {id_: text(raw) for id_, raw in zip(aircall_ids, kept, strict=True) if raw}

    def claims(self, phones: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Return who shares each phone (E.164), first the HubSpot contact that has it there."""
        if not phones:
            return {}
        kept = self._connection.hmget(keys.CONTACT_PHONES, list(phones))
        return {
            phone: tuple(text(raw).split()) if raw else ()
            for phone, raw in zip(phones, kept, strict=True)
        }

    def count(self) -> int:
        """Return how many HubSpot contacts have a contact in Aircall."""
        return int(self._connection.hlen(keys.CONTACT_OF))

    @property
    def empty(self) -> bool:
        """Whether nothing is known of any contact."""
        return not self._connection.hlen(keys.CONTACT_MAP)

    def some(self, cursor: int) -> tuple[int, dict[str, Entry]]:
        """Go through all entries, some at a time: give 0 first, 0 comes back at the end.

        Each that is there all the while comes at least once.
        """
        scanned: Any = self._connection.hscan(keys.CONTACT_MAP, cursor, count=100)
        following, found = scanned
        return int(following), {text(id_): _parsed(raw) for id_, raw in found.items()}

    def all(self) -> Iterator[tuple[str, Entry]]:
        """Go through all entries; one may come twice."""
        cursor = 0
        while True:
            cursor, found = self.some(cursor)
            yield from found.items()
            if not cursor:
                return

    def keep(
        self, id_: str, entry: Entry, before: Entry | None, claims: Mapping[str, Sequence[str]]
    ) -> None:
        """Keep an entry in place of the one `before`, and who shares which phones, all at once."""
        pipeline = self._connection.pipeline(transaction=True)
        pipeline.hset(keys.CONTACT_MAP, id_, _packed(entry))
        pipeline.hsetnx(keys.CONTACTS_STATE, "since", now_ms(self._connection))
        if before is not None and before.aircall is not None and before.aircall != entry.aircall:
            pipeline.hdel(keys.CONTACT_OF, str(before.aircall))
        if entry.aircall is not None:
            pipeline.hset(keys.CONTACT_OF, str(entry.aircall), id_)
        _keep_claims(pipeline, claims)
        if entry.refused:
            pipeline.zadd(keys.CONTACTS_REFUSED, {id_: now_ms(self._connection)})
            pipeline.zremrangebyrank(keys.CONTACTS_REFUSED, 0, -MOST_REFUSED - 1)
        else:
            pipeline.zrem(keys.CONTACTS_REFUSED, id_)
        pipeline.execute()

    def give(self, giver: str, taker: str, entries: tuple[Entry, Entry]) -> None:
        """Give one HubSpot contact's Aircall contact to another: the entries of both, at once."""
        given, taken = entries
        pipeline = self._connection.pipeline(transaction=True)
        pipeline.hset(keys.CONTACT_MAP, mapping={giver: _packed(given), taker: _packed(taken)})
        if taken.aircall is not None:
            pipeline.hset(keys.CONTACT_OF, str(taken.aircall), taker)
        pipeline.execute()

    def forget(self, id_: str, entry: Entry, claims: Mapping[str, Sequence[str]]) -> None:
        """Forget a HubSpot contact that is gone, and its part in the phones."""
        pipeline = self._connection.pipeline(transaction=True)
        pipeline.hdel(keys.CONTACT_MAP, id_)
        if entry.aircall is not None:
            pipeline.hdel(keys.CONTACT_OF, str(entry.aircall))
        pipeline.zrem(keys.CONTACTS_REFUSED, id_)
        _keep_claims(pipeline, claims)
        pipeline.execute()

    def follow(
        self, id_: str, into: str, entry: Entry, claims: Mapping[str, Sequence[str]]
    ) -> None:
        """Move an entry to the HubSpot contact that its own was merged into, at once."""
        pipeline = self._connection.pipeline(transaction=True)
        pipeline.hdel(keys.CONTACT_MAP, id_)
        pipeline.hset(keys.CONTACT_MAP, into, _packed(replace(entry, digest="")))
        if entry.aircall is not None:
            pipeline.hset(keys.CONTACT_OF, str(entry.aircall), into)
        pipeline.zrem(keys.CONTACTS_REFUSED, id_)
        _keep_claims(pipeline, claims)
        pipeline.execute()

    def refused(self, most: int = MOST_REFUSED) -> tuple[tuple[str, str], ...]:
        """Return the newest contacts that Aircall refused: (HubSpot id, why in a sentence)."""
        newest = self._connection.zrange(keys.CONTACTS_REFUSED, 0, most - 1, desc=True)
        ids = [text(each) for each in newest]  # type: ignore[arg-type]  # members only
        return tuple((id_, entry.reason) for id_, entry in self.of(ids).items())

    def try_again(self, id_: str) -> None:
        """Carry a contact again although it is as it was; by whoever holds it."""
        entry = self.of([id_]).get(id_)
        if entry is not None:
            self._connection.hset(keys.CONTACT_MAP, id_, _packed(replace(entry, digest="")))

    def refusals(self) -> int:
        """Return how many are listed as refused, `MOST_REFUSED` at most."""
        return int(self._connection.zcard(keys.CONTACTS_REFUSED))

    def state(self) -> dict[str, str]:
        """Return how far the jobs are, by names of their own; `since` (ms) is the first entry's."""
        kept = self._connection.hgetall(keys.CONTACTS_STATE)
        return {text(name): text(value) for name, value in kept.items()}

    def note(self, **state: str | float | None) -> None:
        """Keep how far a job is; None forgets."""
        pipeline = self._connection.pipeline(transaction=True)
        for name, value in state.items():
            if value is None:
                pipeline.hdel(keys.CONTACTS_STATE, name)
            else:
                pipeline.hset(keys.CONTACTS_STATE, name, value)
        pipeline.execute()


def _keep_claims(pipeline: Pipeline, claims: Mapping[str, Sequence[str]]) -> None:
    for phone, ids in claims.items():
        if ids:
            pipeline.hset(keys.CONTACT_PHONES, phone, " ".join(ids))
        else:
            pipeline.hdel(keys.CONTACT_PHONES, phone)


def _packed(entry: Entry) -> str:
    """Short names and nothing empty: there may be hundreds of thousands."""
    held = entry.held
    packed: dict[str, Any] = {
        "a": entry.aircall,
        "o": int(entry.ours),
        "d": entry.digest,
        "t": [held.texts.get(name, "") for name in TEXTS] if held.texts else None,
        "p": [_packed_detail(each) for each in held.phones],
        "e": [_packed_detail(each) for each in held.emails],
        "i": entry.theirs,
        "q": int(entry.doubt),
        "s": entry.shared,
        "r": entry.reason,
        "x": int(entry.refused),
    }
    given = {name: value for name, value in packed.items() if value}
    return json.dumps(given, separators=(",", ":"), ensure_ascii=False)


def _packed_detail(kept: Kept) -> list[str | int | None]:
    return [kept.label, kept.value, kept.id, int(kept.ours)]


def _parsed(raw: bytes | str) -> Entry:
    kept = json.loads(raw)
    marks = zip(TEXTS, kept.get("t", ()), strict=False)
    texts = MappingProxyType({name: mark for name, mark in marks if mark})
    phones, emails = (
        tuple(Kept(label, value, id_, bool(ours)) for label, value, id_, ours in kept.get(name, ()))
        for name in ("p", "e")
    )
    return Entry(
        aircall=kept.get("a"),
        ours=bool(kept.get("o")),
        digest=kept.get("d", ""),
        held=Held(texts, phones, emails),
        theirs=kept.get("i", ""),
        doubt=bool(kept.get("q")),
        shared=tuple(kept.get("s", ())),
        reason=kept.get("r", ""),
        refused=bool(kept.get("x")),
    )
