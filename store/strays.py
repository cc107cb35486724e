"""Interactions that wait nowhere although something is kept of them: a disk changed their name."""

from __future__ import annotations

import re
from typing import Final

import redis

from store import keys
from store.connection import text
from store.scripts import Scripts

AT_ONCE: Final = 1_000
_NAME: Final = re.compile(r"[\w-]+", re.ASCII)
"""What a drain claims: another name would be found again each time, and made due in vain."""


def find_strays(connection: redis.Redis, after: int = 0) -> tuple[int, int]:
    """Look at some keys, and make due what waits nowhere; (how many, where to go on, 0 at the end).

    Raises redis-py's errors.
    """
    begins = [keys.new(""), keys.record("")]
    cursor, found = connection.scan(after, match="ah:[nr]e[wc]*", count=AT_ONCE)
    ids = {
        key.removeprefix(begin)
        for key in map(text, found)
        for begin in begins
        if key.startswith(begin) and _NAME.fullmatch(key.removeprefix(begin))
    }
    strays = int(Scripts(connection).run("find_strays", *sorted(ids))) if ids else 0
    return strays, int(cursor)
