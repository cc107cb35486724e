"""Bodies as they are sent and read: compact JSON, and answers of a bearable size."""

from __future__ import annotations

import json
from typing import Any

import requests

LARGEST_ANSWER = 10 * 1024 * 1024
"""Bytes of an answer's body, after decompression."""


def compact(value: object) -> str:
    """Write JSON as it is sent: in ASCII, so that characters and bytes are the same number."""
    return json.dumps(value, separators=(",", ":"))


def content_of(response: requests.Response, most: int = LARGEST_ANSWER) -> bytes | None:
    """Read a whole body; None if it is larger than `most` bytes."""
    content = bytearray()
    for chunk in response.iter_content(65_536):
        content += chunk
        if len(content) > most:
            return None
    return bytes(content)


def parsed(content: bytes) -> tuple[Any, bool]:
    """Give the JSON value of a body, and whether it was JSON at all."""
    try:
        return json.loads(content), True
    except (ValueError, RecursionError):
        return None, False
