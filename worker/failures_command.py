"""`python -m worker failures`: what could not be written, by cause; retry it, or give it up."""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import redis

from settings.environment import Environment
from settings.errors import EXIT_CODE
from settings.file import load_file
from store.due import Due
from worker.explain import story_of
from worker.failures import Cause, Failures, failures, give_up, readable
from worker.meaning import KINDS
from worker.nudge import nudge

NAMED: Final = 3
"""Interactions of one cause that are named."""
DAY: Final = 86_400


def show(connection: redis.Redis, *, as_json: bool) -> int:
    """Print them by cause, or as JSON the story of each. Raises redis-py's errors."""
    if as_json:
        ids = Due(connection).failures()
        stories = [story for each in ids if (story := story_of(connection, each))]
        _say(json.dumps([story.told for story in stories], ensure_ascii=False))
        return 0
    now = failures(connection)
    for cause in now.causes:
        _say("\n".join(_lines(cause)))
    _say(_summary(now))
    return 0


def _lines(cause: Cause) -> Iterator[str]:
    speaker = "" if cause.failed[0].ours else "HubSpot: "
    yield f"{len(cause.failed)} x  {speaker}{readable(cause.said)}"
    named = [each.id for each in cause.failed[:NAMED]]
    more = len(cause.failed) - len(named)
    since = datetime.fromtimestamp(cause.since / 1000, UTC).isoformat(timespec="seconds")
    rest = f" and {more} more" if more else ""
    again = f"; {cause.trying} being tried again" if cause.trying else ""
    yield f"      since {since}: {', '.join(named)}{rest}{again}"


def _summary(now: Failures) -> str:
    parts = [f"{now.count} failure{'' if now.count == 1 else 's'}."]
    if now.left_out:
        parts.append(f"{now.left_out} older ones are not shown.")
    if now.dismissed:
        parts.append(f"{now.dismissed} dismissed.")
    if now.count:
        parts.append("Retry: failures retry ID|all. Give up: failures dismiss ID REASON")
    return " ".join(parts)


def retry(connection: redis.Redis, asked: str) -> int:
    """Try one again, or all, through the same exactly-once path. Raises redis-py's errors."""
    due = Due(connection)
    ids = due.failures() if asked == "all" else _named(asked)
    count, call = due.retry(ids)
    if not count:
        words = "There are no failures." if asked == "all" else f"{asked} did not fail."
        return _not_found(words)
    if call:
        nudge(connection)
    _say(f"{count} will be tried again now.")
    return 0


def dismiss(connection: redis.Redis, environment: Environment, asked: str, reason: str) -> int:
    """Dismiss one failure with a reason. Raises redis-py's errors and StartupError."""
    if not reason.strip():
        sys.stderr.write("error: A reason is needed: failures dismiss ID REASON\n")
        return EXIT_CODE
    file = load_file(environment.places.settings_file)
    seconds = file.retention.failures * DAY
    done = give_up(
        connection, _named(asked), by=str(os.getuid()), name=_user(), reason=reason, seconds=seconds
    )
    if not done:
        return _not_found(f"{asked} is not among the failures, or is being tried again right now.")
    _say(f"{done[0]} is dismissed: it is not tried again unless a later event tells of it.")
    return 0


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def _named(asked: str) -> tuple[str, ...]:
    return (asked, *(f"{kind}-{asked}" for kind in KINDS))


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")


def _not_found(words: str) -> int:
    sys.stderr.write(words + "\n")
    return 1
