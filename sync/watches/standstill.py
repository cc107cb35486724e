"""Says that background jobs stand still, or fail each time: nothing dies silently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

import redis
from rq import Worker

from store.alerts import Alerts
from store.connection import now_ms
from store.leader import lead_now
from store.operations import Operations
from store.runs import Runs
from store.schedule import AGAIN, Planned, Schedule
from sync.operations import JOBS
from worker.nudge import BACKGROUND, queue

ALERT: Final = "background jobs stand still"
SEEN: Final = 150_000
"""Milliseconds within which a process that works was last heard of: longer than any job."""
LEAST: Final = 180_000
"""Milliseconds of standing still that are worth a word, however short an interval is."""
NOBODY: Final = (
    "Background jobs stand still: the process sync does not run, or hangs. Calls are logged all "
    "the same, but nothing is looked after, copied or warned of. Start it again; make run starts "
    "all processes."
)
PASSED_OVER: Final = (
    "Background jobs stand still, though the process sync works: {jobs}. Calls are logged all the "
    "same; start another process sync, or look into its log."
)
FAILING: Final = (
    "Background jobs fail each time: {jobs}. Calls are logged all the same; the status says why."
)


def watch_standstill(connection: redis.Redis, alerts: Alerts) -> None:
    """Raise or resolve the alert; asked by the clock that leads. Raises redis-py's errors."""
    now, since = now_ms(connection), lead_now(connection).since
    planned = Schedule(connection).read()
    late = [each for each in planned if stands(each, now, since)]
    failing = [each for each in (*planned, *_under_way(connection)) if fails(each, now)]
    if late:
        said = PASSED_OVER if _works(connection, now) else NOBODY
        alerts.raise_(ALERT, said.format(jobs=_named(late)), {"jobs": _named(late)})
    elif failing:
        alerts.raise_(ALERT, FAILING.format(jobs=_named(failing)), {"jobs": _named(failing)})
    else:
        alerts.resolve(ALERT)


def stands(planned: Planned, now: int, since: int) -> bool:
    """Tell whether a job has not begun for three intervals while clocks beat since `since`."""
    return planned.late(now, since) and now - planned.begun(now, since) > LEAST


def fails(planned: Planned, now: int) -> bool:
    """Tell whether a job fails or is refused, for minutes already, and only a person can help."""
    run = planned.run
    if run is None or run.troubled is None or not run.lasting:
        return False
    return now - run.troubled > LEAST


def _under_way(connection: redis.Redis) -> Iterator[Planned]:
    """Yield the jobs of the long works under way: they are in no plan, and may fail as well."""
    runs = Runs(connection)
    for each in Operations(connection).active():
        job = JOBS[each.kind]
        yield Planned(job, AGAIN // 1000, run=runs.of(job))


def _works(connection: redis.Redis, now: int) -> bool:
    """Whether a process was heard of that works on background jobs."""
    beats = (each.last_heartbeat for each in Worker.all(queue=queue(connection, BACKGROUND)))
    at = datetime.fromtimestamp(now / 1000, UTC)
    return any(
        beat is not None and abs((at - beat.replace(tzinfo=UTC)).total_seconds()) * 1000 < SEEN
        for beat in beats
    )


def _named(jobs: Iterable[Planned]) -> str:
    return ", ".join(sorted(each.job for each in jobs))
