"""Build the door and serve it until told to stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any, Final

import redis.asyncio
import uvicorn
from prometheus_client import CollectorRegistry
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from settings.environment import Environment
from settings.file import SettingsFile
from store.connection import TIMEOUT
from worker.intake.app import Door, application
from worker.intake.keeper import Keeper
from worker.intake.metrics import Metrics, StoreCollector, exposition
from worker.intake.punctual import PunctualProtocol
from worker.intake.tokens import Tokens
from worker.nudge import nudge, sweep
from worker.workshop import Workshop, open_workshop

SWEEP_EVERY: Final = 5.0
CONNECTIONS: Final = 50


def main(environment: Environment, file: SettingsFile) -> int:
    """Serve the door; returns 0 after SIGTERM."""
    workshop = open_workshop(environment, file)
    door = build(environment, workshop)
    config = uvicorn.Config(
        application(door, partial(_lifespan, door, workshop)),
        host=environment.network.host,
        port=environment.network.intake_port,
        http=PunctualProtocol,
        loop="uvloop",
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=5,
        backlog=2048,
    )
    uvicorn.Server(config).run()
    return 0


def build(environment: Environment, workshop: Workshop) -> Door:
    """Put a door together, without network activity."""
    registry = CollectorRegistry()
    registry.register(StoreCollector(workshop.connection))
    token = environment.aircall.webhook_token
    connection = asynchronous(workshop.url)
    return Door(
        connection=connection,
        tokens=Tokens(
            token.get_secret_value() if token else None,
            environment.network.public_url,
            workshop.aircall.webhooks,
        ),
        keeper=Keeper(connection, None if environment.redis.url else environment.places.data_dir),
        metrics=Metrics(registry),
        nudge=partial(nudge, workshop.connection),
        exposition=partial(exposition, registry),
    )


def asynchronous(url: str) -> redis.asyncio.Redis:
    """Make an asynchronous client with short timeouts, which repeats nothing."""
    return redis.asyncio.Redis.from_url(
        url,
        socket_timeout=TIMEOUT,
        socket_connect_timeout=TIMEOUT,
        retry=Retry(NoBackoff(), 0),
        max_connections=CONNECTIONS,
        protocol=2,
    )


@asynccontextmanager
async def _lifespan(door: Door, workshop: Workshop, _: Any) -> AsyncIterator[None]:  # noqa: ANN401  Starlette hands itself in
    await door.keeper.look()
    reading = asyncio.create_task(asyncio.to_thread(door.tokens.reread))
    watch = asyncio.create_task(door.keeper.watch(partial(sweep, workshop.connection), SWEEP_EVERY))
    yield
    watch.cancel()
    with suppress(asyncio.CancelledError):
        await watch
    await asyncio.gather(reading, *door.tasks, return_exceptions=True)
    await door.connection.aclose()
