"""Read single JSON values leniently: texts without control characters, numbers, moments."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime

MILLISECONDS_FROM = 100_000_000_000
"""A figure from here on is milliseconds (since 1973), a smaller one seconds (until 5138)."""

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""All of Unicode's Bidi_Control: they can make a text read as another. Joiners are none."""
_UNPRINTED = re.compile(f"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff{_BIDI}]")
_BREAK = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")


def one_line(value: object, limit: int = 255) -> str | None:
    """A text without control and bidi characters, line breaks and lone surrogates; None if none."""
    if not isinstance(value, str):
        return None
    if not value.isprintable():
        value = _UNPRINTED.sub("", _BREAK.sub(" ", value).replace("\t", " "))
    return value.strip()[:limit] or None


def many_lines(value: object, limit: int = 60_000) -> str | None:
    r"""Like `one_line`, but its line breaks stay, as `\n`."""
    if not isinstance(value, str):
        return None
    if not value.isprintable():
        value = _UNPRINTED.sub("", _BREAK.sub("\n", value).replace("\t", " "))
    return value.strip()[:limit] or None


def text_or_number(value: object) -> str | None:
    """A text of one line, also of what was sent as a whole JSON number: phones, keys, causes."""
    number = value if isinstance(value, str) else whole(value)
    return one_line(str(number)) if number is not None else None


def whole(value: object) -> int | None:
    """A whole number from 0, sent as a number or as digits."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**19:
        return value
    return None


def seconds(value: object) -> int | None:
    """UNIX seconds from seconds, milliseconds or an ISO text (taken as UTC if it names no zone)."""
    if isinstance(value, float) and math.isfinite(value):
        value = int(value)
    number = whole(value)
    if number is None and isinstance(value, str):
        number = _iso_seconds(value)
    if number is not None and number >= MILLISECONDS_FROM:
        number //= 1000
    return number if number is not None and 0 < number < MILLISECONDS_FROM else None


def _iso_seconds(value: str) -> int | None:
    try:
        moment = datetime.fromisoformat(value.strip().replace(" UTC", "+00:00"))
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return whole(int(moment.timestamp()))
