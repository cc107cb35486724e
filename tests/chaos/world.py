"""The product as real processes on a folder of its own, and the one who kills and restarts them."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import requests

from run.parent import SUPERVISED
from sandbox.server import Sandbox
from store.connection import socket_url
from tests.chaos.traffic import TOKEN

ROOT = Path(__file__).parents[2]
NAMES = ("redis", "intake", "worker", "worker-2", "sync", "clock")
"""Every process; what follows a dash tells one of several of a kind."""
RESTART_AFTER = 0.5
"""Seconds."""
REDIS_AWAY = 10.0
"""Seconds after Redis was killed in which others may fall over it."""


@dataclass
class Kept:
    """One process that is to run: whichever is running for it now, and how it ended so far."""

    name: str
    process: subprocess.Popen[bytes] | None = None
    died: list[str] = field(default_factory=list)
    ended_at: float = 0.0


class World:
    """Starts everything, keeps it running, and takes orders to kill and to stop."""

    def __init__(self, sandbox: Sandbox, settings: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="ah-chaos-"))
        self.data_dir = self.folder / "data"
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.redis_url = socket_url(self.data_dir)
        (self.folder / "settings.toml").write_text(settings)
        self._environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "SLACK_BOT_TOKEN": "xoxb-chaos",
            "SLACK_APP_TOKEN": "xapp-chaos",
            "AIRCALL_API_ID": "sandbox-id",
            "AIRCALL_API_TOKEN": "sandbox-token",
            "AIRCALL_WEBHOOK_TOKEN": TOKEN,
            "AIRCALL_BASE_URL": sandbox.aircall.url,
            "HUBSPOT_ACCESS_TOKEN": "sandbox-hubspot-token",
            "HUBSPOT_BASE_URL": sandbox.hubspot.url,
            "INTAKE_PORT": str(self.port),
            "DATA_DIR": str(self.data_dir),
            "SETTINGS_FILE": str(self.folder / "settings.toml"),
            "LOG_FORMAT": "json",
            SUPERVISED: "1",
        }
        self._log: IO[bytes] = (self.folder / "log").open("ab")
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self.kept = {name: Kept(name) for name in NAMES}
        self._watch = threading.Thread(target=self._keep_running, name="supervisor", daemon=True)

    def start(self, seconds: float = 40.0) -> None:
        """Start Redis, then all others; return when the door is ready. Raises TimeoutError."""
        deadline = time.monotonic() + seconds
        self._start(self.kept["redis"])
        while not Path(self.redis_url.removeprefix("unix://").partition("?")[0]).exists():
            _wait(deadline, "Redis has no socket")
        for kept in self.kept.values():
            if kept.process is None:
                self._start(kept)
        self._watch.start()
        while not self.ready():
            _wait(deadline, f"the door is not ready; log: {self.log_tail()}")

    def ready(self) -> bool:
        """Whether the door says that it takes events."""
        try:
            return requests.get(f"{self.url}/readyz", timeout=2).status_code == 200
        except requests.RequestException:
            return False

    def metric(self, name: str) -> float | None:
        """One metric of the door, its values of all labels added up; None if it does not answer."""
        try:
            answer = requests.get(f"{self.url}/metrics", timeout=5)
        except requests.RequestException:
            return None
        if answer.status_code != 200:
            return None
        starts = (f"{name}{{", f"{name} ")
        lines = [line for line in answer.text.splitlines() if line.startswith(starts)]
        return sum(float(line.rpartition(" ")[2]) for line in lines) if lines else None

    def kill(self, name: str) -> bool:
        """kill -9; the supervisor starts it again. False if it was not running."""
        with self._lock:
            kept = self.kept[name]
            if kept.process is None or kept.process.poll() is not None:
                return False
            kept.ended_at = time.monotonic()
            self._note(f"kill {name}")
            os.killpg(kept.process.pid, signal.SIGKILL)
            kept.process.wait()
            kept.process = None
            return True

    def signal(self, name: str, number: signal.Signals) -> None:
        """Send a signal to a process, as it is now, and to its children."""
        with self._lock:
            process = self.kept[name].process
            if process is not None and process.poll() is None:
                self._note(f"{number.name} {name}")
                os.killpg(process.pid, number)

    def explain(self, own: str) -> str:
        """The product's own word on an interaction."""
        command = [sys.executable, "-m", "worker", "explain", own, "--json"]
        told = subprocess.run(
            command,
            env=self._environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
        return told.stdout.strip() or told.stderr.strip()[-500:]

    def log_tail(self, length: int = 4000) -> str:
        """The end of what all processes said."""
        self._log.flush()
        return (self.folder / "log").read_bytes()[-length:].decode(errors="replace")

    def keep(self, name: str, what: object) -> None:
        """Put something beside the log, for whoever sets CHAOS_KEEP and looks into it."""
        (self.folder / name).write_text(json.dumps(what))

    def close(self) -> None:
        """Kill what runs; remove the folder unless CHAOS_KEEP is set."""
        self._closing.set()
        if self._watch.is_alive():
            self._watch.join()
        for kept in self.kept.values():
            if kept.process is not None and kept.process.poll() is None:
                os.killpg(kept.process.pid, signal.SIGKILL)
                kept.process.wait()
        self._log.close()
        if "CHAOS_KEEP" not in os.environ:
            shutil.rmtree(self.folder)

    def _note(self, sentence: str) -> None:
        """Write into the processes' log what is done to them, for whoever reads it."""
        self._log.write(f"chaos {datetime.now(UTC).isoformat()}: {sentence}\n".encode())
        self._log.flush()

    def _start(self, kept: Kept) -> None:
        self._note(f"start {kept.name}")
        kept.process = subprocess.Popen(
            [sys.executable, "-m", "run", kept.name.partition("-")[0]],
            env=self._environment,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )

    def _keep_running(self) -> None:
        while not self._closing.wait(0.05):
            with self._lock:
                for kept in self.kept.values():
                    self._look_after(kept)

    def _look_after(self, kept: Kept) -> None:
        now = time.monotonic()
        if kept.process is not None:
            code = kept.process.poll()
            if code is None:
                return
            # A worker may fall over a Redis that goes away; what may not happen is exit 2, which
            # tells a supervisor that starting again is useless.
            if code == 2 or now - self.kept["redis"].ended_at > REDIS_AWAY:
                kept.died.append(f"{kept.name} ended by itself with {code}")
            kept.process, kept.ended_at = None, now
        if now - kept.ended_at >= RESTART_AFTER:
            self._start(kept)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait(deadline: float, problem: str) -> None:
    if time.monotonic() > deadline:
        raise TimeoutError(problem)
    time.sleep(0.05)
