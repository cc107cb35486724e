"""Aircall's whole contact list by phone, read once for a full copy: no phone is searched for.

At most `MOST` contacts are kept; of a longer list the rest is searched for one by one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

import redis

from rules.aircall_contacts import TEXTS, AircallContact, Detail, digits_of
from store import keys
from store.connection import text

MOST: Final = 200_000
"""Contacts, of about 400 bytes each."""
LIVES: Final = 6 * 3600
"""Seconds from the last renewal: what was read longer ago is read again."""
ALL: Final = (keys.COPY_INDEX, keys.COPY_PHONES, keys.COPY_CONTACTS)


class AircallIndex:
    """The index of one Redis; one process at a time writes it. Methods raise redis-py's errors."""

    def __init__(self, connection: redis.Redis, most: int = MOST) -> None:
        self._connection = connection
        self._most = most

    def begin(self, operation: str) -> None:
        """Begin an empty one, for this operation."""
        pipeline = self._connection.pipeline()
        pipeline.unlink(*ALL)
        pipeline.hset(keys.COPY_INDEX, mapping={"operation": operation})
        pipeline.expire(keys.COPY_INDEX, LIVES)
        pipeline.execute()

    def is_of(self, operation: str) -> bool:
        """Tell whether there is one of this operation; keeps it for another while."""
        kept = self._connection.hget(keys.COPY_INDEX, "operation")
        if kept is None or text(kept) != operation:
            return False
        pipeline = self._connection.pipeline()
        for key in ALL:
            pipeline.expire(key, LIVES)
        pipeline.execute()
        return True

    def forget(self) -> None:
        """Delete it; Redis gives the memory of a long one back beside its other work."""
        self._connection.unlink(*ALL)

    @property
    def full(self) -> bool:
        """Whether contacts were left out: a phone that is not found may be there all the same."""
        return bool(self._connection.hexists(keys.COPY_INDEX, "full"))

    def leave_out(self) -> None:
        """Note that contacts are not in it."""
        self._connection.hset(keys.COPY_INDEX, "full", 1)

    def __len__(self) -> int:
        return int(self._connection.hlen(keys.COPY_CONTACTS))

    def add(self, contacts: Iterable[AircallContact]) -> None:
        """Put contacts in, each in the place of what was known of it."""
        new = {str(each.id): each for each in contacts}
        known = self._known(list(new))
        free = max(self._most - len(self), 0)
        fresh = [id_ for id_ in new if id_ not in known]
        left_out = set(fresh[free:])
        taken = {id_: each for id_, each in new.items() if id_ not in left_out}
        pipeline = self._connection.pipeline()
        if left_out:
            pipeline.hset(keys.COPY_INDEX, "full", 1)
        if taken:
            phones = self._phones(taken.values())
            pipeline.hset(
                keys.COPY_CONTACTS, mapping={id_: _json(each) for id_, each in taken.items()}
            )
            if phones:
                pipeline.hset(
                    keys.COPY_PHONES, items=[part for pair in phones.items() for part in pair]
                )
        for key in ALL:
            pipeline.expire(key, LIVES)
        pipeline.execute()

    def find(self, phone: str) -> tuple[AircallContact, ...]:
        """Return the contacts that have this phone, the oldest first."""
        ids = self._connection.hget(keys.COPY_PHONES, digits_of(phone))
        if not ids:
            return ()
        raws = self._connection.hmget(keys.COPY_CONTACTS, text(ids).split())
        found = [_parsed(raw) for raw in raws if raw]
        return tuple(each for each in found if digits_of(phone) in each.digits)

    def _known(self, ids: list[str]) -> frozenset[str]:
        if not ids:
            return frozenset()
        raws = self._connection.hmget(keys.COPY_CONTACTS, ids)
        return frozenset(id_ for id_, raw in zip(ids, raws, strict=True) if raw)

    def _phones(self, contacts: Iterable[AircallContact]) -> Mapping[str, str]:
        """Return the ids by phone, those that were known of each phone too."""
        having: dict[str, dict[str, None]] = {}
        for each in contacts:
            for digits in each.digits - {""}:
                having.setdefault(digits, {})[str(each.id)] = None
        if not having:
            return {}
        kept = self._connection.hmget(keys.COPY_PHONES, list(having))
        before = {
            digits: text(ids).split() for digits, ids in zip(having, kept, strict=True) if ids
        }
        return {
            digits: " ".join(sorted({*before.get(digits, ()), *ids}, key=int))
            for digits, ids in having.items()
        }


def _json(contact: AircallContact) -> str:
    kept: dict[str, Any] = {
        "id": contact.id,
        "texts": {name: told for name, told in contact.texts.items() if told},
        "phones": [[one.label, one.value, one.id] for one in contact.phones],
        "emails": [[one.label, one.value, one.id] for one in contact.emails],
        "created": contact.created,
    }
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def _parsed(raw: bytes | str) -> AircallContact:
    kept = json.loads(raw)
    return AircallContact(
        id=kept["id"],
        texts=MappingProxyType({name: kept["texts"].get(name, "") for name in TEXTS}),
        phones=tuple(Detail(*one) for one in kept["phones"]),
        emails=tuple(Detail(*one) for one in kept["emails"]),
        created=kept["created"],
    )
