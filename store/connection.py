"""The one way to Redis: short timeouts and no blind repeats of commands that do not bear them."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from settings.environment import Environment

TIMEOUT: Final = 1.5
"""Seconds to connect and to be answered: redis-py would wait 58 s for a stopped server."""

LONGEST_SOCKET_PATH: Final = 107 if sys.platform == "linux" else 103
"""Bytes that the kernel allows for the path of a unix socket."""
LONGEST_TEMPORARY: Final = 40
"""Bytes of the temporary folder's path that leave room for ours."""
SOCKET: Final = "redis.sock"


def socket_path(data_dir: Path) -> Path:
    """Where the embedded server of `data_dir` listens; the same in every process.

    A path too long for a socket moves to a folder of the temporary directory, whose name follows
    from user and `data_dir`.
    """
    path = data_dir.absolute() / SOCKET
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    digest = hashlib.sha256(os.fsencode(data_dir.absolute())).hexdigest()[:16]
    temporary = tempfile.gettempdir()
    if len(os.fsencode(temporary)) > LONGEST_TEMPORARY:
        temporary = "/tmp"  # noqa: S108 - a private folder is made in it
    return Path(temporary, f"aircall-hubspot-{os.getuid()}-{digest}", SOCKET)


def socket_url(data_dir: Path) -> str:
    """The embedded server's address as redis-py reads it."""
    return f"unix://{quote(str(socket_path(data_dir)))}?db=0"


def redis_url(environment: Environment) -> str:
    """The address every process connects to: `REDIS_URL`, or the embedded server's socket."""
    if environment.redis.url is not None:
        return environment.redis.url.get_secret_value()
    return socket_url(environment.places.data_dir)


def text(raw: bytes | str) -> str:
    """Read one answer of Redis as text; what is no UTF-8, as of a damaged disk, is replaced."""
    return raw.decode(errors="replace") if isinstance(raw, bytes) else raw


def without_password(url: str) -> str:
    """The address as it may be shown: without user name, password and parameters."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def connect(url: str, timeout: float = TIMEOUT) -> redis.Redis:
    """Make a client, without network activity; answers are bytes, awaited for `timeout` seconds.

    A lost reply raises instead of running the command twice (redis-py would repeat INCR or EVAL).
    """
    return redis.Redis.from_url(
        url,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        retry=Retry(NoBackoff(), 0),
        retry_on_timeout=False,
        health_check_interval=0,
        decode_responses=False,
        protocol=2,
    )


def now_ms(connection: redis.Redis) -> int:
    """Ask the store's clock, which all processes share, for milliseconds since 1970."""
    seconds, micros = connection.time()
    return int(seconds) * 1000 + int(micros) // 1000
