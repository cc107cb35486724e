"""Writes deliveries down: whatever arrives while Redis is busy goes to it together, in one trip."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final

import redis.asyncio
from redis.exceptions import ResponseError

from store.connection import text
from store.scripts import source

LONGEST: Final = 1.8
"""Seconds from the delivery; a client that waits longer would rather hear 503 and come again."""
MOST: Final = 100
"""Deliveries in one trip: at Aircall's sizes a few hundred kilobytes, a millisecond of Redis."""

Arguments = Sequence[str | int]


class Ledger:
    """The one pen of a door: deliveries go to Redis together, and each has its own answer.

    The embedded server flushes to disk once for all that reaches it together, so that a trip of
    many costs hardly more than a trip of one. An idle pen writes at once.
    """

    def __init__(self, connection: redis.asyncio.Redis) -> None:
        self._script: Any = connection.register_script(source("door"))
        self._waiting: list[tuple[Arguments, asyncio.Future[bool], float]] = []
        self._writing: asyncio.Task[None] | None = None

    async def keep(self, arguments: Arguments) -> bool:
        """Run the door's script; True if a drain must be called.

        Raises TimeoutError after `LONGEST` seconds, OSError, and redis-py's errors.
        """
        loop = asyncio.get_running_loop()
        kept: asyncio.Future[bool] = loop.create_future()
        self._waiting.append((arguments, kept, loop.time()))
        if self._writing is None or self._writing.done():
            self._writing = loop.create_task(self._write())
        return await kept

    async def _write(self) -> None:
        """Write until nothing waits; whoever came on a trip that failed is told why."""
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            try:
                # Of the oldest, so that nobody waits longer than one who came to an idle pen.
                async with asyncio.timeout_at(batch[0][2] + LONGEST):
                    answers = await self._trip([arguments for arguments, _, _ in batch])
                for (_, kept, _), answer in zip(batch, answers, strict=True):
                    _settle(kept, answer)
            except (redis.RedisError, OSError) as error:  # a TimeoutError is an OSError
                for _, kept, _ in batch:
                    _settle(kept, error)
            finally:
                # Whatever else went wrong: nobody waits for ever. Those answered are not touched.
                for _, kept, _ in batch:
                    kept.cancel()

    async def _trip(self, deliveries: Sequence[Arguments]) -> list[bool | Exception]:
        """Answer each delivery in its place, with an error where Redis refused it alone."""
        told = await self._script(args=[part for each in deliveries for part in each])
        wanted, *refused = told if isinstance(told, list) else [told]
        answers: list[bool | Exception] = [False] * len(deliveries)
        for place, sentence in zip(refused[::2], refused[1::2], strict=True):
            answers[place - 1] = ResponseError(text(sentence))
        if wanted and False in answers:  # one of them calls, and it is the first that was kept
            answers[answers.index(False)] = True
        return answers


def _settle(kept: asyncio.Future[bool], answer: bool | Exception) -> None:  # noqa: FBT001  it is what Redis said
    if kept.done():  # whoever asked was cancelled meanwhile
        return
    if isinstance(answer, Exception):
        kept.set_exception(answer)
    else:
        kept.set_result(answer)
