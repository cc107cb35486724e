"""HTTP mode: Slack's signed requests, taken in by a small server in front of Bolt."""

from __future__ import annotations

from typing import Final

import uvicorn
from redis.exceptions import RedisError
from slack_bolt import App, BoltRequest
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.asking.desk import Desk
from store.settings import DamagedSettingsError, NoSettingsError
from worker.intake.punctual import PunctualProtocol

EVENTS: Final = "/slack/events"
MOST_BYTES: Final = 1 << 20
GRACE: Final = 2
"""Seconds that open requests have to end when we are told to stop."""


def http_server(app: App, desk: Desk) -> uvicorn.Server:
    """Make the server, without network activity."""

    async def events(request: Request) -> Response:
        try:
            body = await _body(request)
        except ClientDisconnect:
            return PlainTextResponse("the request ended early", 400)
        if body is None:
            return PlainTextResponse("a request is at most 1 MiB", 413)
        try:
            asked = BoltRequest(
                body=body.decode("utf-8", "replace"),
                query=request.url.query,
                headers={name: [value] for name, value in request.headers.items()},
            )
        except Exception:  # noqa: BLE001 - Bolt reads a body before it looks who signed it
            return PlainTextResponse("the body is not one of Slack's", 400)
        # Bolt waits for its listener to acknowledge: in a thread, or all others would wait too.
        answered = await run_in_threadpool(app.dispatch, asked)
        headers = {name: values[0] for name, values in answered.headers.items() if values}
        return Response(answered.body, answered.status, headers)

    async def alive(_: Request) -> Response:
        return PlainTextResponse("ok")

    async def ready(_: Request) -> Response:
        why_not = await run_in_threadpool(_why_not_ready, desk)
        return PlainTextResponse(why_not or "ready", 503 if why_not else 200)

    web = Starlette(
        routes=[
            Route(EVENTS, events, methods=["POST"]),
            Route("/healthz", alive),
            Route("/readyz", ready),
        ],
    )
    config = uvicorn.Config(
        web, http=PunctualProtocol, log_config=None, access_log=False, server_header=False,
        ws="none", timeout_graceful_shutdown=GRACE,
    )  # fmt: skip
    return uvicorn.Server(config)


def _why_not_ready(desk: Desk) -> str:
    """Say what keeps us from answering: the store, or settings that cannot be read."""
    try:
        desk.shop.revisions.current()
    except RedisError as error:
        return f"Redis is away ({type(error).__name__})"
    except (NoSettingsError, DamagedSettingsError) as error:
        return str(error)
    return ""


async def _body(request: Request) -> bytes | None:
    """Read the body; None as soon as it is known to be too large."""
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > MOST_BYTES:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)
