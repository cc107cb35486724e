"""The Home tab: how it goes, and what this person may do about it."""

from __future__ import annotations

from bot.asking import Asked


def show_home(asked: Asked) -> None:
    """Publish the Home tab of whoever opened it."""
