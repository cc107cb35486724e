"""Tickets that were left out because what they needed was missing, and who asked for them since."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import redis

from store import keys
from store.connection import text
from store.damaged import if_readable


@dataclass(frozen=True, slots=True)
class Asked:
    """What an admin (Slack id) asked for and was not told the end of: interactions by id."""

    user: str
    ids: tuple[str, ...]
    raw: str
    """The entry as it was read."""


def left_out(connection: redis.Redis) -> tuple[str, ...]:
    """Return the interactions whose ticket was left out, the oldest first."""
    ids: Iterable[bytes] = connection.zrange(keys.UNLOGGED, 0, -1)  # type: ignore[assignment]  # without scores it answers members only
    return tuple(text(each) for each in ids)


def left_out_since(connection: redis.Redis, ms: int) -> tuple[str, ...]:
    """Return those whose ticket was left out since a moment (ms since 1970)."""
    ids: Iterable[bytes] = connection.zrangebyscore(keys.UNLOGGED, ms, "+inf")  # type: ignore[assignment]  # as above
    return tuple(text(each) for each in ids)


def any_left_out(connection: redis.Redis) -> bool:
    """Whether any ticket was left out and not made since."""
    return bool(connection.exists(keys.UNLOGGED))


def fingerprint(connection: redis.Redis) -> tuple[int, str]:
    """Return something that differs as soon as another ticket was left out, or one was made."""
    newest = connection.zrange(keys.UNLOGGED, -1, -1, withscores=True)
    return int(connection.zcard(keys.UNLOGGED)), str(newest)


def is_left_out(connection: redis.Redis, id_: str) -> tuple[bool, bool]:
    """Tell whether the ticket of an interaction was left out, and whether it is asked for."""
    pipeline = connection.pipeline(transaction=False)
    pipeline.zscore(keys.UNLOGGED, id_)
    pipeline.sismember(keys.WANTED_TICKETS, id_)
    at, wanted = pipeline.execute()
    return at is not None, bool(wanted)


def wanted_of(connection: redis.Redis, ids: Iterable[str]) -> frozenset[str]:
    """Return those whose ticket is asked for and was not answered yet."""
    listed = list(ids)
    if not listed:
        return frozenset()
    found = connection.smismember(keys.WANTED_TICKETS, listed)
    return frozenset(id_ for id_, one in zip(listed, found, strict=True) if one)


def any_wanted(connection: redis.Redis) -> bool:
    """Whether any ticket is asked for and was not answered yet."""
    return bool(connection.exists(keys.WANTED_TICKETS))


def note_asked(connection: redis.Redis, user: str, ids: Iterable[str]) -> None:
    """Remember to tell an admin what came of these, and of what they asked for before."""
    before = _parsed(connection.hget(keys.TICKETS_ASKED, user))
    together = tuple(dict.fromkeys((*before, *ids)))
    connection.hset(keys.TICKETS_ASKED, user, json.dumps({"ids": together}))


def asked(connection: redis.Redis) -> tuple[Asked, ...]:
    """Return who is to be told."""
    kept = connection.hgetall(keys.TICKETS_ASKED)
    return tuple(Asked(text(user), _parsed(raw), text(raw)) for user, raw in kept.items())


def any_asked(connection: redis.Redis) -> bool:
    """Whether anybody is to be told."""
    return bool(connection.exists(keys.TICKETS_ASKED))


def told(connection: redis.Redis, one: Asked) -> None:
    """Note that an admin was told, unless they asked for more meanwhile."""
    now = connection.hget(keys.TICKETS_ASKED, one.user)
    if now is not None and text(now) == one.raw:
        connection.hdel(keys.TICKETS_ASKED, one.user)


def _parsed(raw: bytes | str | None) -> tuple[str, ...]:
    if not raw:
        return ()
    return if_readable(keys.TICKETS_ASKED, lambda: tuple(json.loads(raw)["ids"])) or ()
