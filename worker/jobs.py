"""The jobs that RQ runs, and the processes that run them."""

from __future__ import annotations

import faulthandler
from functools import cache
from typing import Final

from rq import SimpleWorker
from rq.serializers import JSONSerializer

from settings.environment import Environment, load_environment
from settings.file import SettingsFile, load_file
from store.connection import connect
from store.settings import DamagedSettingsError, NoSettingsError
from worker.drain import Drain
from worker.nudge import BACKGROUND, DRAIN, drop_damaged, queue
from worker.remark import Remark
from worker.workshop import Workshop, open_workshop

HANG: Final = 150
"""Seconds after which a job that RQ could not end dies, and its process with it."""


@cache
def workshop() -> Workshop:
    """The workshop of this process: one per process, so that connections and caches stay warm.

    RQ calls its jobs without it, so it is looked up here. Raises StartupError and redis-py's.
    """
    environment = load_environment()
    return open_workshop(environment, load_file(environment.places.settings_file))


@cache
def remark() -> Remark:
    """What this process last said of the settings: a sentence is said once, not with each job."""
    return Remark("settings")


def drain() -> None:
    """RQ job: drain the due set, and call a successor if there is more."""
    faulthandler.dump_traceback_later(HANG, exit=True)
    try:
        if Drain(workshop()).run():
            workshop().nudge()
        remark().say("")
    except (DamagedSettingsError, NoSettingsError) as error:
        # All waits as it is until a person has mended them: the sweep asks again.
        remark().say(str(error))
    finally:
        faulthandler.cancel_dump_traceback_later()


def work_drain(_: Environment, __: SettingsFile) -> int:
    """Process `worker`: run drains until SIGTERM."""
    return _work(DRAIN)


def work_background(_: Environment, __: SettingsFile) -> int:
    """Process `sync`: run background jobs until SIGTERM."""
    return _work(BACKGROUND)


def _work(name: str) -> int:
    """Work on one queue only: a worker on several can lose a job between pop and registration.

    The jobs' workshop is opened before the first of them; RQ has a connection of its own.
    """
    # RQ sets its pool's socket timeout to minutes, to wait for jobs. On the workshop's connection a
    # Redis that stops would hold a drain as long.
    connection = connect(workshop().url)
    drop_damaged(connection, name)
    worker = SimpleWorker(
        [queue(connection, name)], connection=connection, serializer=JSONSerializer
    )
    worker.work(logging_level="WARNING")
    return 0
