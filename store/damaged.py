"""What the store holds and nobody can read: one such entry keeps nothing else from being read."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import structlog

_Read = TypeVar("_Read")

log = structlog.get_logger(__name__)


def strict(raw: bytes | str) -> str:
    """Return a name as text; raises ValueError where it is none: a guess names nothing."""
    return raw.decode() if isinstance(raw, bytes) else raw


def if_readable(what: str, read: Callable[[], _Read]) -> _Read | None:
    """Return what `read` makes of an entry; None where it is cut, or not what we write.

    `what` names the entry in the log, which tells nothing of what it holds.
    """
    try:
        return read()
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        log.warning(
            "an entry of the store cannot be read", entry=what, because=type(error).__name__
        )
        return None
