"""The scenes: all that the bot can say, by what it is about."""

from tests.bot.every.scenes import (
    access,
    alerts,
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
    operations,
    status,
    switching,
)

__all__ = [
    "access",
    "alerts",
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
    "operations",
    "status",
    "switching",
]
