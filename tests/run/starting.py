"""Starts `python -m run` as a person would, in a folder of its own, and watches what it says."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.patience import PATIENCE, until

REPOSITORY = Path(__file__).parents[2]
ACCOUNTS = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_APP_TOKEN": "xapp-1",
    "AIRCALL_API_ID": "id-1",
    "AIRCALL_API_TOKEN": "token-1",
    "HUBSPOT_ACCESS_TOKEN": "pat-1",
}
SLEEPER = "python -c \"import os, time; print('up', os.getpid(), flush=True); time.sleep(600)\""


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])


def ends_well(environment, file) -> int:
    """Stands in for the entry of a process."""
    return 0


@dataclass
class Run:
    """One `python -m run`, with everything it wrote."""

    process: subprocess.Popen
    log: Path

    def code(self) -> int:
        """Its exit code, once it has ended."""
        return self.process.wait(PATIENCE)

    def text(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def pids(self, name: str) -> list[int]:
        """The process ids that the children called `name` told, in order of their start."""
        return [
            int(pid) for pid in re.findall(rf"^{name} *\| up (\d+)$", self.text(), re.MULTILINE)
        ]

    def pid(self, name: str, nth: int = 1) -> int:
        until(lambda: len(self.pids(name)) >= nth)
        return self.pids(name)[nth - 1]


class Starter:
    """Writes a folder with Procfile and settings.toml, and starts runs in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.runs: list[Run] = []
        (folder / "settings.toml").write_text("", encoding="utf-8")

    def __call__(
        self,
        *arguments: str,
        procfile: str = "",
        stdout: int | None = None,
        program: tuple[str, ...] = ("-m", "run"),
        **variables: str,
    ) -> Run:
        (self.folder / "Procfile").write_text(procfile, encoding="utf-8")
        log = self.folder / f"run-{len(self.runs)}.log"
        environ = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(REPOSITORY),
            "DATA_DIR": str(self.folder / "data"),
            **variables,
        }
        with log.open("wb") as stream:
            process = subprocess.Popen(
                [sys.executable, *program, *arguments],
                cwd=self.folder,
                env=environ,
                stdout=stream if stdout is None else stdout,
                stderr=stream,
            )
        self.runs.append(Run(process, log))
        return self.runs[-1]
