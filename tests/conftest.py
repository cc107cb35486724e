"""What every room's tests share: one real Redis-compatible server per run, emptied per test."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis

from run.redis_server import start, wait_until_ready
from store.connection import socket_url

LONGEST = ("tests/chaos/test_chaos.py", "tests/worker/test_drain_faults.py")


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: real processes and servers are waited for half of the time."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take minutes: at the end one core would wait for the other."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


@dataclass(frozen=True)
class RedisServer:
    """The embedded server of this test run."""

    url: str
    data_dir: Path


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    # In memory where there is such a folder: with a real disk, fsync would be most of the time.
    memory = Path("/dev/shm")
    data_dir = Path(tempfile.mkdtemp(prefix="ah-", dir=memory if memory.is_dir() else None))
    process = start(data_dir)
    try:
        wait_until_ready(socket_url(data_dir), process)
        yield RedisServer(socket_url(data_dir), data_dir)
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(data_dir)


@pytest.fixture
def redis_client(redis_server: RedisServer) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(redis_server.url, decode_responses=False) as client:
        client.flushall()
        yield client
