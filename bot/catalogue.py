"""Keeps the catalogues in step with the code: `python -m bot.catalogue` finds every sentence anew.

New ones stand untranslated in `locales/de.po` until somebody writes them; unused ones go.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from bot.words import LANGUAGES, LOCALES, Language, catalogue

ROOM: Final = Path(__file__).parent
CALLS: Final[dict[str, tuple[int, ...] | None]] = {
    "words": None,
    "md": None,
    "count": (1, 2),
    "N_": None,
}
"""The calls that say something, with the places of their texts: one, or one and many."""


def extracted() -> Catalog:
    """Find every sentence in the code; where it stands is left out, for lines move."""
    found = Catalog(project="aircall-hubspot", charset="utf-8", fuzzy=False)
    for message in sorted(_found(), key=str):
        found.add(message)
    return found


def _found() -> Iterator[str | tuple[str, ...]]:
    messages = extract_from_dir(str(ROOM), [("**.py", "python")], keywords=CALLS, comment_tags=())
    for _, _, message, _, _ in messages:
        yield message


def updated(language: Language) -> Catalog:
    """Return a language's catalogue with exactly the sentences of the code."""
    kept = catalogue(language)
    now = Catalog(locale=language, project="aircall-hubspot", charset="utf-8", fuzzy=False)
    for message in extracted():
        if message.id:
            there = kept.get(message.id)
            now.add(message.id, there.string if there else "")
    return now


def main() -> int:
    """Write every catalogue anew; returns how many sentences are not translated yet, as 0 or 1."""
    missing = 0
    for language in LANGUAGES:
        if language == "en":
            continue
        now = updated(language)
        missing += len([message for message in now if message.id and not _said(message.string)])
        with (LOCALES / f"{language}.po").open("wb") as file:
            write_po(file, now, width=100, omit_header=False, sort_output=True)
    sys.stdout.write(f"{missing} sentences are not translated yet.\n")
    return int(missing > 0)


def _said(string: str | Sequence[str] | None) -> bool:
    return bool(string) and all(string or ())


if __name__ == "__main__":
    sys.exit(main())
