"""Times as the vendors write them: ISO 8601 in UTC and UNIX milliseconds."""

from datetime import UTC, datetime


def iso_millis(millis: int) -> str:
    """Return UNIX milliseconds as `2026-09-21T14:13:20.120Z`, always with three decimals."""
    moment = datetime.fromtimestamp(millis // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{millis % 1000:03d}Z"


def iso_short(millis: int) -> str:
    """Return UNIX milliseconds as ISO 8601; whole seconds carry no decimals."""
    text = iso_millis(millis)
    return text if millis % 1000 else text[:-5] + "Z"


def parse_millis(text: str) -> int:
    """Return UNIX milliseconds of digits (milliseconds already) or of ISO 8601 with a zone.

    Raises ValueError for anything else.
    """
    if text.lstrip("-").isdigit():
        return int(text)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text} has no time zone")
    whole = int(moment.replace(microsecond=0).timestamp())
    return whole * 1000 + moment.microsecond // 1000
