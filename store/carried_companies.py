"""Names of companies that contacts in Aircall show, and whose contacts are to show another one."""

from __future__ import annotations

from collections.abc import Sequence

import redis

from store import keys
from store.connection import now_ms, text


class CarriedCompanies:
    """The companies of one Redis; every method raises redis-py's errors."""

    def __init__(self, connection: redis.Redis) -> None:
        self._connection = connection

    @property
    def empty(self) -> bool:
        """Whether no contact shows a company's own name."""
        return not self._connection.hlen(keys.COMPANY_NAMES)

    def names(self, ids: Sequence[str]) -> dict[str, str]:
        """Return the names of these HubSpot companies, as far as they are known; some are blank."""
        if not ids:
            return {}
        kept = self._connection.hmget(keys.COMPANY_NAMES, list(ids))
        return {id_: text(raw) for id_, raw in zip(ids, kept, strict=True) if raw is not None}

    def keep(self, id_: str, name: str) -> str:
        """Keep a name that was read, unless it is known by now; return the one that counts."""
        pipeline = self._connection.pipeline(transaction=True)
        pipeline.hsetnx(keys.COMPANY_NAMES, id_, name)
        pipeline.hsetnx(keys.CONTACTS_STATE, "companies_since", now_ms(self._connection))
        pipeline.hget(keys.COMPANY_NAMES, id_)
        return text(pipeline.execute()[-1])

    def rename(self, id_: str, name: str) -> None:
        """Keep another name, and that its contacts are to be carried with it, at once."""
        pipeline = self._connection.pipeline(transaction=True)
        pipeline.hset(keys.COMPANY_NAMES, id_, name)
        pipeline.hset(keys.COMPANIES_RENAMED, id_, "0")
        pipeline.execute()

    def renamed(self) -> dict[str, str]:
        """Return the renamed companies, each with the last contact (HubSpot id) that was wanted."""
        kept = self._connection.hgetall(keys.COMPANIES_RENAMED)
        return {text(id_): text(after) for id_, after in kept.items()}

    def reached(self, id_: str, after: str) -> None:
        """Note how far the contacts of a renamed company were wanted; nothing: all of them."""
        if after:
            self._connection.hset(keys.COMPANIES_RENAMED, id_, after)
        else:
            self._connection.hdel(keys.COMPANIES_RENAMED, id_)

    def forget(self) -> None:
        """Forget all of them."""
        self._connection.delete(keys.COMPANY_NAMES, keys.COMPANIES_RENAMED)
