"""Bolt's side of the bot: each request of Slack is parsed, acknowledged and handed to its route."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any, Final

import structlog
from slack_bolt import Ack, App
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse

from bot.asking import acts
from bot.asking.desk import Desk
from bot.asking.routes import Routes
from bot.asking.turns import BusyError, Turns
from bot.asking.unknown import UNKNOWN_ACTION, UNKNOWN_CHOICES, UNKNOWN_FORM
from bot.blocks import VALUE
from bot.commands import run_command
from bot.serving import options, reply, serve, visit

EVERYTHING: Final = re.compile(".*", re.DOTALL)
OAUTH: Final = ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")
"""With these in the environment Bolt would begin OAuth by itself, and leave our token aside."""
LISTENERS: Final = 32
"""Threads that acknowledge: more than admins who click in the same second."""
ACTING: Final = 32
"""Threads that carry out what is acknowledged: a Slack that is slow to take it delays no other."""
MOST_ACTS: Final = 500
"""Acts that are acknowledged and not carried out yet: each holds its payload in memory."""

_log = structlog.get_logger(__name__)


def build_app(
    desk: Desk, routes: Routes, listeners: Executor | None = None, acting: Executor | None = None
) -> App:
    """Build Bolt's app; nothing is asked of Slack, so one that is down does not stop a start.

    `listeners` are the threads that acknowledge, `acting` those that acts are carried out in.
    """
    for name in OAUTH:
        os.environ.pop(name, None)
    secret = desk.environment.slack.signing_secret
    token = desk.environment.slack.bot_token.get_secret_value()

    def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        # One workspace, one token: nobody has to be asked. Whose an act is, we judge ourselves.
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=token)

    app = App(
        name="aircall-hubspot",
        client=desk.slack.client,
        # Bolt would take the environment's; in Socket Mode there is nothing to be signed.
        signing_secret=secret.get_secret_value() if secret else "Socket Mode",
        authorize=authorize,
        token_verification_enabled=False,
        raise_error_for_unhandled_request=True,
        listener_executor=listeners or ThreadPoolExecutor(LISTENERS, "listener"),
        logger=logging.getLogger("slack_bolt"),
    )
    _listen(app, desk, routes, _beside(acting or ThreadPoolExecutor(ACTING, "acting")))
    return app


def _beside(acting: Executor) -> Callable[[Callable[[], None]], None]:
    """Return what carries acts out beside those who acknowledge, so many at a time."""
    turns = Turns(each=MOST_ACTS, together=MOST_ACTS)

    def turn(work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - nobody else looks at what becomes of it
            _log.error("unexpected", exc_info=error)
        finally:
            turns.give_back("")

    def carry_out(work: Callable[[], None]) -> None:
        try:
            turns.take("")
        except BusyError:
            # Slack takes no answers, or not as fast as people ask: who waited would be told late.
            _log.warning("left undone", because="too many acts wait to be carried out")
        else:
            acting.submit(turn, work)

    return carry_out


def _listen(
    app: App, desk: Desk, routes: Routes, carry_out: Callable[[Callable[[], None]], None]
) -> None:
    def on_command(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        act = acts.command(body)
        carry_out(lambda: serve(desk, act, "all", lambda asked: run_command(asked, routes)))

    def on_action(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        act = acts.action(body)
        name = f"{VALUE}:{act.path}" if act.action == VALUE else act.action.partition("#")[0]
        action = routes.actions.get(name, UNKNOWN_ACTION)
        carry_out(lambda: serve(desk, act, action.right, action.run))

    def on_submission(ack: Ack, body: dict[str, Any]) -> None:
        act = acts.submission(body)
        form = routes.forms.get(act.view.callback if act.view else "", UNKNOWN_FORM)
        ack(**reply(desk, act, form))

    def on_options(ack: Ack, body: dict[str, Any]) -> None:
        act = acts.options(body)
        ack(options=options(desk, act, routes.choices_of(act.path) or UNKNOWN_CHOICES))

    def on_home(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        act = acts.home(body)
        if act.value == "home":
            carry_out(lambda: visit(desk, act))

    # Whatever Slack sends is answered: it comes to us only if the app was set up so.
    app.command(EVERYTHING)(on_command)
    app.action(EVERYTHING)(on_action)
    app.view(EVERYTHING)(on_submission)
    app.options(EVERYTHING)(on_options)
    app.event("app_home_opened")(on_home)
    app.error(_last)


def _last(error: Exception) -> BoltResponse:
    """Take in what nobody asked for, and note what even our own rooms did not answer."""
    if isinstance(error, BoltUnhandledRequestError):
        kind = error.body.get("type") if isinstance(error.body, dict) else ""
        _log.info("nobody asked for this, or it was not acknowledged in time", kind=kind)
    else:
        _log.error("unexpected", exc_info=error)
    return BoltResponse(status=200)
