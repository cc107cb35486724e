"""A team in Slack that works with the product: they type, click and fill in; a test reads along.

    def test_an_admin_sees_the_status(team):
        team.command(ADMIN, "status")
        assert "Enabled" in team.shown(ADMIN)

Everything is real but the vendors: Bolt over one Socket Mode connection to the sandbox's Slack,
the sandbox's HubSpot and Aircall, and Redis. Each act returns when the bot has done all it does
(acknowledged, answered, and its slow work ended); background jobs run when the test says
`team.background()`.

Who there is (`tests.bot.team` re-exports the sandbox's ids): ADMIN and OWNER of the workspace,
MEMBER, OTHER_MEMBER, GERMAN (reads German), GUEST, SINGLE_GUEST, ROBOT, STRANGER (of another
workspace), GONE (deactivated). Channels: CALLS (announcements go there), LEADS, SHARED, OLD
(archived), RANDOM (the bot is not in it). `[slack]` of settings.toml is set by a mark:
`@pytest.mark.slack(admins=[MEMBER], workspace_admins=False, channel="")`.

- `command, click, choose, type, submit, close, search, open_home` act. `click(user, "Enable")`
  names a button by its text or action id, `value=` tells equal ones apart or picks from an
  overflow menu; it looks into the open modal, else into the newest message that has it, else into
  the Home tab, unless `where` is "modal", "home" or a message.
- `shown(user)` is what they have in front of them: the open modal, else the last message that was
  for them alone. `home(user)`, `channel(id)` (last message), `messages(id)`, `direct(user)`.
- `set(path__with=value)`, `product` (deliver, drain, hubspot ...), `desk`, `redis`, `slack` (the
  sandbox's world: faults, roles, `slack.go_down()`).
- `slack.listen_with(team.http)`: from here on in HTTP mode, with signed requests, in process.
- `forget_people()` after roles changed: the minute that an answer counts is over.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import redis
from slack_bolt import App, BoltRequest

from bot.app import build_app
from bot.asking.desk import Desk, build_desk
from bot.asking.routes import Routes
from bot.table import build_routes
from sandbox.server import Sandbox
from sandbox.slack.delivery.acted import Acted
from sandbox.slack.messages import Message
from sandbox.slack.seeing import Where
from sandbox.slack.workspace import (
    ADMIN,
    APP_TOKEN,
    BOT_TOKEN,
    BOT_USER,
    CALLS,
    GERMAN,
    GONE,
    GUEST,
    LEADS,
    MEMBER,
    OLD,
    OTHER_MEMBER,
    OWNER,
    RANDOM,
    ROBOT,
    SHARED,
    SIGNING_SECRET,
    SINGLE_GUEST,
    STRANGER,
)
from settings.environment import Environment, load_environment
from settings.file import SettingsFile
from store import keys
from tests.worker.product import Product
from worker.nudge import BACKGROUND, queue

__all__ = [
    "ADMIN",
    "APP_TOKEN",
    "BOT_TOKEN",
    "BOT_USER",
    "CALLS",
    "GERMAN",
    "GONE",
    "GUEST",
    "LEADS",
    "MEMBER",
    "OLD",
    "OTHER_MEMBER",
    "OWNER",
    "RANDOM",
    "ROBOT",
    "SHARED",
    "SIGNING_SECRET",
    "SINGLE_GUEST",
    "STRANGER",
    "Team",
    "file_with",
]

PATIENCE = 15.0
"""Seconds until a test that waits for the bot gives up."""


def file_with(**slack: Any) -> SettingsFile:
    """Make a settings file without limits, whose `[slack]` has these values."""
    limits = {"hubspot_burst": 100_000, "hubspot_search": 100_000, "aircall": 100_000}
    return SettingsFile.model_validate({"limits": limits, "slack": {"channel": CALLS, **slack}})


class Busy(Executor):
    """Threads that can be waited for: `idle` says when all that was begun has ended."""

    def __init__(self, threads: int) -> None:
        self._threads = ThreadPoolExecutor(threads)
        self._changed = threading.Condition()
        self._running = 0

    def submit(self, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        with self._changed:
            self._running += 1
        future = self._threads.submit(work, *args, **kwargs)
        future.add_done_callback(self._ended)
        return future

    def _ended(self, _: Future[Any]) -> None:
        with self._changed:
            self._running -= 1
            self._changed.notify_all()

    def is_idle(self) -> bool:
        with self._changed:
            return self._running == 0

    def wait(self) -> None:
        with self._changed:
            if not self._changed.wait_for(lambda: self._running == 0, PATIENCE):
                raise TimeoutError(f"{self._running} acts have not ended after {PATIENCE} s")

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002
        self._threads.shutdown(wait, cancel_futures=cancel_futures)


class Team:
    """The people of the sandbox's Slack, before one bot process."""

    def __init__(
        self, url: str, data_dir: Path, sandbox: Sandbox, file: SettingsFile | None = None
    ) -> None:
        self.file = file or file_with()
        self.product = Product(url, data_dir, sandbox, self.file)
        self.slack = sandbox.slack.world
        self.variables = {
            **self.product.variables,
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_BASE_URL": f"{sandbox.slack.url}/api/",
        }
        # A machine that is busy with other tests is no reason to fail: how fast it is, is measured.
        self.slack.switches.ack_limit = self.slack.switches.trigger_life = PATIENCE
        self.environment: Environment = load_environment(self.variables, dotenv="")
        self.listeners, self.acting, self.slow = Busy(16), Busy(16), Busy(8)
        desk = build_desk(self.environment, self.product.shop)
        self.desk: Desk = replace(desk, slow=self.slow)
        self.routes: Routes = build_routes(self.file)
        self.app: App = build_app(self.desk, self.routes, self.listeners, self.acting)

    @property
    def redis(self) -> redis.Redis:
        return self.product.redis

    def end(self) -> None:
        self.listeners.shutdown()
        self.acting.shutdown()
        self.slow.shutdown()

    # what people do

    def command(self, user: str, text: str = "", channel: str | None = None) -> Acted:
        return self._done(self.slack.command(user, text, channel))

    def click(
        self,
        user: str,
        what: str,
        value: str | None = None,
        *,
        where: Where | None = None,
        confirm: bool = True,
    ) -> Acted:
        place = self._place(user, what, value) if where is None else where
        return self._done(self.slack.click(user, place, what, value, confirm=confirm))

    def choose(self, user: str, what: str, choice: Any, where: Where = "modal") -> Acted:
        return self._done(self.slack.choose(user, what, choice, where))

    def type(self, user: str, what: str, text: str, where: Where = "modal") -> Acted:
        return self._done(self.slack.type(user, what, text, where))

    def search(self, user: str, what: str, typed: str = "") -> list[str]:
        """Type into a long list; the texts of what is offered."""
        acted = self._done(self.slack.options(user, what, typed))
        return [option["text"]["text"] for option in acted.options]

    def submit(self, user: str) -> Acted:
        """Press the submit button; `.errors` are the sentences under the fields."""
        return self._done(self.slack.submit(user))

    def close(self, user: str) -> None:
        """Close every modal."""
        self.slack.close_modal(user, everything=True)
        self.settle()

    def open_home(self, user: str) -> Acted:
        return self._done(self.slack.open_home(user))

    def again(self, acted: Acted) -> Acted:
        """Let Slack deliver the very same once more."""
        return self._done(self.slack.again(acted))

    # what they see

    def shown(self, user: str) -> str:
        """The open modal, else the last message for this person alone; "" if there is neither."""
        thing = self.slack.modal(user) or self.last_private(user)
        return self.slack.shown(thing, user) if thing else ""

    def last_private(self, user: str) -> Message | None:
        messages = [*self.slack.ephemerals(user), *self.slack.direct_messages(user)]
        return max(messages, key=lambda each: float(each.ts), default=None)

    def home(self, user: str) -> str:
        view = self.slack.home(user)
        return self.slack.shown(view, user) if view else ""

    def messages(self, channel: str = CALLS, reader: str = OWNER) -> list[str]:
        """What everybody in a channel reads, oldest first."""
        return [self.slack.shown(each, reader) for each in self.slack.messages(channel)]

    def channel(self, channel: str = CALLS, reader: str = OWNER) -> str:
        """The last message of a channel; "" if there is none."""
        return (self.messages(channel, reader) or [""])[-1]

    def direct(self, user: str) -> list[str]:
        """What the bot wrote to a person directly, oldest first."""
        return [self.slack.shown(each, user) for each in self.slack.direct_messages(user)]

    # what else happens

    def settle(self) -> None:
        """Wait until the bot has done all that it began."""
        while True:
            for threads in (self.listeners, self.acting, self.slow):
                threads.wait()
            if self.listeners.is_idle() and self.acting.is_idle() and self.slow.is_idle():
                return

    def background(self) -> list[str]:
        """Run what waits on the `background` queue until it is empty; the names of the jobs."""
        jobs, ran = queue(self.redis, BACKGROUND), []
        while ids := jobs.job_ids:
            job = jobs.fetch_job(ids[0])
            jobs.remove(ids[0])
            if job is not None:
                job.func(*job.args, **job.kwargs)
                ran.append(job.func_name)
                job.delete()
            assert len(ran) < 1000, f"jobs without end: {ran[-3:]}"
        self.settle()
        return ran

    def set(self, **settings: object) -> None:
        """Save settings as the next revision, by somebody else; nobody announces it yet."""
        self.product.set(**settings)

    def forget_people(self) -> None:
        """Let the minute pass for which Slack's word on a person counts."""
        for key in self.redis.keys(keys.person("*")):
            self.redis.delete(key)

    def http(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """Take a signed request in HTTP mode, in process: `team.slack.listen_with(team.http)`."""
        asked = BoltRequest(body=body.decode(), headers={k: [v] for k, v in headers.items()})
        answered = self.app.dispatch(asked)
        return answered.status, (answered.body or "").encode()

    def _done(self, acted: Acted) -> Acted:
        self.settle()
        assert not acted.trouble, f"Slack shows the person: {acted.trouble}"
        return acted

    def _place(self, user: str, what: str, value: str | None) -> Where:
        if self.slack.modal(user):
            return "modal"
        for message in reversed(self.slack.seen_by(user)):
            if _has(message.blocks, what, value):
                return message
        return "home"


def _has(blocks: list[Any], what: str, value: str | None) -> bool:
    from sandbox.slack.inputs import find  # noqa: PLC0415 - only a test's own way to look

    try:
        find(blocks, what, value)
    except LookupError as error:
        return "say which" in str(error)
    return True
