"""How a test waits for another process or thread: it asks again, and gives up only on a hang."""

import time
from collections.abc import Callable
from typing import Any

PATIENCE = 60.0
"""Seconds after which something hangs; a busy machine needs a part of it. No test asserts on it."""


def until(reached: Callable[[], object], what: object = "") -> Any:
    """What `reached` answers once it is true; the test fails, naming `what`, after `PATIENCE`."""
    deadline = time.monotonic() + PATIENCE
    while not (answer := reached()):
        assert time.monotonic() < deadline, what or f"not reached within {PATIENCE:.0f} s"
        time.sleep(0.01)
    return answer
