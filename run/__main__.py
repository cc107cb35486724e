"""`python -m run` supervises everything; `python -m run NAME` is one process."""

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from run.append_only import repair_append_only
from run.backup import back_up, restore
from run.data_dir import usable
from run.processes import PROCESSES, start
from run.redis_server import serve, server_binary
from run.supervisor import supervise
from settings.environment import load_environment
from settings.errors import EXIT_CODE, StartupError
from settings.file import load_file
from settings.log import configure_log
from store.first_start import checked_defaults


def main(arguments: Sequence[str]) -> int:
    """Start what `arguments` name, or everything; answer the exit code.

    Whatever makes a start impossible is one sentence on stderr and exit code 2.
    """
    try:
        return _dispatch(*arguments)
    except StartupError as error:
        print(f"error: {error}", file=sys.stderr, flush=True)  # noqa: T201 - the log may not exist yet
        return EXIT_CODE


def _dispatch(name: str = "", folder: str = "", *rest: str) -> int:
    if name == "setup" and not folder:
        return int(_room("run.setup").set_up(Path(".env")))
    if name == "doctor" and folder in ("", "--json") and not rest:
        return _doctor(as_json=bool(folder))
    if name in ("backup", "restore") and not rest:
        return _copied(name, folder)
    if rest or (folder and name not in ("redis", "repair")):
        raise StartupError(f"`python -m run {name}` takes no arguments.")
    if name in ("redis", "repair"):
        return _embedded(name, Path(folder) if folder else load_environment().places.data_dir)
    if name and name not in PROCESSES:
        names = ", ".join([*PROCESSES, "redis", "repair", "backup", "restore", "setup", "doctor"])
        raise StartupError(f"There is no process {name!r}. There are: {names}.")
    environment = load_environment()
    file = load_file(environment.places.settings_file)
    # Here, before anything starts: else each process would find it out by itself, one by one.
    checked_defaults(file, str(environment.places.settings_file))
    configure_log(environment, name or "supervisor")
    if name:
        return start(name, environment, file)
    return supervise(environment)


def _doctor(*, as_json: bool) -> int:
    environment = load_environment()
    file = load_file(environment.places.settings_file)
    configure_log(environment, "doctor")
    return int(_room("run.doctor").doctor(environment, file, as_json=as_json))


def _room(name: str) -> Any:  # noqa: ANN401 - a module
    """Import a room only where it is used: one that fails to import must not stop every start."""
    return import_module(name)


def _embedded(name: str, data_dir: Path) -> int:
    if name == "redis":
        serve(data_dir)
    with usable(data_dir):
        print(repair_append_only(data_dir, server_binary()))  # noqa: T201 - the answer to a command
    return 0


def _copied(name: str, place: str) -> int:
    environment = load_environment()
    if environment.redis.url is not None:
        raise StartupError("REDIS_URL names a Redis of your own: copy it by its own means.")
    data_dir = environment.places.data_dir
    if name == "restore" and not place:
        raise StartupError("Name the backup: `make restore FILE=aircall-hubspot-....tar.gz`.")
    copy = restore if name == "restore" else back_up
    print(copy(data_dir, Path(place or ".")))  # noqa: T201 - the answer to a command
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
