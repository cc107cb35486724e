"""What the store holds and nobody can read: one such entry keeps nothing else from being read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

import structlog

from store.connection import text

_Read = TypeVar("_Read")

log = structlog.get_logger(__name__)


def strict(raw: bytes | str) -> str:
    """Return a name as text; raises ValueError where it is none: a guess names nothing."""
    return raw.decode() if isinstance(raw, bytes) else raw


def numbers(key: str, kept: Mapping[Any, Any]) -> dict[str, int]:
    """Read a hash of numbers without those that are none any more: each will be written anew."""
    read = (
        (text(name), if_readable(f"{key} {text(name)}", partial(int, raw)))
        for name, raw in kept.items()
    )
    return {name: number for name, number in read if number is not None}


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
