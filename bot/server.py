"""Process `bot`: Slack speaks to us over Socket Mode, or over HTTP with signed requests."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Final

import structlog

from bot.app import build_app
from bot.asking.desk import build_desk
from bot.table import build_routes
from bot.transport.presence import Presence, watch
from bot.transport.sockets import converse
from bot.transport.standby import watch as stand_by
from bot.transport.web import EVENTS, http_server
from settings.environment import Environment
from settings.file import SettingsFile
from worker.intake.server import listen
from worker.workshop import build_workshop

GRACE: Final = 3.0
"""Seconds that what was begun has to end when we are told to stop; then we go all the same."""

_log = structlog.get_logger(__name__)


def main(environment: Environment, file: SettingsFile) -> int:
    """Serve until SIGTERM; ends with 0."""
    # What they say below that is ours to say, or no news.
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)
    logging.getLogger("slack_sdk").setLevel(logging.ERROR)
    stop = threading.Event()
    desk = build_desk(environment, build_workshop(environment, file))
    app = build_app(desk, build_routes(file))
    presence = Presence(desk.shop.alerts)
    threading.Thread(target=watch, args=(desk, presence, stop), daemon=True).start()
    threading.Thread(target=stand_by, args=(desk, stop), daemon=True).start()
    if environment.slack.app_token is not None:
        _on_stop(lambda: _leave(stop))
        app_token = environment.slack.app_token.get_secret_value()
        converse(app, app_token, desk, presence, stop)
        return 0
    network = environment.network
    server = http_server(app, desk)
    listener = listen(network.host, network.bot_port, "The bot", "BOT_PORT")
    _log.info("listening to slack", at=f"{network.host}:{network.bot_port}{EVENTS}")
    # uvicorn takes the signal itself, then raises it once more: only then it is ours.
    _on_stop(lambda: _leave(stop))
    server.run([listener])
    return 0


def _leave(stop: threading.Event) -> None:
    """Stop; whatever hangs on a vendor's answer then does not keep us."""
    stop.set()
    last = threading.Timer(GRACE, os._exit, (0,))
    last.daemon = True
    last.start()


def _on_stop(leave: Callable[[], None]) -> None:
    def on_signal(_: int, __: FrameType | None) -> None:
        leave()

    for wish in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wish, on_signal)
