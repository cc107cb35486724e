"""Process `bot`: Slack speaks to us over Socket Mode, or over HTTP with signed requests."""

from __future__ import annotations

import logging
import signal
import threading
from types import FrameType
from typing import Final

import structlog
import uvicorn
from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.errors import SlackApiError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.app import build_app
from bot.desk import Desk, build_desk
from bot.table import build_routes
from settings.environment import Environment
from settings.file import SettingsFile
from worker.intake.server import listen
from worker.remark import Remark
from worker.workshop import build_workshop

EVENTS: Final = "/slack/events"
MOST_BYTES: Final = 1 << 20
TRY_AGAIN: Final = 10.0
"""Seconds until Slack is asked for a connection once more."""
GRACE: Final = 3

_log = structlog.get_logger(__name__)


def main(environment: Environment, file: SettingsFile) -> int:
    """Serve until SIGTERM; ends with 0."""
    logging.getLogger("slack_bolt").setLevel(logging.WARNING)
    logging.getLogger("slack_sdk").setLevel(logging.ERROR)
    desk = build_desk(environment, build_workshop(environment, file))
    app = build_app(desk, build_routes(file))
    if environment.slack.app_token is not None:
        stop = threading.Event()
        _on_stop(stop)
        converse(app, environment.slack.app_token.get_secret_value(), desk, stop)
        return 0
    listener = listen(environment.network.host, environment.network.bot_port, "The bot", "BOT_PORT")
    http_server(app).run([listener])
    return 0


def converse(app: App, app_token: str, desk: Desk, stop: threading.Event) -> None:
    """Hold a Socket Mode connection until told to stop; a Slack that is down is tried again."""
    handler = SocketModeHandler(app, app_token, web_client=desk.slack.client, proxy=None)
    remark = Remark("slack")
    while not stop.is_set():
        try:
            handler.connect()  # type: ignore[no-untyped-call]
        except SlackApiError as error:
            remark.say(f"Slack refuses our app token ({error.response.get('error')}).")
        except Exception as error:  # noqa: BLE001 - whatever the network raises, we try again
            remark.say(f"Slack does not answer ({type(error).__name__}).")
        else:
            remark.say("")
            # From here on the client reconnects by itself.
            stop.wait()
            break
        stop.wait(TRY_AGAIN)
    handler.close()  # type: ignore[no-untyped-call]


def http_server(app: App) -> uvicorn.Server:
    """Make the server of the HTTP mode, without network activity."""

    async def events(request: Request) -> Response:
        body = await request.body()
        if len(body) > MOST_BYTES:
            return PlainTextResponse("too large", 413)
        asked = BoltRequest(
            body=body.decode("utf-8", "replace"),
            query=request.url.query,
            headers={name: [value] for name, value in request.headers.items()},
        )
        # Bolt waits for its listener to acknowledge: in a thread, or all others would wait too.
        answered = await run_in_threadpool(app.dispatch, asked)
        headers = {name: values[0] for name, values in answered.headers.items() if values}
        return Response(answered.body, answered.status, headers)

    async def alive(_: Request) -> Response:
        return PlainTextResponse("ok")

    web = Starlette(
        routes=[Route(EVENTS, events, methods=["POST"]), Route("/healthz", alive)],
    )
    config = uvicorn.Config(
        web, log_config=None, access_log=False, server_header=False, ws="none",
        timeout_graceful_shutdown=GRACE,
    )  # fmt: skip
    return uvicorn.Server(config)


def _on_stop(stop: threading.Event) -> None:
    def leave(_: int, __: FrameType | None) -> None:
        stop.set()

    for wish in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wish, leave)
