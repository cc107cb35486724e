"""`python -m worker`: how it goes, why an interaction became what it is, failures and retries."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Final

import redis

from clients.errors import Rejected, Unavailable
from rules.scalars import one_line
from settings.environment import Environment, load_environment
from settings.errors import EXIT_CODE, StartupError
from settings.file import load_file
from store import keys
from store.connection import connect, redis_url, text, without_password
from worker import failures_command
from worker.explain import story_of
from worker.finding import Found, WhyNot, find_here, find_in_hubspot
from worker.status import status
from worker.workshop import build_workshop

USAGE: Final = """usage:
  python -m worker status [--json]            what waits, what failed, open alerts
  python -m worker explain WHAT [--json]      what was decided of a call or message, and why; WHAT:
                                              its id, a link, a HubSpot record's id, a phone
  python -m worker failures [--json]          what could not be written, and the vendor's words
  python -m worker failures retry ID|all      try again, through the same exactly-once path
  python -m worker failures dismiss ID REASON give one up, and say why
  python -m worker unreadable [--json]        authentic deliveries that could not be read"""

WHY_NOT: Final[Mapping[WhyNot, str]] = {
    "unknown": "no event of it arrived, or it is long forgotten",
    "forgotten": "it was logged so long ago that its decision is forgotten",
    "other account": "the link belongs to another HubSpot account",
    "not ours": "HubSpot has this record, but it was not made by this integration",
    "not in hubspot": "no event of it arrived, and HubSpot has no such call, message or ticket",
}


def main(arguments: Sequence[str]) -> int:
    """Run one command; 0 done, 1 nothing found, 2 misused or no Redis."""
    as_json = "--json" in arguments
    words = [each for each in arguments if each != "--json"]
    try:
        environment = load_environment()
        url = redis_url(environment)
    except StartupError as error:
        return _complain(f"error: {error}")
    connection = connect(url)
    try:
        match words:
            case ["status"]:
                return _status(connection, as_json=as_json)
            case ["explain", asked]:
                return _explain(connection, environment, asked, as_json=as_json)
            case ["failures"]:
                return failures_command.show(connection, as_json=as_json)
            case ["failures", "retry", asked]:
                return failures_command.retry(connection, asked)
            case ["failures", "dismiss", asked, *reason] if reason:
                said = " ".join(reason)
                return failures_command.dismiss(connection, environment, asked, said)
            case ["unreadable"]:
                return _unreadable(connection, as_json=as_json)
            case _:
                return _complain(USAGE)
    except StartupError as error:
        return _complain(f"error: {error}")
    except redis.RedisError as error:
        where = without_password(url)
        return _complain(f"error: Could not connect to Redis at {where}. Is it running? ({error})")


def _status(connection: redis.Redis, *, as_json: bool) -> int:
    now = status(connection)
    _say(json.dumps(now.told, ensure_ascii=False) if as_json else "\n".join(now.lines()))
    return 0


def _explain(
    connection: redis.Redis, environment: Environment, asked: str, *, as_json: bool
) -> int:
    found = find_here(connection, asked)
    if found.ask:
        try:
            found = _ask_hubspot(environment, found)
        except (Unavailable, Rejected) as error:
            return _not_found(f"{asked} is not known here. HubSpot was asked: {error.sentence}.")
    stories = [story for each in found.ids if (story := story_of(connection, each))]
    if not stories:
        return _not_found(f"{asked} is not known: {WHY_NOT[found.why or 'unknown']}.")
    if as_json:
        told = [story.told for story in stories]
        _say(json.dumps(told[0] if len(told) == 1 else told, ensure_ascii=False))
        return 0
    _say("\n\n".join("\n".join(story.lines()) for story in stories))
    return 0


def _ask_hubspot(environment: Environment, found: Found) -> Found:
    try:
        file = load_file(environment.places.settings_file)
    except StartupError:
        # Without the file it is not known how much may be asked; our own store was looked through.
        return found
    return find_in_hubspot(build_workshop(environment, file), found)


def _unreadable(connection: redis.Redis, *, as_json: bool) -> int:
    entries = [text(each) for each in connection.lrange(keys.UNREADABLE, 0, -1)]
    if as_json:
        _say(f"[{','.join(entries)}]")
        return 0
    for entry in entries:
        read = json.loads(entry)
        event = read["event"]
        name = one_line(event.get("event")) if isinstance(event, dict) else None
        shown = one_line(json.dumps(event, ensure_ascii=False), 200)
        _say(f"{read['reason']:<24} {name or 'no name'}: {shown}")
    return 0


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")


def _complain(words: str) -> int:
    sys.stderr.write(words + "\n")
    return EXIT_CODE


def _not_found(words: str) -> int:
    sys.stderr.write(words + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
