"""Hangup causes that the settings do not know, counted for an admin to map them."""

from __future__ import annotations

from typing import Final

import redis

from store.scripts import Scripts

MOST: Final = 200
"""Different causes, `OTHER` among them: a carrier that invents one per call fills nothing."""
LONGEST: Final = 100
"""Characters of a cause."""
OTHER: Final = "other"


def note(connection: redis.Redis, cause: str) -> None:
    """Count a cause once more; as `OTHER` when there are too many already.

    Raises redis-py's errors.
    """
    Scripts(connection).run("note_cause", cause[:LONGEST], MOST, OTHER)
