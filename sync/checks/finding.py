"""What one check found: how it stands, in one sentence, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from clients.errors import Unavailable, VendorError

State = Literal["ok", "warning", "broken", "unknown"]
"""Unknown: it could not be looked at, because something before it is broken or does not answer."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `check` and of `make doctor`; both sentences may be shown to any admin."""

    check: str
    """The check's stable name, as `hubspot.token`."""
    state: State
    sentence: str
    mend: str = ""
    """What to do, where something is to be done."""
    section: str = ""
    """The section of the settings whose form mends it, where one does."""


def ok(check: str, sentence: str) -> Finding:
    """All is well."""
    return Finding(check, "ok", sentence)


def warning(check: str, sentence: str, mend: str, section: str = "") -> Finding:
    """It works, but less well than it could."""
    return Finding(check, "warning", sentence, mend, section)


def broken(check: str, sentence: str, mend: str, section: str = "") -> Finding:
    """It does not work."""
    return Finding(check, "broken", sentence, mend, section)


def ended(sentence: str) -> str:
    """End a sentence of a vendor, which may have ended it already."""
    return f"{sentence.rstrip('. ')}."


def unknown(check: str, sentence: str, mend: str = "") -> Finding:
    """Nobody can tell now."""
    return Finding(check, "unknown", sentence, mend)


def not_asked(check: str, error: VendorError, mend: str) -> Finding:
    """A vendor that could not be asked at all: `mend` helps where it refuses our credentials."""
    if isinstance(error, Unavailable) and error.reason != "credentials":
        return unknown(check, ended(error.sentence), "Try again in a minute.")
    return broken(check, ended(error.sentence), mend)
