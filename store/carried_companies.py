"""Names of companies that contacts in Aircall show, and whose contacts are to show another one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import redis

from store import keys
from store.connection import now_ms, text

STATE: Final = (
    "companies_since",
    "companies_followed",
    "companies_following",
    "companies_looked",
    "companies_refused",
)
"""Of the state of contact sync, what is about companies."""


class CarriedCompanies:
    """The companies of one Redis; every method raises redis-py's errors."""

    def __init__(self, connection: redis.Redis) -> None:
        self._connection = connection

    @property
    def empty(self) -> bool:
        """Whether no contact shows a company's own name, or is to."""
        return not self._connection.exists(keys.COMPANY_NAMES, keys.COMPANIES_UNREAD)

    def names(self, ids: Sequence[str]) -> dict[str, str]:
        """Return the names of these HubSpot companies, as far as they are known; some are blank."""
        if not ids:
            return {}
        kept = self._connection.hmget(keys.COMPANY_NAMES, list(ids))
        return {id_: text(raw) for id_, raw in zip(ids, kept, strict=True) if raw is not None}

    def expect(self, id_: str) -> None:
        """Note that a company's name is to be read: from now on a change of it is seen."""
        pipeline = self._connection.pipeline(transaction=True)
        pipeline.hsetnx(keys.CONTACTS_STATE, "companies_since", now_ms(self._connection))
        pipeline.sadd(keys.COMPANIES_UNREAD, id_)
        pipeline.execute()

    def unread(self, most: int) -> list[str]:
        """Return some of those whose names nobody has read yet, or could."""
        some = self._connection.srandmember(keys.COMPANIES_UNREAD, most)
        return sorted(map(text, some or ()))  # type: ignore[arg-type]  # a list, as `most` is given

    def are_unread(self, ids: Sequence[str]) -> frozenset[str]:
        """Choose those of these whose names nobody has read yet."""
        if not ids:
            return frozenset()
        told = self._connection.smismember(keys.COMPANIES_UNREAD, list(ids))
        return frozenset(id_ for id_, is_one in zip(ids, told, strict=True) if is_one)

    def keep(self, id_: str, name: str) -> str:
        """Keep a name that was read, unless it is known by now; return the one that counts."""
        pipeline = self._connection.pipeline(transaction=True)
        pipeline.hsetnx(keys.COMPANY_NAMES, id_, name)
        pipeline.srem(keys.COMPANIES_UNREAD, id_)
        pipeline.hget(keys.COMPANY_NAMES, id_)
        return text(pipeline.execute()[-1])

    def rename(self, id_: str, name: str) -> None:
        """Keep another name, and that its contacts are to be carried with it, at once."""
        pipeline = self._connection.pipeline(transaction=True)
        pipeline.hset(keys.COMPANY_NAMES, id_, name)
        pipeline.srem(keys.COMPANIES_UNREAD, id_)
        pipeline.hset(keys.COMPANIES_RENAMED, id_, "0")
        pipeline.execute()

    def renamed(self) -> dict[str, str]:
        """Return the renamed companies, each with the last contact (HubSpot id) that was wanted."""
        kept = self._connection.hgetall(keys.COMPANIES_RENAMED)
        return {text(id_): text(after) for id_, after in kept.items()}

    def reached(self, ids: Iterable[str], after: str) -> None:
        """Note how far contacts of renamed companies were wanted; nothing: all of them."""
        if after:
            self._connection.hset(keys.COMPANIES_RENAMED, mapping=dict.fromkeys(ids, after))
        else:
            self._connection.hdel(keys.COMPANIES_RENAMED, *ids)

    def forget(self) -> None:
        """Forget all of them, and how far they were followed."""
        pipeline = self._connection.pipeline(transaction=True)
        pipeline.delete(keys.COMPANY_NAMES, keys.COMPANIES_UNREAD, keys.COMPANIES_RENAMED)
        pipeline.hdel(keys.CONTACTS_STATE, *STATE)
        pipeline.execute()
