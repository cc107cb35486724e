"""When a process that ended is started again."""

from typing import Final

FIRST_DELAY: Final = 0.1
LONGEST_DELAY: Final = 30.0
SETTLED: Final = 5.0
"""After a life of so many seconds starting is known to work: only failing starts wait longer."""


def failures_in_a_row(before: int, lived: float) -> int:
    """How many starts failed in a row, after one more life of `lived` seconds."""
    return 1 if lived >= SETTLED else before + 1


def restart_delay(failures: int) -> float:
    """Seconds to wait before the next start: 0.1 at first, doubling up to 30."""
    return min(FIRST_DELAY * 2.0 ** min(failures - 1, 10), LONGEST_DELAY)
