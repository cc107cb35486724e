"""Which Aircall contact a HubSpot contact has, what we wrote there, and whose phone is whose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import redis
from redis.client import Pipeline

from store import keys
from store.aircall_entries import Entry, packed, parsed
from store.connection import now_ms, text

MOST_REFUSED: Final = 1_000
"""Refused contacts that are listed; the entry of each remembers it beyond that."""


class AircallContacts:
    """The map of one Redis; every method raises redis-py's errors."""

    def __init__(self, connection: redis.Redis) -> None:
        self._connection = connection

    def of(self, ids: Sequence[str]) -> dict[str, Entry]:
        """Return the entries of these HubSpot contacts, as far as there are any."""
        if not ids:
            return {}
        kept = self._connection.hmget(keys.CONTACT_MAP, list(ids))
        return {id_: parsed(raw) for id_, raw in zip(ids, kept, strict=True) if raw}

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

    def made(self) -> int:
        """Return how many contacts in Aircall are ours to remove."""
        return int(self._connection.scard(keys.CONTACTS_OURS))

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
        return int(following), {text(id_): parsed(raw) for id_, raw in found.items()}

    def keep(
        self, id_: str, entry: Entry, before: Entry | None, claims: Mapping[str, Sequence[str]]
    ) -> None:
        """Keep an entry in place of the one `before`, and who shares which phones, all at once."""
        pipeline = self._connection.pipeline(transaction=True)
        pipeline.hset(keys.CONTACT_MAP, id_, packed(entry))
        pipeline.hsetnx(keys.CONTACTS_STATE, "since", now_ms(self._connection))
        if before is not None and before.aircall is not None and before.aircall != entry.aircall:
            _leave(pipeline, before.aircall)
        if entry.aircall is not None:
            pipeline.hset(keys.CONTACT_OF, str(entry.aircall), id_)
            if entry.ours:
                pipeline.sadd(keys.CONTACTS_OURS, str(entry.aircall))
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
        pipeline.hset(keys.CONTACT_MAP, mapping={giver: packed(given), taker: packed(taken)})
        if taken.aircall is not None:
            pipeline.hset(keys.CONTACT_OF, str(taken.aircall), taker)
        pipeline.execute()

    def forget(self, id_: str, entry: Entry, claims: Mapping[str, Sequence[str]]) -> None:
        """Forget a HubSpot contact that is gone, and its part in the phones."""
        pipeline = self._connection.pipeline(transaction=True)
        pipeline.hdel(keys.CONTACT_MAP, id_)
        if entry.aircall is not None:
            _leave(pipeline, entry.aircall)
        pipeline.zrem(keys.CONTACTS_REFUSED, id_)
        _keep_claims(pipeline, claims)
        pipeline.execute()

    def follow(
        self, id_: str, into: str, entry: Entry, claims: Mapping[str, Sequence[str]]
    ) -> None:
        """Move an entry to the HubSpot contact that its own was merged into, at once."""
        pipeline = self._connection.pipeline(transaction=True)
        pipeline.hdel(keys.CONTACT_MAP, id_)
        pipeline.hset(keys.CONTACT_MAP, into, packed(replace(entry, digest="")))
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
            self._connection.hset(keys.CONTACT_MAP, id_, packed(replace(entry, digest="")))

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


def _leave(pipeline: Pipeline, aircall: int) -> None:
    pipeline.hdel(keys.CONTACT_OF, str(aircall))
    pipeline.srem(keys.CONTACTS_OURS, str(aircall))


def _keep_claims(pipeline: Pipeline, claims: Mapping[str, Sequence[str]]) -> None:
    for phone, ids in claims.items():
        if ids:
            pipeline.hset(keys.CONTACT_PHONES, phone, " ".join(ids))
        else:
            pipeline.hdel(keys.CONTACT_PHONES, phone)
