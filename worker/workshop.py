"""Everything a worker process holds, built in one place and handed down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import redis

from clients.aircall import Aircall, aircall_http
from clients.hubspot import HubSpot
from clients.hubspot.connection import hubspot_http
from settings.environment import Environment
from settings.file import SettingsFile
from store import keys
from store.alerts import Alerts
from store.connection import connect, now_ms, redis_url
from store.directory import DirectoryStore
from store.due import Due
from store.first_start import EMPTIED, first_start, last_seen
from store.limits import Limits
from store.outages import Outages
from store.settings import Revision, Revisions
from worker.gate import LeaseGate
from worker.nudge import BACKGROUND, enqueue, nudge, sweep
from worker.repairing import go_on

EMPTIED_ALERT: Final = "store emptied"
TELL: Final = "bot.alerts.telling.tell"
"""A job of a room above ours: it says in Slack what changed of the alerts."""
PEOPLE: Final = frozenset({"admin", "cli"})
"""Authors of a revision who looked at the settings when they saved."""


class RequestCounts:
    """Requests to vendors by answer, counted here and added to the store's totals in one go."""

    def __init__(self, connection: redis.Redis) -> None:
        self._connection = connection
        self._counts: Counter[str] = Counter()

    def add(self, vendor: str, status: str) -> None:
        """Count one request."""
        self._counts[f"{vendor}|{status}"] += 1

    def flush(self) -> None:
        """Add what was counted to the store's totals; raises redis-py's errors."""
        if not self._counts:
            return
        pipeline = self._connection.pipeline(transaction=False)
        for field, count in self._counts.items():
            pipeline.hincrby(keys.REQUESTS, field, count)
        pipeline.execute()
        self._counts.clear()


@dataclass(frozen=True, slots=True)
class Workshop:
    """The store's rooms and the vendors' clients of one process."""

    url: str
    connection: redis.Redis
    data_dir: Path
    file: SettingsFile
    due: Due
    revisions: Revisions
    directory: DirectoryStore
    alerts: Alerts
    limits: Limits
    gate: LeaseGate
    hubspot: HubSpot
    aircall: Aircall
    counts: RequestCounts
    environment: Environment

    def nudge(self) -> None:
        """Ask for a drain."""
        nudge(self.connection)


def build_workshop(environment: Environment, file: SettingsFile) -> Workshop:
    """Build a workshop, without network activity."""
    url = redis_url(environment)
    connection = connect(url)
    limits = Limits(connection)
    gate = LeaseGate(limits, file.limits, partial(nudge, connection))
    counts = RequestCounts(connection)
    return Workshop(
        url=url,
        connection=connection,
        data_dir=environment.places.data_dir,
        file=file,
        due=Due(connection),
        revisions=Revisions(connection),
        directory=DirectoryStore(connection),
        alerts=Alerts(connection, partial(_tell_soon, connection)),
        limits=limits,
        gate=gate,
        hubspot=HubSpot(
            hubspot_http(
                environment.hubspot.base_url,
                environment.hubspot.access_token.get_secret_value(),
                gate,
                count=counts.add,
            )
        ),
        aircall=Aircall(
            aircall_http(
                environment.aircall.base_url,
                environment.aircall.api_id.get_secret_value(),
                environment.aircall.api_token.get_secret_value(),
                gate,
                count=counts.add,
            )
        ),
        counts=counts,
        environment=environment,
    )


def _tell_soon(connection: redis.Redis) -> None:
    """Have what is wrong said in Slack at once; a nudge that is lost, the clock repeats."""
    with suppress(redis.RedisError):
        enqueue(connection, BACKGROUND, TELL)


def open_workshop(environment: Environment, file: SettingsFile) -> Workshop:
    """Build a workshop and make sure the store holds settings; raises redis-py's errors."""
    workshop = build_workshop(environment, file)
    begin(workshop)
    return workshop


def tend(workshop: Workshop) -> int:
    """Do what must be done every few seconds by somebody: settings that are gone, idle work.

    Returns ms that the wall clock stepped back. Raises redis-py's errors, StartupError and
    DamagedSettingsError.
    """
    if not workshop.connection.exists(keys.SETTINGS_HEAD):
        begin(workshop)
    go_on(workshop.connection)
    step = sweep(workshop.connection)
    if EMPTIED_ALERT in workshop.alerts.names() and _looked_after(workshop.revisions.all()):
        workshop.alerts.resolve(EMPTIED_ALERT)
    return step


def begin(workshop: Workshop) -> None:
    """Make sure that the store holds settings.

    A store that lost them, even while we run, starts disabled, and says so. Raises redis-py's
    errors, StartupError and DamagedSettingsError.
    """
    seen = last_seen(workshop.data_dir)
    lost = not workshop.connection.exists(keys.SETTINGS_HEAD)
    start = first_start(workshop.connection, workshop.file, workshop.data_dir)
    if start.emptied:
        if lost and seen is not None:
            # Of what came in between, the store knows nothing: an admin is told of that span.
            Outages(workshop.connection).note("emptied", seen, now_ms(workshop.connection))
        workshop.alerts.raise_(
            EMPTIED_ALERT,
            "The store was found empty although it was set up before: the integration starts "
            "disabled. Check the settings, then enable it.",
        )


def _looked_after(revisions: Sequence[Revision]) -> bool:
    """Whether a person has saved settings since we began anew in an emptied store."""
    emptied = max((each.number for each in revisions if each.note == EMPTIED), default=0)
    return any(each.number > emptied and each.author.kind in PEOPLE for each in revisions)
