"""Looks after the door: closes it before Redis is full, and sweeps for work nobody does."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import redis.asyncio
import structlog
from redis.exceptions import RedisError

EVERY: Final = 1.0
"""Seconds between two looks."""
FULL: Final = 0.75
"""Of `maxmemory`: workers need the rest to go on."""
LEAST_DISK: Final = 50 * 1024 * 1024
"""Bytes free, of the disk the embedded server writes to."""

log = structlog.get_logger(__name__)


class Keeper:
    """Knows why the door is closed, if it is; `closed` is that sentence or empty."""

    def __init__(self, connection: redis.asyncio.Redis, data_dir: Path | None) -> None:
        self._connection = connection
        self._data_dir = data_dir
        self.closed = ""

    async def look(self) -> str:
        """Look at memory and disk now; returns why the door must be closed, or nothing."""
        try:
            async with asyncio.timeout(1.5):
                memory: dict[str, Any] = await self._connection.info("memory")
        except (RedisError, OSError, TimeoutError) as error:
            self.closed = f"Redis does not answer: {type(error).__name__}"
            return self.closed
        self.closed = too_full(memory) or self._disk()
        return self.closed

    def _disk(self) -> str:
        if self._data_dir is None:
            return ""
        free = shutil.disk_usage(self._data_dir).free
        return f"only {free >> 20} MiB of disk are free" if free < LEAST_DISK else ""

    async def watch(self, sweep: Callable[[], object], sweep_every: float) -> None:
        """Look every second and sweep every few, until cancelled."""
        next_sweep = 0.0
        loop = asyncio.get_running_loop()
        while True:
            before = self.closed
            if await self.look() != before:
                log.warning("door", closed=self.closed or "no")
            if not self.closed and loop.time() >= next_sweep:
                next_sweep = loop.time() + sweep_every
                with contextlib.suppress(RedisError):  # the next sweep is soon
                    await asyncio.to_thread(sweep)
            await asyncio.sleep(EVERY)


def too_full(memory: dict[str, Any]) -> str:
    """Say why Redis must not take in more, from its `INFO memory`; empty if it may."""
    most = int(memory.get("maxmemory") or 0)
    used = int(memory.get("used_memory") or 0)
    return f"Redis uses {used * 100 // most} % of its memory" if most and used > FULL * most else ""
