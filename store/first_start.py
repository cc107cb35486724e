"""Where the first revision comes from, and how a store that lost everything is recognised."""

from __future__ import annotations

import os
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import redis

from rules.settings import InvalidSettings, Settings, from_defaults, with_value
from settings.errors import StartupError
from settings.file import SettingsFile
from store import keys
from store.connection import text
from store.settings import (
    BY_FILE,
    BY_SYSTEM,
    NoSettingsError,
    Revision,
    Revisions,
    StaleSettings,
)

MARKER: Final = "initialised"
"""File in DATA_DIR that holds the id of the store last used from here."""
EMPTIED: Final = "The store was found empty although it was set up before; check, then enable."


@dataclass(frozen=True, slots=True)
class Start:
    """The revision to begin with; `emptied` asks for an alert until an admin saved settings."""

    revision: Revision
    emptied: bool


def first_start(connection: redis.Redis, file: SettingsFile, data_dir: Path) -> Start:
    """Make sure the store holds settings; any number of processes may call this at once.

    The file counts until somebody else made a revision: then it is only a file. A store that was
    set up before and is empty now starts disabled, by the system. Raises StartupError for a
    contradiction in `[defaults]` or an unusable DATA_DIR, DamagedSettingsError, and redis-py's.
    """
    wanted = checked_defaults(file)
    marker = _read_marker(data_dir)
    revisions = Revisions(connection)
    while True:
        try:
            revision = _revision(revisions, wanted, lost=_is_another_store(connection, marker))
            break
        except StaleSettings:
            continue  # Another process was first; what it saved is judged like any other.
    _write_marker(data_dir, _store_id(connection))
    return Start(revision, emptied=revision.author.kind == "system" and revision.note == EMPTIED)


def last_seen(data_dir: Path) -> int | None:
    """Return when the store was last seen whole from here (ms); None if it never was.

    Raises StartupError.
    """
    try:
        return int((data_dir / MARKER).stat().st_mtime * 1000)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StartupError(f"{data_dir / MARKER} cannot be read: {error.strerror}.") from error


def seen_whole(data_dir: Path) -> None:
    """Note that the store is whole now; a folder that cannot be written to is no reason to stop."""
    with suppress(OSError):
        os.utime(data_dir / MARKER)


def checked_defaults(file: SettingsFile, where: str = "The settings file") -> Settings:
    """Make the settings that the file's `[defaults]` ask for.

    Raises StartupError for what contradicts itself there; `where` is the file's path.
    """
    try:
        return from_defaults(file.defaults)
    except InvalidSettings as error:
        raise StartupError(f"{where}: {' '.join(str(error).splitlines())}") from None


def _revision(revisions: Revisions, wanted: Settings, *, lost: bool) -> Revision:
    disabled = with_value(wanted, "enabled", value=False)
    try:
        current = revisions.current()
    except NoSettingsError:
        if lost:
            return revisions.save(disabled, BY_SYSTEM, 0, EMPTIED)
        return revisions.save(wanted, BY_FILE, 0)
    if current.author.kind != "file":
        return current
    if lost:
        # A machine without our marker found the empty store first and took it for a new one.
        return revisions.save(disabled, BY_SYSTEM, current.number, EMPTIED, even_unchanged=True)
    return revisions.save(wanted, BY_FILE, current.number)


def _is_another_store(connection: redis.Redis, marker: str | None) -> bool:
    """Tell whether a store was set up from here before, and this is not (or no longer) it."""
    return marker is not None and text(connection.get(keys.STORE_ID) or b"") != marker


def _store_id(connection: redis.Redis) -> str:
    """Read the store's id, giving one to a store that was filled before stores had ids."""
    connection.set(keys.STORE_ID, uuid.uuid4().hex, nx=True)
    return text(connection.get(keys.STORE_ID) or b"")


def _read_marker(data_dir: Path) -> str | None:
    try:
        return (data_dir / MARKER).read_text(encoding="utf-8", errors="replace").strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StartupError(f"{data_dir / MARKER} cannot be read: {error.strerror}.") from error


def _write_marker(data_dir: Path, store_id: str) -> None:
    """Leave the marker for the next start, whole or not at all."""
    if _read_marker(data_dir) == store_id:
        return
    new = data_dir / f"{MARKER}.{uuid.uuid4().hex}"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        with new.open("w", encoding="utf-8") as file:
            file.write(store_id + "\n")
            file.flush()
            os.fsync(file.fileno())
        new.replace(data_dir / MARKER)
    except OSError as error:
        raise StartupError(f"{data_dir} cannot be written to: {error.strerror}.") from error
