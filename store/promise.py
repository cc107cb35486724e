"""Holds a Redis of one's own against what the product promises of stored events."""

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, cast

import redis

from settings.errors import StartupError
from store.connection import connect, without_password

_OLDEST: Final = (6, 2)
_SECONDS: Final = 2.0
_FSYNC: Final[Mapping[str, str]] = MappingProxyType(
    {
        "everysec": "Redis has appendfsync everysec: up to one second of accepted events may be "
        "lost. Set appendfsync always.",
        "no": "Redis has appendfsync no: about 30 seconds of accepted events may be lost. "
        "Set appendfsync always.",
    }
)


def shortfalls(url: str) -> list[str]:
    """What the Redis at `url` keeps less well than promised, one sentence each; none is best.

    What it does not tell counts as weaker. Raises `StartupError` when it cannot be reached.
    """
    where = without_password(url)
    with connect(url, _SECONDS) as client:
        try:
            client.ping()
            return told_by(client)
        except (redis.AuthenticationError, redis.ResponseError) as error:
            said = str(error).rstrip(".")
            raise StartupError(f"Redis at {where} refuses: {said}.") from error
        except (redis.RedisError, OSError, ValueError) as error:
            raise StartupError(
                f"Could not connect to Redis at {where}. Is it running? ({error})"
            ) from error


def told_by(connection: redis.Redis) -> list[str]:
    """The sentences of `shortfalls` about a server already connected to; raises redis-py's."""
    return compare(_asked(connection.info), _asked(lambda: connection.config_get("*")))


def compare(about: Mapping[str, Any], settings: Mapping[str, str]) -> list[str]:
    """The sentences of `shortfalls`, from a server's INFO and CONFIG GET (empty: not told)."""
    return [*_durability(settings), *_memory(settings), *_kind(about)]


def _asked(question: Callable[[], Any]) -> Mapping[str, Any]:
    """The answer, or nothing when the server's access rules forbid the question."""
    try:
        return cast("Mapping[str, Any]", question())
    except redis.ResponseError:
        return {}


def _durability(settings: Mapping[str, str]) -> Iterator[str]:
    sentence = _FSYNC.get(settings.get("appendfsync", ""))
    if "appendonly" not in settings or "appendfsync" not in settings:
        yield "Redis does not tell how it stores (CONFIG GET): accepted events may be lost."
    elif settings["appendonly"] != "yes":
        yield (
            "Redis has appendonly no: every event accepted since its last snapshot may be lost. "
            "Set appendonly yes and appendfsync always."
        )
    elif sentence is not None:
        yield sentence
    elif settings.get("no-appendfsync-on-rewrite") == "yes":
        yield (
            "Redis has no-appendfsync-on-rewrite yes: events accepted while it rewrites its log "
            "may be lost. Set it to no."
        )


def _memory(settings: Mapping[str, str]) -> Iterator[str]:
    policy = settings.get("maxmemory-policy")
    if policy is None:
        yield "Redis does not tell its maxmemory-policy: it may drop events when it is full."
    elif policy != "noeviction":
        yield (
            f"Redis has maxmemory-policy {policy}: it may drop events when it is full. "
            "Set noeviction."
        )
    elif settings.get("maxmemory") == "0":
        yield (
            "Redis has no maxmemory: the door cannot close before the machine's memory is full. "
            "Set maxmemory."
        )


def _kind(about: Mapping[str, Any]) -> Iterator[str]:
    version = re.match(r"(\d+)\.(\d+)", str(about.get("redis_version", "")))
    if version is None:
        yield "Redis does not tell its version: 6.2 or newer is needed."
    elif (int(version[1]), int(version[2])) < _OLDEST:
        yield f"Redis {about['redis_version']} is too old: 6.2 or newer is needed."
    if about.get("cluster_enabled", 0) or about.get("redis_mode") == "cluster":
        yield "Redis runs as a cluster: scripts over several keys will fail there."
    if about.get("role") == "slave":
        yield "Redis is a replica: it takes no writes. Name the primary."
    if about.get("connected_slaves", 0):
        yield "Redis has replicas: a failover may lose events accepted just before it."
