"""Socket Mode: a connection to Slack that is held, and made anew whenever it is lost."""

from __future__ import annotations

import logging
import threading
from typing import Final

import structlog
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.errors import SlackApiError

from bot.app import LISTENERS
from bot.asking.desk import Desk
from bot.transport.presence import Presence
from bot.words import N_
from clients.slack import seconds_to_wait

LOOK_EVERY: Final = 1.0
"""Seconds between two looks whether the connection stands."""
TRY_AGAIN: Final = 10.0
"""Seconds until Slack is asked for a connection once more."""
REFUSES: Final = N_("Slack refuses our app token ({code}); make doctor says how to mend that.")
IN_TROUBLE: Final = N_("Slack is in trouble ({code}); we try again.")
SILENT: Final = N_("Slack does not answer ({error}); we try again.")
BUSY: Final = N_("Slack asks us to wait before we connect again.")

_log = structlog.get_logger(__name__)


def converse(  # noqa: PLR0913, PLR0917 - what a connection is made of
    app: App,
    app_token: str,
    desk: Desk,
    presence: Presence,
    stop: threading.Event,
    try_again: float = TRY_AGAIN,
) -> None:
    """Hold a connection until told to stop; a Slack that is down or refuses is tried again."""
    # The SDK's own way to connect again sleeps where Slack asks it to wait, and keeps a ticket
    # that was used: so we do it ourselves. What it says of it is said by us, once.
    quiet = logging.getLogger("slack_bolt.sockets")
    quiet.setLevel(logging.CRITICAL)
    handler = SocketModeHandler(
        app,
        app_token,
        quiet,
        desk.slack.client,
        auto_reconnect_enabled=False,
        # Each waits for its act to be acknowledged, and a form's for its answer.
        concurrency=LISTENERS,
    )
    while not stop.is_set():
        wait = LOOK_EVERY
        if not handler.client.is_connected():
            problem, pause = _connect(handler, app_token, try_again)
            presence.note("connection", problem)
            wait = pause if problem else LOOK_EVERY
        stop.wait(wait)
    handler.disconnect()  # type: ignore[no-untyped-call]


def _connect(handler: SocketModeHandler, app_token: str, try_again: float) -> tuple[str, float]:
    """Connect anew; says what is wrong, and after how many seconds to try again."""
    client = handler.client
    try:
        client.wss_uri = client.web_client.apps_connections_open(app_token=app_token)["url"]
        client.connect()
    except SlackApiError as error:
        code = str(error.response.get("error") or error.response.status_code)
        if code == "ratelimited":
            return BUSY, seconds_to_wait(error.response.headers)
        if error.response.status_code >= 500:
            return IN_TROUBLE.format(code=code), try_again
        return REFUSES.format(code=code), try_again
    except Exception as error:  # noqa: BLE001 - whatever the network raises, we try again
        return SILENT.format(error=type(error).__name__), try_again
    if not client.is_connected():
        # The SDK keeps what went wrong in opening the socket to itself.
        return SILENT.format(error="no connection"), try_again
    _log.info("connected to slack")
    return "", LOOK_EVERY
