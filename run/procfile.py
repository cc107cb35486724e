"""Reads the Procfile: which processes belong to the product, and each one's command."""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from settings.errors import StartupError

_LINE: Final = re.compile(r"([a-z][a-z0-9_-]*):\s*(\S.*)")


@dataclass(frozen=True)
class Command:
    """One process: its name and what to run, without a shell."""

    name: str
    words: tuple[str, ...]


def read_procfile(path: Path) -> tuple[Command, ...]:
    """The commands of the Procfile at `path`; `StartupError` names file and line at fault."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise StartupError(
            f"{path} cannot be read: {error.strerror}. Start from the product's own folder."
        ) from error
    numbered = [(number, line.strip()) for number, line in enumerate(lines, 1)]
    return tuple(
        _command(f"{path}, line {number}", line)
        for number, line in numbered
        if line and not line.startswith("#")
    )


def _command(place: str, line: str) -> Command:
    match = _LINE.fullmatch(line)
    if match is None:
        raise StartupError(f"{place} should read `name: command`.")
    try:
        return Command(match[1], tuple(shlex.split(match[2])))
    except ValueError as error:
        raise StartupError(f"{place}: {error}.") from error
