"""Marks a text for the catalogue where it is written, to be translated where it is shown."""

from __future__ import annotations


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "to be translated later"
    """Return `text` as it is: `words(text)` says it in the reader's language."""
    return text
