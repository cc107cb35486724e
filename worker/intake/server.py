"""Build the door and serve it until told to stop."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from types import FrameType
from typing import Any, Final, NoReturn

import redis.asyncio
import structlog
import uvicorn
from prometheus_client import CollectorRegistry
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from settings.environment import Environment
from settings.errors import StartupError
from settings.file import SettingsFile
from store.alerts import Alerts
from store.connection import TIMEOUT
from store.first_start import seen_whole
from store.outages import Outages
from worker.intake.app import Door, application
from worker.intake.keeper import Keeper
from worker.intake.ledger import Ledger
from worker.intake.metrics import Metrics, StoreCollector, exposition
from worker.intake.punctual import PunctualProtocol
from worker.intake.tokens import PATH, Tokens
from worker.nudge import SWEEP_EVERY, nudge
from worker.repairing import call_repair
from worker.workshop import Workshop, begin, build_workshop, tend

CONNECTIONS: Final = 50
BACKLOG: Final = 2048
GRACE: Final = 2
"""Seconds that open requests have to end when we are told to stop."""
CLOSED_ALERT: Final = "door closed"

log = structlog.get_logger(__name__)


def main(environment: Environment, file: SettingsFile) -> int:
    """Serve the door; ends with 0 after SIGTERM."""
    for wish in (signal.SIGTERM, signal.SIGINT):
        # uvicorn stops on it and raises it once more, which by default would look like a crash.
        signal.signal(wish, _leave)
    listener = listen(environment.network.host, environment.network.intake_port)
    workshop = build_workshop(environment, file)
    with suppress(redis.RedisError):
        # Without Redis the door opens all the same and answers 503: Aircall will come again.
        begin(workshop)
    log.info("door open", at=f"{environment.network.door}{PATH}")
    server(environment, workshop).run([listener])
    return 0


def listen(
    host: str, port: int, who: str = "The door", variable: str = "INTAKE_PORT"
) -> socket.socket:
    """Take an address to serve at; raises StartupError with a sentence if that cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise StartupError(
            f"{who} cannot listen on {host} port {port} ({_reason(error)}). End the "
            f"program that does, or set HOST and {variable} to another address."
        ) from error


def _reason(error: OSError) -> str:
    """The system's words; Python adds the address, which stands before."""
    return (error.strerror or str(error)).partition(" (while ")[0]


def server(
    environment: Environment,
    workshop: Workshop,
    protocol: type[PunctualProtocol] = PunctualProtocol,
) -> uvicorn.Server:
    """Make the server of a new door, without network activity."""
    door = build(environment, workshop)
    config = uvicorn.Config(
        application(door, partial(_lifespan, door, workshop)),
        host=environment.network.host,
        port=environment.network.intake_port,
        http=protocol,
        loop="uvloop",
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
        backlog=BACKLOG,
    )
    return uvicorn.Server(config)


def build(environment: Environment, workshop: Workshop) -> Door:
    """Put a door together, without network activity."""
    registry = CollectorRegistry()
    registry.register(StoreCollector(workshop.connection))
    token = environment.aircall.webhook_token
    connection = asynchronous(workshop.url)
    return Door(
        connection=connection,
        ledger=Ledger(connection),
        tokens=Tokens(
            token.get_secret_value() if token else None,
            environment.network.public_url,
            workshop.aircall.webhooks,
        ),
        keeper=Keeper(connection, None if environment.redis.url else environment.places.data_dir),
        metrics=Metrics(registry),
        settings=workshop.revisions.current,
        nudge=partial(nudge, workshop.connection),
        exposition=partial(exposition, registry),
    )


def asynchronous(url: str) -> redis.asyncio.Redis:
    """Make an asynchronous client with short timeouts, which repeats nothing.

    Who finds all its connections in use waits for one: a disk that is slow for a moment is no
    reason to refuse.
    """
    pool = redis.asyncio.BlockingConnectionPool.from_url(
        url,
        max_connections=CONNECTIONS,
        timeout=TIMEOUT,
        socket_timeout=TIMEOUT,
        socket_connect_timeout=TIMEOUT,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
    )
    return redis.asyncio.Redis.from_pool(pool)


@asynccontextmanager
async def _lifespan(door: Door, workshop: Workshop, _: Any) -> AsyncIterator[None]:  # noqa: ANN401  Starlette hands itself in
    await door.keeper.look()
    reading = asyncio.create_task(door.tokens.read_first())
    sweep = Sweep(door.keeper, door.tokens, workshop)
    watch = asyncio.create_task(
        door.keeper.watch(sweep.once, SWEEP_EVERY, partial(_tell, workshop.alerts))
    )
    yield
    reading.cancel()
    watch.cancel()
    with suppress(asyncio.CancelledError):
        await watch
    await asyncio.gather(reading, *door.tasks, return_exceptions=True)
    await door.connection.aclose()


class Sweep:
    """What an open door does every few seconds beside its work."""

    def __init__(self, keeper: Keeper, tokens: Tokens, workshop: Workshop) -> None:
        self._keeper = keeper
        self._tokens = tokens
        self._workshop = workshop
        self._just_opened = True

    def once(self) -> None:
        """Look for idle work, and say that the door is open, if it is.

        Raises redis-py's errors, StartupError and DamagedSettingsError.
        """
        try:
            tend(self._workshop)
        finally:
            if not self._keeper.closed and not self._tokens.unread:
                self._open()

    def _open(self) -> None:
        connection = self._workshop.connection
        if Outages(connection).heard(just_opened=self._just_opened):
            call_repair(connection)
        self._just_opened = False
        seen_whole(self._workshop.data_dir)


def _tell(alerts: Alerts, full: str) -> None:
    if full:
        alerts.raise_(
            CLOSED_ALERT,
            f"No events are taken in: {full}. Make room; Aircall delivers again for some hours.",
        )
    else:
        alerts.resolve(CLOSED_ALERT)


def _leave(_: int, __: FrameType | None) -> NoReturn:
    raise SystemExit(0)
