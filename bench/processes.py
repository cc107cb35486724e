"""The processes of a running product: which there are, and their names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def family(pid: int) -> Iterator[int]:
    """Yield a process and all that it started, directly or not."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text(encoding="ascii").split():
            yield from family(int(child))


def name_of(pid: int) -> str:
    """Return the name a process has in the Procfile, or its program's; "" if it has ended."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().strip("\0").split("\0")
    except OSError:
        return ""
    if "-m" in words:
        return words[-1] if words[-1] != "run" else "supervisor"
    return Path(words[0]).name


def named(supervisor: int, name: str) -> int:
    """Return the process of this name under a supervisor; 0 while there is none."""
    return next((pid for pid in _standing(supervisor) if name_of(pid) == name), 0)


def _standing(supervisor: int) -> list[int]:
    try:
        return list(family(supervisor))
    except OSError:  # one ended while its children were read
        return []
