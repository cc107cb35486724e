"""The scenes: all that the bot can say, by what it is about."""

from tests.bot.every.scenes import (
    access,
    announcements,
    checks,
    deleting,
    errors,
    explaining,
    failures,
    first_start,
    forms,
    helping,
    history,
    status,
    switching,
)

__all__ = [
    "access",
    "announcements",
    "checks",
    "deleting",
    "errors",
    "explaining",
    "failures",
    "first_start",
    "forms",
    "helping",
    "history",
    "status",
    "switching",
]
