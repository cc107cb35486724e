"""Section `chat`: how soon Slack is acknowledged while twenty admins work and HubSpot is slow."""

from __future__ import annotations

import contextlib
import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from random import Random

import requests

from bench.figures import Figure, at_most
from bench.stage import Stage
from sandbox.server import Server
from sandbox.slack.delivery.acted import Acted
from sandbox.slack.views import View
from sandbox.slack.workspace import CALLS, Person
from sandbox.slack.world import SlackWorld

SECTION = "chat"
ADMINS = 20
SECONDS = 40.0
SLOW = 5.0
"""Seconds until HubSpot's stand-in answers."""
THINKING = (0.1, 0.6)
"""Seconds between two acts of one person, at least and at most."""
TARGET_MS = 1000
Took = defaultdict[str, list[float]]


def measure() -> Iterable[Figure]:
    """Yield the figures of the section."""
    slack = SlackWorld()
    server = Server(slack)
    slack.stand_at(server.url)
    try:
        took = _work(slack, server.url)
    finally:
        server.close()
        slack.close()
    every = sorted(each for those in took.values() for each in those)
    assert len(every) > 10 * ADMINS, "nobody did anything"
    yield at_most(SECTION, "acknowledged, p99", _percentile(every, 0.99), TARGET_MS, "ms")
    yield Figure(SECTION, "  median", statistics.median(every), "ms")
    yield Figure(SECTION, "  slowest", every[-1], "ms")
    yield Figure(SECTION, "  commands, buttons and submissions", len(every))
    for name, those in sorted(took.items()):
        yield Figure(SECTION, f"  p99 of {name}", _percentile(sorted(those), 0.99), "ms")


def _percentile(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _work(slack: SlackWorld, url: str) -> Mapping[str, list[float]]:
    """Let everybody work against a real bot process; milliseconds by what was done."""
    people = [f"U0BENCH{n:02}" for n in range(ADMINS)]
    for user in people:
        slack.house.workspace.people[user] = Person(
            user, user.lower(), user, f"{user}@example.com", "Europe/Paris", "en-US",
            roles=frozenset({"is_admin"}),
        )  # fmt: skip
        slack.invite(CALLS, user)
    took: Took = defaultdict(list)
    with Stage() as stage:
        stage.environ["SLACK_BASE_URL"] = f"{url}/api/"  # a Slack whose people we are
        stage.workshop()
        slow = {"ready_delay": SLOW}
        requests.post(f"{stage.hubspot}/_sandbox/set", json=slow, timeout=10).raise_for_status()
        stage.run("bot")
        slack.wait_for_app(within=60)
        end = time.monotonic() + SECONDS
        with ThreadPoolExecutor(ADMINS) as threads:
            list(threads.map(lambda user: _Admin(slack, user, took).work(end), people))
    return took


class _Admin:
    """One admin at work: reads the status, renames the integration, moves tickets about."""

    lock = threading.Lock()

    def __init__(self, slack: SlackWorld, user: str, took: Took) -> None:
        self._slack = slack
        self._user = user
        self._took = took
        self._dice = Random(user)

    def work(self, end: float) -> None:
        while time.monotonic() < end:
            for task in (self._look, self._rename, self._look, self._tickets):
                if time.monotonic() < end:
                    task(end)

    def _look(self, _: float) -> None:
        self._do("the status", lambda: self._slack.command(self._user, "status", CALLS))
        shown = self._slack.until(lambda: self._slack.ephemerals(self._user), within=30.0)
        with contextlib.suppress(LookupError):  # an older card went away meanwhile
            self._do("a button", lambda: self._slack.click(self._user, shown[-1], "status.refresh"))

    def _rename(self, end: float) -> None:
        self._do("opening a form", lambda: self._slack.command(self._user, "general", CALLS))
        if self._filled("settings.general", end):
            name = f"Phones {self._dice.randrange(1000)}"
            self._slack.type(self._user, "Name", name)
            self._do("a submission", lambda: self._slack.submit(self._user))
        self._close()

    def _tickets(self, end: float) -> None:
        self._do("opening a form", lambda: self._slack.command(self._user, "tickets", CALLS))
        if self._filled("settings.tickets", end):
            with contextlib.suppress(LookupError):
                self._do(
                    "a live choice",
                    lambda: self._slack.choose(
                        self._user, "Ticket pipeline", self._dice.choice(["Support Pipeline"])
                    ),
                )
                self._do("a submission", lambda: self._slack.submit(self._user))
        self._close()

    def _filled(self, callback: str, end: float) -> bool:
        """Wait, as a person would, until the form is there."""
        deadline = min(end, time.monotonic() + 4 * SLOW)
        while time.monotonic() < deadline:
            view: View | None = self._slack.modal(self._user)
            if view is not None and view.shown().get("callback_id") == callback:
                return True
            time.sleep(0.05)
        return False

    def _close(self) -> None:
        self._slack.close_modal(self._user, everything=True)

    def _do(self, what: str, act: Callable[[], Acted]) -> None:
        acted = act()
        if acted.kind == "nothing":
            return
        assert not acted.trouble, f"{what}: Slack shows {acted.trouble}"
        with self.lock:
            self._took[what].append(acted.took * 1000)
        time.sleep(self._dice.uniform(*THINKING))
