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

from settings.errors import StartupError
from store.settings import DamagedSettingsError
from worker.remark import Remark

EVERY: Final = 1.0
"""Seconds between two looks."""
PATIENCE: Final = 1.5
"""Seconds that Redis has to answer a look."""
FULL: Final = 0.75
"""Of `maxmemory`: workers need the rest to go on."""
LEAST_DISK: Final = 50 * 1024 * 1024
"""Bytes free, of the disk the embedded server writes to."""

log = structlog.get_logger(__name__)


class Keeper:
    """Knows why the door is closed, if it is: `closed` and `full` are sentences, or empty."""

    def __init__(self, connection: redis.asyncio.Redis, data_dir: Path | None) -> None:
        self._connection = connection
        self._data_dir = data_dir
        self._settings = Remark("settings")
        self.closed = ""
        self.full = ""
        """Why a Redis that answers must not take in more; a person has to make room."""

    async def look(self) -> str:
        """Look at memory and disk now; returns why the door must be closed, or nothing."""
        try:
            async with asyncio.timeout(PATIENCE):
                memory: dict[str, Any] = await self._connection.info("memory")
        except (RedisError, OSError, TimeoutError) as error:
            self.closed = f"Redis does not answer: {type(error).__name__}"
        else:
            self.full = self.closed = too_full(memory) or self._disk()
        return self.closed

    def _disk(self) -> str:
        if self._data_dir is None:
            return ""
        try:
            free = shutil.disk_usage(self._data_dir).free
        except OSError as error:
            return f"the free disk space cannot be read: {error.strerror}"
        return f"only {free >> 20} MiB of disk are free" if free < LEAST_DISK else ""

    async def watch(
        self, sweep: Callable[[], object], sweep_every: float, tell: Callable[[str], object]
    ) -> None:
        """Look every second, sweep every few, and tell once why it is full or no more; for ever."""
        next_sweep = 0.0
        told: bool | None = None
        loop = asyncio.get_running_loop()
        while True:
            before = self.closed
            if await self.look() != before:
                log.warning("door", closed=self.closed or "no")
            with contextlib.suppress(RedisError):  # the next look is soon
                answers = self.full == self.closed
                if answers and bool(self.full) != told:
                    await asyncio.to_thread(tell, self.full)
                    told = bool(self.full)
                if answers and loop.time() >= next_sweep:
                    await self._sweep(sweep)
                    next_sweep = loop.time() + sweep_every
            await asyncio.sleep(EVERY)

    async def _sweep(self, sweep: Callable[[], object]) -> None:
        """Sweep; settings that must be mended by a person keep the door from nothing else.

        Raises redis-py's errors.
        """
        try:
            await asyncio.to_thread(sweep)
        except (StartupError, DamagedSettingsError) as error:
            self._settings.say(str(error))
        else:
            self._settings.say("")


def too_full(memory: dict[str, Any]) -> str:
    """Say why Redis must not take in more, from its `INFO memory`; empty if it may."""
    most = int(memory.get("maxmemory") or 0)
    used = int(memory.get("used_memory") or 0)
    if not most or used < FULL * most:
        return ""
    return f"Redis uses {used * 100 // most} % of its memory"
