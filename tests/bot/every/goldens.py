"""The golden files: what each scene says in each language, written anew with `GOLDEN=write`."""

from __future__ import annotations

import difflib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bot.words import Language

FOLDER: Final = Path(__file__).parents[1] / "golden"
HOW: Final = "GOLDEN=write .venv/bin/python -m pytest tests/bot/every"
MOST_LINES: Final = 120
"""Lines of a difference that are shown."""


def path_of(scene: str, language: Language) -> Path:
    """Return where the golden file of a scene is."""
    return FOLDER / language / f"{scene.replace(' ', '-').replace(',', '')}.txt"


def read(scene: str, language: Language) -> list[str]:
    """Return the lines of a golden file; none where it is not written yet."""
    path = path_of(scene, language)
    return path.read_text("utf-8").splitlines() if path.exists() else []


def difference(scene: str, language: Language, lines: Sequence[str]) -> str:
    """Return how a scene differs from its golden file, "" where it does not; or write it anew."""
    path = path_of(scene, language)
    if os.environ.get("GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", "utf-8")
        return ""
    before = read(scene, language)
    if before == list(lines):
        return ""
    found = [*difflib.unified_diff(before, lines, "as it was", "as it is", lineterm="", n=2)]
    shown = "\n".join(found[:MOST_LINES])
    return f"{path} differs; if it is meant to: {HOW}\n{shown}"
