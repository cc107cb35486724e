"""The jobs that RQ runs, and the processes that run them."""

from __future__ import annotations

import faulthandler
from functools import cache
from typing import Final

from rq import SimpleWorker
from rq.serializers import JSONSerializer

from settings.environment import Environment, load_environment
from settings.file import SettingsFile, load_file
from worker.drain import Drain
from worker.nudge import BACKGROUND, DRAIN, queue
from worker.workshop import Workshop, open_workshop

HANG: Final = 150
"""Seconds after which a job that RQ could not end dies, and its process with it."""


@cache
def workshop() -> Workshop:
    """The workshop of this process: one per process, so that connections and caches stay warm."""
    environment = load_environment()
    return open_workshop(environment, load_file(environment.places.settings_file))


def drain() -> None:
    """RQ job: drain the due set, and call a successor if there is more."""
    faulthandler.dump_traceback_later(HANG, exit=True)
    try:
        if Drain(workshop()).run():
            workshop().nudge()
    finally:
        faulthandler.cancel_dump_traceback_later()


def work_drain(environment: Environment, file: SettingsFile) -> int:
    """Process `worker`: run drains until SIGTERM."""
    return _work(DRAIN, environment, file)


def work_background(environment: Environment, file: SettingsFile) -> int:
    """Process `sync`: run background jobs until SIGTERM."""
    return _work(BACKGROUND, environment, file)


def _work(name: str, environment: Environment, file: SettingsFile) -> int:
    """Work on one queue only: a worker on several can lose a job between pop and registration."""
    connection = open_workshop(environment, file).connection
    worker = SimpleWorker(
        [queue(connection, name)], connection=connection, serializer=JSONSerializer
    )
    worker.work(logging_level="WARNING")
    return 0
