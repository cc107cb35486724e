"""How much slow work a process has taken on: nobody alone holds all threads, nothing piles up."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Final

EACH: Final = 5
"""Slow works of one person at a time: fewer than threads, so that others' forms still fill."""
ALL: Final = 100
"""Of all people together, waiting ones too: the last begins while its form is still looked at."""


class BusyError(Exception):
    """Too much is under way already; `own` if it is all the person's own."""

    def __init__(self, *, own: bool) -> None:
        super().__init__("too much is under way")
        self.own = own


class Turns:
    """Counts what was begun and has not ended."""

    def __init__(self, each: int = EACH, together: int = ALL) -> None:
        self._each, self._together = each, together
        self._lock = threading.Lock()
        self._taken: Counter[str] = Counter()

    def take(self, user: str) -> None:
        """Begin one more work for somebody; raises BusyError where that would be too many."""
        with self._lock:
            if self._taken.get(user, 0) >= self._each:
                raise BusyError(own=True)
            if self._taken.total() >= self._together:
                raise BusyError(own=False)
            self._taken[user] += 1

    def give_back(self, user: str) -> None:
        """End one."""
        with self._lock:
            self._taken[user] -= 1
            if self._taken[user] <= 0:
                del self._taken[user]

    def under_way(self) -> int:
        """Return how many there are."""
        with self._lock:
            return self._taken.total()
