"""A job of the tests: takes the steps of a list in slices, and waits in one for a word."""

from __future__ import annotations

import os

from store.connection import text
from sync.slices import Slice, in_slices
from worker.workshop import Workshop

JOB = "tests.sync.sliced.go_on"
CURSOR, STEPS, WAITS, GO = "test:cursor", "test:steps", "test:waits", "test:go"
ALL = 20
HANGS_AT = 5


def go_on() -> None:
    in_slices(JOB, work)


def work(shop: Workshop, piece: Slice) -> bool:
    connection = shop.connection
    while (step := int(connection.get(CURSOR) or 0)) < ALL:
        if step == HANGS_AT and not connection.exists(GO):
            connection.rpush(WAITS, os.getpid())
            # Whoever is killed or frozen here has not done this step.
            while not connection.exists(GO):
                connection.blpop(["test:nothing"], timeout=1)
        piece.keep()
        with connection.pipeline(transaction=True) as both:
            both.rpush(STEPS, step)
            both.set(CURSOR, step + 1)
            both.execute()
        if piece.over():
            return True
    return False


def done(connection) -> list[int]:
    return [int(text(step)) for step in connection.lrange(STEPS, 0, -1)]
