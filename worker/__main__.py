"""`python -m worker`: how it goes, why an interaction became what it is, failures and retries."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Final

import redis

from settings.environment import load_environment
from settings.errors import EXIT_CODE, StartupError
from store import keys
from store.connection import connect, redis_url, text, without_password
from store.due import Due
from worker.explain import explain
from worker.nudge import nudge
from worker.status import status

USAGE: Final = """usage:
  python -m worker status [--json]            what waits, what failed, open alerts
  python -m worker explain ID [--json]        what was decided of a call or message, and why
  python -m worker failures [--json]          what could not be written, and the vendor's words
  python -m worker failures retry ID|all      try again, through the same exactly-once path
  python -m worker unreadable [--json]        authentic deliveries that could not be read"""


def main(arguments: Sequence[str]) -> int:
    """Run one command; 0 done, 1 nothing found, 2 misused or no Redis."""
    as_json = "--json" in arguments
    words = [each for each in arguments if each != "--json"]
    try:
        url = redis_url(load_environment())
    except StartupError as error:
        return _complain(f"error: {error}")
    connection = connect(url)
    try:
        match words:
            case ["status"]:
                return _status(connection, as_json=as_json)
            case ["explain", asked]:
                return _explain(connection, asked, as_json=as_json)
            case ["failures"]:
                return _failures(connection, as_json=as_json)
            case ["failures", "retry", asked]:
                return _retry(connection, asked)
            case ["unreadable"]:
                return _unreadable(connection, as_json=as_json)
            case _:
                return _complain(USAGE)
    except redis.RedisError as error:
        where = without_password(url)
        return _complain(f"error: Could not connect to Redis at {where}. Is it running? ({error})")


def _status(connection: redis.Redis, *, as_json: bool) -> int:
    now = status(connection)
    _say(json.dumps(now.told, ensure_ascii=False) if as_json else "\n".join(now.lines()))
    return 0


def _explain(connection: redis.Redis, asked: str, *, as_json: bool) -> int:
    story = explain(connection, asked)
    if story is None:
        return _not_found(f"{asked} is not known: no event of it arrived, or it is long forgotten.")
    _say(json.dumps(story.told, ensure_ascii=False) if as_json else "\n".join(story.lines()))
    return 0


def _failures(connection: redis.Redis, *, as_json: bool) -> int:
    stories = [story for each in Due(connection).failures() if (story := explain(connection, each))]
    if as_json:
        _say(json.dumps([story.told for story in stories], ensure_ascii=False))
        return 0
    for story in stories:
        said = "; ".join(story.told["errors"]) or story.told["reason"]
        _say(f"{story.told['id']:<24} {story.told['at']}  {said}")
    count = len(stories)
    _say(
        f"{count} failure{'' if count == 1 else 's'}."
        + (" Retry: failures retry ID|all" * (count > 0))
    )
    return 0


def _retry(connection: redis.Redis, asked: str) -> int:
    everything = Due(connection).failures()
    known = {asked, f"call-{asked}", f"message-{asked}", f"group-{asked}"}
    ids = everything if asked == "all" else [each for each in everything if each in known]
    if not ids:
        return _not_found("There are no failures." if asked == "all" else f"{asked} did not fail.")
    count, call = Due(connection).retry(ids)
    if call:
        nudge(connection)
    _say(f"{count} will be tried again now.")
    return 0


def _unreadable(connection: redis.Redis, *, as_json: bool) -> int:
    entries = [text(each) for each in connection.lrange(keys.UNREADABLE, 0, -1)]
    if as_json:
        _say(f"[{','.join(entries)}]")
        return 0
    for entry in entries:
        read = json.loads(entry)
        event = read["event"]
        name = event.get("event") if isinstance(event, dict) else None
        _say(f"{read['reason']:<24} {name}: {json.dumps(event, ensure_ascii=False)[:200]}")
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
