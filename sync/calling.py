"""Calls background jobs when they are due, once, and again what came to nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import redis

from store import keys
from store.connection import now_ms
from store.schedule import AGAIN, LOST, Schedule
from store.scripts import Scripts
from sync.operations import JOBS
from worker.left_out import TELL as TELL_TICKETS
from worker.nudge import BACKGROUND, SWEEP_EVERY, enqueue
from worker.workshop import TELL

BEAT: Final = int(SWEEP_EVERY * 1000)
"""Milliseconds between two beats of the clock."""
LONGEST_HELD: Final = 24_000
"""Milliseconds that the lock of a job that nobody renews may still last."""
NUDGED: Final = (TELL, TELL_TICKETS)
"""Jobs in slices that others call, and nobody else does the work of."""
LONGEST_WAIT: Final = 610_000
"""The same of what waits as long as Slack asks for."""


def call_due(connection: redis.Redis, plan: Mapping[str, int]) -> None:
    """Call each job of the plan (dotted name, seconds between two calls) whose turn it is.

    It is called a beat early rather than late, so that what changes in the world is seen within
    the interval. One that waits already is not called beside itself. Raises redis-py's errors.
    """
    schedule, scripts = Schedule(connection), Scripts(connection)
    schedule.publish(plan)
    now = now_ms(connection)
    for each in schedule.read():
        # What is not called with this beat would be late with the next one.
        if scripts.run("turn", each.job, max(each.every * 1000 - BEAT, BEAT)):
            enqueue(connection, BACKGROUND, each.job)
        elif each.undone(now) and not connection.exists(keys.working(each.job)):
            # A job that is lost time and again is not called with every beat.
            patience = AGAIN if each.trouble else LOST
            if scripts.run("turn", f"again {each.job}", patience):
                enqueue(connection, BACKGROUND, each.job)


def loosen(connection: redis.Redis, plan: Mapping[str, int]) -> None:
    """Keep a wall clock that stepped back from holding locks of the dead for as long as it stepped.

    Raises redis-py's errors.
    """
    longest = {keys.working(job): LONGEST_HELD for job in (*plan, *JOBS.values(), *NUDGED)}
    longest |= {keys.operation_telling(kind): LONGEST_WAIT for kind in JOBS}
    longest[keys.ANNOUNCING] = LONGEST_WAIT
    pipeline = connection.pipeline(transaction=False)
    for key in longest:
        pipeline.pttl(key)
    for (key, most), left in zip(longest.items(), pipeline.execute(), strict=True):
        if left > most:
            connection.pexpire(key, most)
