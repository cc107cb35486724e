"""Writes deliveries down: whatever arrives while Redis is busy goes to it together, in one trip."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

import redis.asyncio
from redis.exceptions import NoScriptError

from store.scripts import source

LONGEST: Final = 1.8
"""Seconds from the delivery; a client that waits longer would rather hear 503 and come again."""
MOST: Final = 100
"""Deliveries in one trip: at Aircall's sizes a few hundred kilobytes."""

Arguments = Sequence[str | int]


class Ledger:
    """The one pen of a door: each delivery is a script run of its own, and has its own answer.

    The embedded server flushes to disk once for all that reaches it together, so that a trip of
    many costs hardly more than a trip of one. An idle ledger writes at once.
    """

    def __init__(self, connection: redis.asyncio.Redis) -> None:
        self._connection = connection
        self._script = connection.register_script(source("door"))
        self._waiting: list[tuple[Arguments, asyncio.Future[bool], float]] = []
        self._writing: asyncio.Task[None] | None = None

    async def keep(self, arguments: Arguments) -> bool:
        """Run the door's script; True if a drain must be called.

        Raises TimeoutError after `LONGEST` seconds, OSError, and redis-py's errors.
        """
        loop = asyncio.get_running_loop()
        kept: asyncio.Future[bool] = loop.create_future()
        self._waiting.append((arguments, kept, loop.time()))
        if self._writing is None:
            self._writing = loop.create_task(self._write())
        return await kept

    async def _write(self) -> None:
        """Write until nothing waits; whoever came on a trip that failed is told why."""
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                try:
                    # Of the oldest, so that nobody waits longer than one who came to an idle pen.
                    async with asyncio.timeout_at(batch[0][2] + LONGEST):
                        answers = await self._trip([arguments for arguments, _, _ in batch])
                except (redis.RedisError, OSError) as error:  # a TimeoutError is an OSError
                    answers = [error] * len(batch)
                for (_, kept, _), answer in zip(batch, answers, strict=True):
                    _settle(kept, answer)
        finally:
            self._writing = None

    async def _trip(self, runs: Sequence[Arguments]) -> list[object]:
        """Answer each run in its place, with an exception where Redis refused it alone."""
        answers = await self._send(runs)
        forgotten = [at for at, answer in enumerate(answers) if isinstance(answer, NoScriptError)]
        if forgotten:
            await self._connection.script_load(source("door"))
            again = await self._send([runs[at] for at in forgotten])
            for at, answer in zip(forgotten, again, strict=True):
                answers[at] = answer
        return answers

    async def _send(self, runs: Sequence[Arguments]) -> list[object]:
        pipeline = self._connection.pipeline(transaction=False)
        for arguments in runs:
            pipeline.evalsha(self._script.sha, 0, *arguments)
        return await pipeline.execute(raise_on_error=False)


def _settle(kept: asyncio.Future[bool], answer: object) -> None:
    if kept.done():  # whoever asked was cancelled meanwhile
        return
    if isinstance(answer, Exception):
        kept.set_exception(answer)
    else:
        kept.set_result(bool(answer))
