"""Keeps the catalogues in step with the code: `python -m bot.words.catalogue` reads it anew.

New ones stand untranslated in `de.po` until somebody writes them; unused ones go.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from bot.words.words import LANGUAGES, LOCALES, Language, catalogue

ROOM: Final = Path(__file__).parent.parent
SAYING: Final = frozenset({"words", "md", "N_"})
"""Calls that say something, by the name called: their first argument is the text."""
COUNTING: Final = "count"
"""The call that says one or many: its first two arguments are the texts."""
HEAD: Final = (
    "# Kept in step with the code by python -m bot.words.catalogue; terms: docs/decisions/0010."
)
WRITTEN: Final = datetime(2026, 11, 26, tzinfo=UTC)
Message = str | tuple[str, str]


def extracted() -> set[Message]:
    """Find every sentence in the code; raises ValueError for one that is put together there."""
    return {
        message
        for file in ROOM.rglob("*.py")
        for message in messages_in(file.read_text(encoding="utf-8"), file.name)
    }


def messages_in(source: str, name: str) -> Iterator[Message]:
    """Find the sentences of one file, which `name` names in an error."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = _called(node.func)
        if called in SAYING and _is_text(node.args[0]):
            yield _text(node.args[0], name)
        elif called == COUNTING and len(node.args) > 1 and _is_text(node.args[0]):
            yield _text(node.args[0], name), _text(node.args[1], name)


def _called(function: ast.expr) -> str:
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def _is_text(node: ast.expr) -> bool:
    """Tell a text, though put together, from a name or a look-up: that was marked elsewhere."""
    return isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp | ast.IfExp)


def _text(node: ast.expr, name: str) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise ValueError(f"{name}:{node.lineno}: a sentence must be one literal text")


def updated(language: Language) -> Catalog:
    """Return a language's catalogue with exactly the sentences of the code."""
    kept = catalogue(language)
    now = Catalog(
        locale=language,
        project="aircall-hubspot",
        version="1",
        copyright_holder="",
        msgid_bugs_address="-",
        last_translator="-",
        language_team="-",
        charset="utf-8",
        fuzzy=False,
        # No moment of writing: the file changes with its sentences only.
        creation_date=WRITTEN,
        revision_date=WRITTEN,
        header_comment=HEAD,
    )
    for message in sorted(extracted(), key=str):
        there = kept.get(message)
        # What was said once and is counted now, or the other way round, is to be written anew.
        same = there is not None and isinstance(there.id, str) is isinstance(message, str)
        now.add(message, there.string if there and same else "")
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
            write_po(file, now, width=100, sort_output=True)
    sys.stdout.write(f"{missing} sentences are not translated yet.\n")
    return int(missing > 0)


def _said(string: str | Sequence[str] | None) -> bool:
    return bool(string) and all(string or ())


if __name__ == "__main__":
    sys.exit(main())
