"""A checksum in front of what is kept: what a disk changed is noticed before it is believed."""

from __future__ import annotations

import hashlib
from typing import Final

HEAD: Final = '{"sum":"'
SIGNS: Final = 8
"""Hexadecimal signs of the checksum: one change in four thousand million goes unnoticed."""
UNSEALED: Final = tuple(
    f'{{"{name}":'.encode()
    for name in (
        *("arrived", "call", "message", "written", "decision", "plan", "result", "number"),
        *("at", "id", "making", "gone", "open"),
    )
)
"""How that begins which the version before kept without a checksum."""
_HEAD: Final = HEAD.encode()


class BrokenSealError(ValueError):
    """What is kept is not what was written."""

    def __init__(self) -> None:
        super().__init__("its checksum does not fit")


def seal(written: str, about: str = "") -> str:
    """Put a checksum before the first field of a JSON object in its compact form.

    It covers also what the object is kept under (`about`). `store/lua/door.lua` and
    `save_settings.lua` do the same inside Redis.
    """
    rest = f'"{"," if len(written) > len("{}") else ""}{written[1:]}'
    return f"{HEAD}{_sum(rest.encode(), about)}{rest}"


def check_seal(kept: bytes | str, about: str = "") -> bytes:
    """Return what is kept, once its checksum fits; raises BrokenSealError.

    What the version before kept has none, and is believed.
    """
    raw = kept.encode() if isinstance(kept, str) else kept
    if raw.startswith(_HEAD):
        start = len(_HEAD) + SIGNS
        if raw[len(_HEAD) : start] != _sum(raw[start:], about).encode():
            raise BrokenSealError
    elif not raw.startswith(UNSEALED) and raw != b"{}":
        raise BrokenSealError
    return raw


def _sum(rest: bytes, about: str) -> str:
    # Redis' scripts know no other digest. Nobody is kept out by it.
    return hashlib.sha1(about.encode() + b"\n" + rest, usedforsecurity=False).hexdigest()[:SIGNS]
