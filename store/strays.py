"""Interactions that wait nowhere although something is kept of them: a disk changed their name."""

from __future__ import annotations

import re
from typing import Final

import redis

from store import keys
from store.connection import text
from store.scripts import Scripts

AT_ONCE: Final = 1_000
_KEY: Final = re.compile(rf"(?:{keys.new('')}|{keys.record('')})([\w-]+)", re.ASCII)
"""With a name that a drain claims: another would be found again each time, and made due in vain."""


def find_strays(connection: redis.Redis, after: int = 0) -> tuple[int, int]:
    """Look at some keys, and make due what waits nowhere; (how many, where to go on, 0 at the end).

    Raises redis-py's errors.
    """
    cursor, found = connection.scan(after, match="ah:[nr]e[wc]*", count=AT_ONCE)
    ids = {named[1] for key in found if (named := _KEY.fullmatch(text(key)))}
    strays = int(Scripts(connection).run("find_strays", *sorted(ids))) if ids else 0
    return strays, int(cursor)
