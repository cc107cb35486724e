"""Reads a vendor's refusal: which words, which category, and which properties it blames."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from clients.errors import Rejected

_BLAMING_KEYS = ("propertyName", "propertyNames", "properties", "property", "name")
_PACKED_NAME = re.compile(r'\\?"name\\?"\s*:\s*\\?"([A-Za-z0-9_]+)\\?"')
_NAMED_IN_WORDS = (
    re.compile(r"Property \\?[\"']([A-Za-z0-9_]+)\\?[\"'] does not exist", re.IGNORECASE),
    re.compile(r"\b([a-z][a-z0-9]*_[a-z0-9_]+) was not set"),
)
# HubSpot's words for a stage or pipeline that is gone do not always name the property.
_PIPELINE_IN_WORDS = (
    (re.compile(r"pipeline stage", re.IGNORECASE), "hs_pipeline_stage"),
    (re.compile(r"pipeline(?!.?stage)", re.IGNORECASE), "hs_pipeline"),
)
_EXISTING = re.compile(r"Existing ID:\s*(\d+)", re.IGNORECASE)
_STATUS_OF = {
    "VALIDATION_ERROR": 400,
    "MISSING_SCOPES": 403,
    "OBJECT_NOT_FOUND": 404,
    "CONFLICT": 409,
    "OBJECT_ALREADY_EXISTS": 409,
}
_TEMPORARY = re.compile(
    r"RATE_?LIMIT|INTERNAL|UNAVAILABLE|TIME_?OUT|TIMED_OUT|LOCK|GATEWAY|RETRY|TRANSIENT|TEMPORARY",
    re.IGNORECASE,
)
_MOST_LISTS_TRIED = 20


def text(value: object) -> str:
    """Give a text as it is, and anything else as nothing."""
    return value if isinstance(value, str) else ""


def mapping(value: object) -> Mapping[str, Any]:
    """Give a JSON object as it is, and anything else as an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[Any]:
    """Give a JSON list as it is, and anything else as an empty one."""
    return value if isinstance(value, list) else []


def hubspot_refusal(body: object, status: int | None = None) -> Rejected:
    """Read HubSpot's error envelope, of an answer or of one input of a batch.

    `status` is the answer's; for one input of a batch it follows from the category.
    All fields are optional: https://developers.hubspot.com/docs/api-reference/error-handling
    """
    error = mapping(body)
    category = text(error.get("category")) or text(error.get("errorType"))
    message = text(error.get("message"))
    existing = _EXISTING.search(message)
    return Rejected(
        "hubspot",
        message,
        status=status or _STATUS_OF.get(category, 400),
        category=category,
        properties=blamed_properties(error),
        scopes=_distinct(_scopes(error)),
        existing=existing[1] if existing else None,
    )


def is_temporary(body: object) -> bool:
    """Whether the error of one input of a batch passes by itself."""
    error = mapping(body)
    status = str(error.get("status", ""))
    return bool(_TEMPORARY.search(text(error.get("category")) or text(error.get("errorType")))) or (
        status in {"423", "429"} or (len(status) == 3 and status.startswith("5"))
    )


def blamed_properties(error: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the properties that HubSpot blames, in the order found.

    They stand in `errors[].context`, or as JSON packed into a message, or only in its words.
    """
    parts = [error, *(mapping(each) for each in items(error.get("errors")))]
    names = [name for part in parts for name in _in_context(mapping(part.get("context")))]
    for message in (text(part.get("message")) for part in parts):
        names += _in_message(message)
    return _distinct(names)


def _in_context(context: Mapping[str, Any]) -> Iterator[str]:
    for key in _BLAMING_KEYS:
        value = context.get(key)
        yield from (each for each in (value, *items(value)) if isinstance(each, str))


def _in_message(message: str) -> Iterator[str]:
    packed = [name for name in _packed_lists(message) if name]
    if not packed:
        # The list is cut where it is very long: its names are still readable one by one.
        packed = _PACKED_NAME.findall(message)
    yield from packed
    for pattern in _NAMED_IN_WORDS:
        yield from pattern.findall(message)
    if not packed:
        yield from (name for pattern, name in _PIPELINE_IN_WORDS if pattern.search(message))


def _packed_lists(message: str) -> Iterator[str]:
    decoder = json.JSONDecoder()
    start = message.find("[")
    for _ in range(_MOST_LISTS_TRIED):
        if start < 0:
            return
        try:
            value, end = decoder.raw_decode(message, start)
        except (ValueError, RecursionError):
            start = message.find("[", start + 1)
            continue
        yield from (text(mapping(each).get("name")) for each in items(value))
        start = message.find("[", end)


def _scopes(error: Mapping[str, Any]) -> Iterator[str]:
    for part in (error, *(mapping(each) for each in items(error.get("errors")))):
        context = mapping(part.get("context"))
        for key in ("requiredGranularScopes", "requiredScopes"):
            yield from (each for each in items(context.get(key)) if isinstance(each, str))


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def aircall_refusal(body: object, status: int) -> Rejected:
    """Read Aircall's two shapes: `{error, troubleshoot}` of the API, `{message}` of its edge.

    https://developer.aircall.io/api-references/#errors
    """
    error = mapping(body)
    words = [text(error.get(key)) for key in ("error", "troubleshoot", "message")]
    return Rejected("aircall", ": ".join(filter(None, words)), status=status)
