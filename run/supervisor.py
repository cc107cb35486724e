"""Starts everything in order, keeps it running, and ends it in order."""

import fcntl
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from run import sandbox_process
from run.apart import keep_apart
from run.children import Children
from run.data_dir import make_data_dir, usable
from run.parent import SUPERVISED, end_with_make
from run.procfile import Command, read_procfile
from run.redis_server import answers
from settings.environment import Environment
from settings.errors import EXIT_CODE, StartupError
from store.connection import socket_url
from store.promise import shortfalls

PROCFILE: Final = Path("Procfile")
_READY_SECONDS: Final = 60.0
_STOP_SECONDS: Final = 8.0
_LAST_STOP_SECONDS: Final = 1.0
_UNREADABLE: Final = (
    " If its words above say that it cannot read its append-only file, the disk has damaged that: "
    "restore a backup (make restore FILE=...). Nothing was changed in it."
)
_LAST: Final = frozenset({"redis", "sandbox"})
"""What the others still need while they end."""


def supervise(environment: Environment, procfile: Path = PROCFILE) -> int:
    """Run the Procfile's processes, and the embedded Redis and the sandbox where wanted.

    Answers 0 after SIGTERM or SIGINT, 2 after a process found its environment unfit. Raises
    `StartupError` when another supervisor holds the data folder, or Redis is not to be had.
    """
    commands = read_procfile(procfile)
    data_dir = environment.places.data_dir
    with _alone_on(data_dir):
        if environment.redis.url is not None:
            url = environment.redis.url.get_secret_value()
            for sentence in shortfalls(url):
                print(f"warning: {sentence}", file=sys.stderr, flush=True)  # noqa: T201 - meant for the starting person
            keep_apart(url, sandbox=environment.sandbox, afresh=True)
        if environment.sandbox:
            _empty(data_dir)
        children = Children()
        end_with_make()
        try:
            _start(children, commands, environment)
            children.run_until(lambda: False)
        finally:
            children.stop(lambda name: name not in _LAST, _STOP_SECONDS)
            children.stop(lambda name: name in _LAST, _LAST_STOP_SECONDS)
            children.close()
        return EXIT_CODE if children.unfit else 0


def _start(children: Children, commands: tuple[Command, ...], environment: Environment) -> None:
    """Start all in order, or as far as it goes before a signal or an unfit process.

    Raises `StartupError` when the embedded Redis or the sandbox does not come to life.
    """
    environ = child_environ(environment)
    if environment.sandbox:
        children.say("No account is set: this is the sandbox. Nothing real is spoken to.")
        environ |= sandbox_process.variables(environment)
    if environment.redis.url is None:
        children.add(Command("redis", (sys.executable, "-m", "run", "redis")), environ)
        url = socket_url(environment.places.data_dir)
        _wait(children, "The embedded Redis", lambda: answers(url), _UNREADABLE)
    if environment.sandbox:
        children.add(sandbox_process.command(environ, environment), environ)
        _wait(children, "The sandbox", lambda: sandbox_process.answers(environ))
        commands += (Command("day", (sys.executable, "-m", "run", "day")),)
    for command in commands:
        if not (children.stopping or children.unfit):
            children.add(command, environ, again=command.name != "day")


def _wait(children: Children, what: str, reached: Callable[[], bool], advice: str = "") -> None:
    if not (children.run_until(reached, _READY_SECONDS) or children.stopping or children.unfit):
        raise StartupError(f"{what} did not answer within {_READY_SECONDS:.0f} s.{advice}")


def child_environ(
    environment: Environment, environ: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """The environment of every child: ours, with the places settled and our Python found first."""
    python = str(Path(sys.executable).parent)
    settled = {
        "DATA_DIR": str(environment.places.data_dir),
        "SETTINGS_FILE": str(environment.places.settings_file),
        "PATH": os.pathsep.join([python, environ.get("PATH", os.defpath)]),
        "PYTHONUNBUFFERED": "1",
        SUPERVISED: "1",
    }
    wanted_format = {"LOG_FORMAT": "text"} if sys.stdout.isatty() else {}
    return {**wanted_format, **environ, **settled}


@contextmanager
def _alone_on(data_dir: Path) -> Iterator[None]:
    make_data_dir(data_dir)
    with usable(data_dir):
        lock = (data_dir / "run.lock").open("a+", encoding="utf-8")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise StartupError(
                f"The product already runs on {data_dir} (process {lock.read() or 'unknown'}). "
                "Stop it first, or set another DATA_DIR."
            ) from None
        with suppress(OSError):  # a full disk: the number is a courtesy
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
        yield


def _empty(data_dir: Path) -> None:
    """Forget an earlier sandbox: its HubSpot has forgotten too, and a store must not know more."""
    if data_dir.name != "sandbox":
        return
    for path in data_dir.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.suffix != ".lock":
            path.unlink()
