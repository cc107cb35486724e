"""The door's answers: 200 when the event is on disk, and one plain reason for everything else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import redis.asyncio
import structlog
from redis.exceptions import RedisError
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from rules.events import interaction_id, is_ending
from store import keys
from store.due import door_args
from store.settings import DamagedSettingsError, NoSettingsError
from store.unreadable import put_aside
from worker.intake.body import LARGEST, BadBodyError, Delivery, read
from worker.intake.keeper import Keeper
from worker.intake.ledger import LONGEST, Ledger
from worker.intake.metrics import Metrics
from worker.intake.names import label, use_of
from worker.intake.tokens import PATH, Tokens

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Door:
    """What the door needs: the store, the tokens, its keeper, and somebody to call a drain."""

    connection: redis.asyncio.Redis
    ledger: Ledger
    tokens: Tokens
    keeper: Keeper
    metrics: Metrics
    settings: Callable[[], object]
    nudge: Callable[[], object]
    exposition: Callable[[], bytes]
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def webhook(self, request: Request) -> Response:
        """`POST /aircall/webhook`: 200 on disk, 400, 401, 413 or 503."""
        try:
            body = await _body(request)
        except ClientDisconnect:
            return self._answer(400, "the request ended early")
        if body is None:
            return self._answer(413, "an event is at most 1 MiB")
        try:
            delivery = read(body)
        except BadBodyError as error:
            return self._answer(400, str(error))
        refusal = await self._stranger(delivery.token)
        if refusal is not None:
            return refusal
        if self.keeper.closed:
            return self._answer(503, self.keeper.closed)
        try:
            await self._keep(delivery)
        except (RedisError, OSError, TimeoutError) as error:
            return self._answer(503, f"the event could not be kept: {type(error).__name__}")
        return self._answer(200, "")

    async def _stranger(self, token: str | None) -> Response | None:
        """Refuse whoever does not know the token; one that changed is read again first."""
        if token is not None:
            if self.tokens.match(token):
                return None
            await self.tokens.reread()
            if self.tokens.match(token):
                return None
            if not self.tokens.known:
                return self._answer(503, "no webhook token could be read from Aircall yet")
        return self._answer(401, "the token is not that of our webhook")

    async def _keep(self, delivery: Delivery) -> None:
        name = delivery.event.get("event")
        name = name if isinstance(name, str) else ""
        use, key = use_of(name), interaction_id(delivery.event)
        if use == "nothing":
            self.metrics.event(label(name), "of no use")
            return
        if use == "unknown" or key is None:
            reason = "unknown event" if use == "unknown" else "malformed"
            await self._put_aside(delivery, reason)
            self.metrics.event(label(name), reason)
            return
        if await self.ledger.keep(door_args(key, delivery.json, "webhook", is_ending(name))):
            self._call()
        self.metrics.event(label(name), "accepted")

    async def _put_aside(self, delivery: Delivery, reason: str) -> None:
        """Keep what is authentic and not understood, or its start, where a person can read it."""
        pipeline = self.connection.pipeline(transaction=True)
        put_aside(pipeline, reason, delivery.json)
        async with asyncio.timeout(LONGEST):
            await pipeline.execute()

    def _call(self) -> None:
        """Call a drain beside the answer: the event is safe, and a sweep makes up a lost call."""
        task = asyncio.create_task(self._nudge())
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _nudge(self) -> None:
        try:
            await asyncio.to_thread(self.nudge)
        except RedisError as error:
            log.warning("drain not called", because=type(error).__name__)

    def _answer(self, status: int, sentence: str) -> Response:
        self.metrics.answer(status)
        return PlainTextResponse(sentence, status)

    async def healthz(self, _: Request) -> Response:
        """`GET /healthz`: this process is alive."""
        return PlainTextResponse("alive")

    async def readyz(self, _: Request) -> Response:
        """`GET /readyz`: an event could be kept and judged now; vendors do not count."""
        try:
            async with asyncio.timeout(LONGEST):
                await asyncio.to_thread(self.settings)
                await self.connection.set(keys.READY, "1", px=1000)
                closed = await self.keeper.look()
        except NoSettingsError:
            return PlainTextResponse("the settings are not loaded yet", 503)
        except DamagedSettingsError as error:
            return PlainTextResponse(f"the settings cannot be read: {error}", 503)
        except (RedisError, OSError, TimeoutError) as error:
            return PlainTextResponse(f"Redis does not take writes: {type(error).__name__}", 503)
        return PlainTextResponse(closed or "ready", 503 if closed else 200)

    async def show_metrics(self, _: Request) -> Response:
        """`GET /metrics`: for Prometheus."""
        try:
            text = await asyncio.to_thread(self.exposition)
        except RedisError as error:
            return PlainTextResponse(f"Redis does not answer: {type(error).__name__}", 503)
        return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")


def application(door: Door, lifespan: Callable[[Any], Any] | None = None) -> Starlette:
    """Build the ASGI application around a door."""
    routes: list[tuple[str, str, Callable[[Request], Awaitable[Response]]]] = [
        ("POST", PATH, door.webhook),
        ("GET", "/healthz", door.healthz),
        ("GET", "/readyz", door.readyz),
        ("GET", "/metrics", door.show_metrics),
    ]
    made = Starlette(
        routes=[Route(path, call, methods=[method]) for method, path, call in routes],
        lifespan=lifespan,
    )
    made.router.redirect_slashes = False
    return made


async def _body(request: Request) -> bytes | None:
    """Read a body of at most `LARGEST` bytes; None if it is larger. Raises ClientDisconnect."""
    # The parser beneath has made sure that it is a number, if it is there.
    if int(request.headers.get("content-length", 0)) > LARGEST:
        return None
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > LARGEST:
            return None
        parts.append(part)
    return b"".join(parts)
