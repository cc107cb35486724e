"""`python -m store settings`: read, change and follow the settings from a shell."""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import redis

from rules.settings import (
    InvalidSettings,
    Known,
    Settings,
    flat,
    new_problems,
    path_by_id,
    path_with_label,
    with_ids,
    with_labels,
    with_values,
)
from settings.environment import load_environment
from settings.errors import EXIT_CODE, StartupError
from store.connection import connect, redis_url, without_password
from store.directory import known_from_store
from store.settings import (
    Author,
    DamagedSettingsError,
    NoSettingsError,
    Revision,
    Revisions,
    StaleSettings,
    revision_as_json,
)

USAGE: Final = (
    "usage: python -m store settings [--json] | set PATH=VALUE [PATH=VALUE ...] | history [--json]"
)
REFUSED: Final = 1
_SWITCHES: Final[Mapping[str, bool]] = {"yes": True, "true": True, "no": False, "false": False}


class BadUsageError(Exception):
    """The command line cannot be understood; nothing was read or stored."""


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns 0, 1 (refused, said on stderr) or 2 (usage, environment, Redis)."""
    try:
        match list(arguments):
            case []:
                connection = _connection()
                current = Revisions(connection).current()
                return _say(readable(current, known_from_store(connection)))
            case ["--json"]:
                return _say(_as_json(revision_as_json(Revisions(_connection()).current())))
            case ["history"]:
                return _say(_history(_connection()))
            case ["history", "--json"]:
                revisions = Revisions(_connection()).all()
                return _say(_as_json([revision_as_json(each) for each in revisions]))
            case ["set", *assignments] if assignments:
                return _say(_set(assigned(assignments)))
            case ["-h" | "--help"]:
                return _say(USAGE)
            case _:
                return _complain(USAGE, EXIT_CODE)
    except (StartupError, BadUsageError) as error:
        return _complain(f"error: {error}", EXIT_CODE)
    except redis.RedisError as error:
        return _complain(f"error: Redis did not do it: {error}.", EXIT_CODE)
    except (InvalidSettings, StaleSettings, NoSettingsError, DamagedSettingsError) as error:
        return _complain(str(error), REFUSED)


def readable(revision: Revision, known: Known) -> str:
    """Show a revision's settings, one `path = value` a line, and who made it when.

    Whatever is kept by id stands there as `id (label)`, where `known` tells it.
    """
    pipeline = revision.settings.tickets.pipeline
    values = {
        path_with_label(path, known): with_labels(path, value, known, pipeline=pipeline)
        for path, value in flat(revision.settings).items()
    }
    width = max(len(path) for path in values)
    lines = [f"{path:{width}} = {value}" for path, value in values.items()]
    return "\n".join([*lines, "", _headline(revision)])


def assigned(assignments: Sequence[str]) -> Mapping[str, object]:
    """Read each `PATH=VALUE` as typed: yes/no, `all`, a list of ids, `none`; else text.

    Raises BadUsageError for an argument that is none, or a path given twice.
    """
    values: dict[str, object] = {}
    for assignment in assignments:
        path, equals, typed = (part.strip() for part in assignment.partition("="))
        if not equals:
            raise BadUsageError(f"Write {path!r} as PATH=VALUE.")
        if path in values:
            raise BadUsageError(f"{path} is given twice.")
        values[path] = _read(path, typed)
    return values


def _connection() -> redis.Redis:
    url = redis_url(load_environment())
    connection = connect(url)
    try:
        connection.ping()
    except redis.RedisError as error:
        raise StartupError(
            f"Could not connect to Redis at {without_password(url)}. Is it running?"
        ) from error
    return connection


def _set(typed: Mapping[str, object]) -> str:
    connection = _connection()
    revisions = Revisions(connection)
    current = revisions.current()
    known = known_from_store(connection)
    paths = {path_by_id(path, known): path for path in typed}
    try:
        wanted = _wanted(current.settings, {each: typed[paths[each]] for each in paths}, known)
    except InvalidSettings as error:
        # Refused under the path that the person wrote, not under the tag's id.
        raise InvalidSettings(
            replace(each, path=paths.get(each.path, each.path)) for each in error.problems
        ) from None
    revision = revisions.save(wanted, _shell_user(), current.number)
    if revision.number == current.number:
        return f"Nothing changed; revision {current.number} stays."
    return _entry(revision, known)


def _wanted(current: Settings, values: Mapping[str, object], known: Known) -> Settings:
    before = with_ids(current, known)
    wanted = with_ids(with_values(before, values), known)
    if found := new_problems(before, wanted, known):
        raise InvalidSettings(found)
    return wanted


def _shell_user() -> Author:
    try:
        return Author("cli", str(os.getuid()), getpass.getuser())
    except (KeyError, OSError):
        # A container's user may have a number and no name.
        return Author("cli", str(os.getuid()))


def _read(path: str, typed: str) -> object:
    if path == "numbers":
        return _numbers(typed)
    if isinstance(flat(Settings()).get(path), bool):
        return _SWITCHES.get(typed.casefold(), typed)
    return None if typed.casefold() in {"", "none"} else typed


def _numbers(typed: str) -> object:
    if typed.casefold() in {"", "none"}:
        return []
    ids = [part.strip() for part in typed.split(",")]
    if all(part.isascii() and part.isdigit() for part in ids):
        return [int(part) for part in ids]
    return typed.casefold() if typed.casefold() == "all" else typed


def _headline(revision: Revision) -> str:
    at = datetime.fromtimestamp(revision.at / 1000, UTC).astimezone()
    note = f": {revision.note}" if revision.note else ""
    return f"revision {revision.number}, {at:%Y-%m-%d %H:%M:%S %z}, by {revision.author}{note}"


def _history(connection: redis.Redis) -> str:
    known = known_from_store(connection)
    newest_first = reversed(Revisions(connection).all())
    return "\n\n".join(_entry(revision, known) for revision in newest_first)


def _entry(revision: Revision, known: Known) -> str:
    """Say who made the revision, and each change; a stage is one of its own time's pipeline."""
    after = revision.settings.tickets.pipeline
    pipelines = (each.old for each in revision.changes if each.path == "tickets.pipeline")
    before = next(pipelines, after)
    lines = [_headline(revision)]
    for change in revision.changes:
        old = with_labels(change.path, change.old, known, pipeline=before)
        new = with_labels(change.path, change.new, known, pipeline=after)
        lines.append(f"  {path_with_label(change.path, known)}: {old} → {new}")
    return "\n".join(lines)


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _say(text: str) -> int:
    sys.stdout.write(text + "\n")
    return 0


def _complain(text: str, code: int) -> int:
    sys.stderr.write(text + "\n")
    return code
