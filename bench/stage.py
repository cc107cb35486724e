"""A stage for one measurement: a store, the stand-ins and the product's processes, all its own.

Everything runs in a temporary folder and on loopback, and ends with the stage. The folder keeps a
`.env` of the person who measures out of sight: no bench may reach a real account.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import requests

from rules.events import interaction_id, is_ending
from run.parent import dies_with_parent
from run.redis_server import wait_until_ready
from sandbox.slack.workspace import APP_TOKEN, BOT_TOKEN
from settings.environment import Environment, load_environment
from settings.file import SettingsFile, load_file
from settings.log import configure_log
from store.connection import socket_url
from store.directory import PARTS
from worker.directory import refresh
from worker.drain import Drain
from worker.workshop import Workshop, open_workshop

REPOSITORY = Path(__file__).parent.parent
TOKEN = "sandbox-webhook-token"  # the stand-in's own, opens nothing real
PATIENCE = 120.0
POLL = 0.005
DOORS = 8
LAST_WORDS = 4_000
UNLIMITED = 1_000_000
SETTINGS = f"""
[limits]
hubspot_burst = {UNLIMITED}
hubspot_search = {UNLIMITED}
aircall = {UNLIMITED}
[defaults]
enabled = true
numbers = "all"
[defaults.tickets]
pipeline = "0"
[defaults.tickets.stages]
outbound_answered = "1"
outbound_unanswered = "1"
inbound_answered = "1"
inbound_missed = "1"
inbound_voicemail = "1"
outbound_message = "1"
inbound_message = "1"
"""
"""Tickets for all kinds, and no limits of ours: the stand-ins have none either."""


class Stage:
    """`with Stage() as stage:` gives a running store and stand-ins, set up for writing."""

    def __init__(self, *, embedded: bool = False, disk: str | None = None) -> None:
        """Prepare in a folder of `disk` or of the temporary directory.

        With `embedded` the product's supervisor starts the store by itself.
        """
        self.folder = Path(tempfile.mkdtemp(prefix="ah-bench-", dir=disk))
        self.data_dir = self.folder / "data"
        self.port = free_port()
        self._embedded = embedded
        self._processes: list[subprocess.Popen[bytes]] = []
        self._log = (self.folder / "processes.log").open("w+b")
        (self.folder / "settings.toml").write_text(SETTINGS, encoding="utf-8")
        shutil.copy(REPOSITORY / "Procfile", self.folder)

    def __enter__(self) -> Self:
        try:
            self._open()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if problem is not None:
            sys.stderr.write(self.told())
        self.close()

    def told(self) -> str:
        """Return the last of what the stage's processes wrote."""
        text = (self.folder / "processes.log").read_text(encoding="utf-8", errors="replace")
        return text[-LAST_WORDS:]

    def _open(self) -> None:
        self.hubspot, aircall, slack = self._stand_ins()
        self.environ = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(REPOSITORY),
            "DATA_DIR": str(self.data_dir),
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_BASE_URL": f"{slack}/api/",
            "AIRCALL_API_ID": "sandbox-id",
            "AIRCALL_API_TOKEN": "sandbox-token",
            "AIRCALL_WEBHOOK_TOKEN": TOKEN,
            "AIRCALL_BASE_URL": aircall,
            "HUBSPOT_ACCESS_TOKEN": "sandbox-hubspot-token",
            "HUBSPOT_BASE_URL": self.hubspot,
            "INTAKE_PORT": str(self.port),
            "SETTINGS_FILE": str(self.folder / "settings.toml"),
            "LOG_LEVEL": "warning",
        }
        configure_log(self.environment(), "bench")
        # The product keeps to what a vendor tells of its limits: let the stand-in tell of none.
        told = {"burst": UNLIMITED, "search": UNLIMITED, "daily": 10 * UNLIMITED}
        requests.post(f"{self.hubspot}/_sandbox/limits", json=told, timeout=10).raise_for_status()
        self.url = socket_url(self.data_dir)
        if not self._embedded:
            store = self._spawn(["-m", "run", "redis", str(self.data_dir)], self.environ)
            wait_until_ready(self.url, store)
            self.environ["REDIS_URL"] = self.url

    def _stand_ins(self) -> tuple[str, str, str]:
        sandbox = self._spawn(
            ["-m", "sandbox"], {**os.environ, "PYTHONPATH": str(REPOSITORY)}, subprocess.PIPE
        )
        assert sandbox.stdout is not None
        told = b"".join(sandbox.stdout.readline() for _ in range(3))
        hubspot, aircall, slack = re.findall(r"http://\S+", told.decode())
        return hubspot, aircall, slack

    def _spawn(
        self, words: list[str], environ: Mapping[str, str], stdout: int | IO[bytes] | None = None
    ) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, *words],
            cwd=self.folder,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=self._log if stdout is None else stdout,
            stderr=self._log,
            start_new_session=True,
            preexec_fn=dies_with_parent(),  # noqa: PLW1509 - it calls prctl only
        )
        self._processes.append(process)
        return process

    def close(self) -> None:
        """End what was started, in turn: last started, first ended."""
        for process in reversed(self._processes):
            process.terminate()
            try:
                process.wait(12)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if process.stdout is not None:
                process.stdout.close()
        self._log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def environment(self) -> Environment:
        """Return the product's environment on this stage."""
        return load_environment(self.environ, dotenv="")

    def file(self) -> SettingsFile:
        """Return the stage's settings file."""
        return load_file(self.folder / "settings.toml")

    def workshop(self) -> Workshop:
        """Build a worker's workshop in this process, with settings saved and directory read."""
        workshop = open_workshop(self.environment(), self.file())
        failed = refresh(workshop, PARTS)
        assert not failed, f"the directory could not be read: {failed}"
        return workshop

    def run(self, name: str = "") -> subprocess.Popen[bytes]:
        """Start one of the product's processes, or its supervisor."""
        return self._spawn(["-m", "run", *([name] if name else [])], self.environ)

    def bench(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a module of the bench in a process of its own; its output is to be read."""
        return self._spawn(["-m", f"bench.{module}", *arguments], self.environ, subprocess.PIPE)

    def stop(self, process: subprocess.Popen[bytes]) -> None:
        """End one process that this stage started."""
        process.terminate()
        process.wait(12)

    def seed(self, contacts: list[dict[str, str]]) -> None:
        """Give HubSpot contacts as a person would."""
        answer = requests.post(
            f"{self.hubspot}/_sandbox/seed", json={"contacts": contacts}, timeout=60
        )
        answer.raise_for_status()

    def asked(self) -> list[dict[str, Any]]:
        """Return the requests that HubSpot's stand-in has seen, oldest first."""
        answer = requests.get(f"{self.hubspot}/_sandbox/requests", timeout=60)
        answer.raise_for_status()
        log: list[dict[str, Any]] = answer.json()["requests"]
        return log

    def state(self) -> dict[str, Any]:
        """Return what HubSpot's stand-in holds."""
        answer = requests.get(f"{self.hubspot}/_sandbox/state", timeout=60)
        answer.raise_for_status()
        state: dict[str, Any] = answer.json()
        return state


def deliver(workshop: Workshop, events: Iterable[Mapping[str, Any]]) -> None:
    """Hand events in through the door's script, without HTTP; each interaction's in their order."""
    waiting: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for event in events:
        rest = {name: value for name, value in event.items() if name != "token"}
        waiting[interaction_id(rest) or ""].append(rest)

    def enter(id_: str) -> None:
        for event in waiting[id_]:
            workshop.due.enter(id_, json.dumps(event), ending=is_ending(event["event"]))

    # Side by side, because every event is on disk before its answer.
    with ThreadPoolExecutor(DOORS) as doors:
        list(doors.map(enter, waiting))


def drain(workshop: Workshop) -> None:
    """Drain in this process until nothing is due."""
    while Drain(workshop).run():
        pass


def until(reached: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Wait until `reached()`; SystemExit with a sentence after `seconds`."""
    deadline = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > deadline:
            raise SystemExit(f"bench: {what} was not reached within {seconds:.0f} s")
        time.sleep(POLL)


def answering(url: str) -> bool:
    """Whether a GET of `url` is answered 200 now."""
    with contextlib.suppress(requests.RequestException):
        return requests.get(url, timeout=2).status_code == 200
    return False


def free_port() -> int:
    """Return a port of loopback that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
