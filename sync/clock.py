"""The clock: sweeps for work nobody does, and calls the background jobs when they are due.

Of several clocks one leads, and another takes over within 20 seconds after its last beat. Two that
lead by mistake do no harm: who calls a job first in its interval keeps the other from it.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from types import FrameType
from typing import Final

import redis
import structlog
from redis.exceptions import RedisError

from settings.environment import Environment
from settings.errors import StartupError
from settings.file import Intervals, SettingsFile
from store import keys
from store.connection import now_ms
from store.leader import Leader
from store.scripts import Scripts
from store.settings import DamagedSettingsError, NoSettingsError
from store.welcome import Welcomes
from sync.backfill.tending import tend as tend_previews
from sync.calling import call_due, loosen
from sync.watches.backlog import watch_failures, watch_waiting
from sync.watches.damage import watch_damage
from sync.watches.limits import watch_daily
from sync.watches.operations import watch_operations
from sync.watches.pauses import watch_pauses
from sync.watches.standstill import watch_standstill
from sync.watches.untold import watch_untold
from worker.nudge import BACKGROUND, SWEEP_EVERY, enqueue
from worker.remark import Remark
from worker.workshop import Workshop, open_workshop, tend

HOUR: Final = 3_600
DAY: Final = 86_400
WELCOME: Final = "bot.first_start.steps.go_on"
"""A job of a room above ours, called until the first start is over."""
WELCOME_EVERY: Final = 15
CARRY_EVERY: Final = 15
"""For contacts whose carrying no nudge began, or a pause cut short."""
ANNOUNCE: Final = "bot.channel.announcements.publish"
"""Another: the revision that was last announced is the truth, and this is only a nudge."""

log = structlog.get_logger(__name__)


def jobs(intervals: Intervals) -> Mapping[str, int]:
    """Return the background jobs by dotted name, with the seconds between two calls."""
    return {
        "sync.contacts.following.follow": intervals.contacts,
        "sync.contacts.gone.look": DAY,
        "sync.contacts.wanted.carry": CARRY_EVERY,
        "sync.directory.reading.refresh_all": intervals.directory,
        "sync.foreign.look": HOUR,
        "sync.gaps.repair.repair": intervals.gaps,
        "sync.pipelines.watch.look": intervals.pipelines,
        "sync.retention.prune": DAY,
        "sync.webhook.watch.look": intervals.webhook,
    }


def tick(workshop: Workshop, leader: Leader | None = None) -> None:
    """One beat: sweep, let go what waited for `enabled`; the clock that leads calls what is due.

    What fails keeps nothing else from being done; the first such error is raised in the end:
    redis-py's, StartupError, those of settings that are damaged or gone, and whatever else damage
    in the store brings about. Where Redis does not answer, nothing else is tried.
    """
    connection = workshop.connection
    connection.set(keys.BEAT, now_ms(connection))
    steps: list[Callable[[], object]] = [partial(_tend, workshop)]
    if (leader or Leader(connection)).lead():
        steps += _led(workshop)
    steps.append(partial(_let_go, workshop))
    failed = [error for step in steps if (error := _tried(step)) is not None]
    if failed:
        raise failed[0]


def _tried(step: Callable[[], object]) -> Exception | None:
    """Do a step; return why it failed. Raises the errors of a Redis that does not answer."""
    try:
        step()
    except (redis.ConnectionError, redis.TimeoutError):
        raise
    except Exception as error:  # noqa: BLE001 - one damaged key must not stop all that the clock does
        return error
    return None


def _tend(workshop: Workshop) -> None:
    if step := tend(workshop):
        log.warning("the wall clock stepped back", milliseconds=step)


def _led(workshop: Workshop) -> tuple[Callable[[], object], ...]:
    """List what one clock is enough for."""
    connection, alerts, limits = workshop.connection, workshop.alerts, workshop.limits
    plan = jobs(workshop.file.intervals)
    return (
        partial(watch_damage, connection, alerts),
        partial(watch_daily, limits, alerts),
        partial(watch_pauses, connection, limits, alerts),
        partial(watch_failures, connection, alerts),
        partial(watch_waiting, connection, limits, alerts),
        partial(loosen, connection, plan),
        partial(call_due, connection, plan),
        partial(watch_standstill, connection, alerts),
        partial(watch_untold, workshop),
        partial(_welcome, connection),
        partial(_announce, connection),
        partial(watch_operations, connection),
        partial(tend_previews, connection),
    )


def _welcome(connection: redis.Redis) -> None:
    """Call for the next step of a first start that is not over."""
    over = Welcomes(connection).is_over()
    if not over and Scripts(connection).run("turn", WELCOME, WELCOME_EVERY * 1000):
        enqueue(connection, BACKGROUND, WELCOME)


def _announce(connection: redis.Redis) -> None:
    """Call for the announcement of revisions that were not announced, unless somebody is at it."""
    head, announced = connection.mget(keys.SETTINGS_HEAD, keys.ANNOUNCED)
    if head != announced and not connection.exists(keys.ANNOUNCING):
        enqueue(connection, BACKGROUND, ANNOUNCE)


def _let_go(workshop: Workshop) -> None:
    """Make due what waited for `enabled`, once that is so."""
    parked = workshop.connection.exists(keys.parked("disabled"))
    if parked and workshop.revisions.current().settings.enabled:
        workshop.due.resume("disabled")
        workshop.nudge()


def main(environment: Environment, file: SettingsFile) -> int:
    """Process `clock`: beat until SIGTERM."""
    workshop = open_workshop(environment, file)
    leader = Leader(workshop.connection)
    stop = threading.Event()

    def _stop(_: int, __: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    beat(workshop, stop, leader)
    with suppress(RedisError):
        leader.resign()
    return 0


def beat(workshop: Workshop, stop: threading.Event, leader: Leader | None = None) -> None:
    """Tick every `SWEEP_EVERY` seconds until told to stop, whatever is wrong meanwhile."""
    settings, damage = Remark("settings"), Remark("clock")
    while not stop.is_set():
        try:
            tick(workshop, leader)
        except (StartupError, DamagedSettingsError, NoSettingsError) as error:
            settings.say(str(error))
        except (redis.ConnectionError, redis.TimeoutError) as error:
            log.warning("no beat", because=type(error).__name__)
        except Exception as error:  # noqa: BLE001 - the error room: the next beat may be whole
            damage.say(f"a beat was not whole ({type(error).__name__}: {error})")
        else:
            settings.say("")
            damage.say("")
        stop.wait(SWEEP_EVERY)
