"""Authentic deliveries that we could not read: kept for a person, few and short."""

from __future__ import annotations

import json
from typing import Final

import redis.asyncio.client
import redis.client

from store import keys

MOST: Final = 1000
"""Entries; the oldest make room."""
LARGEST: Final = 16_384
"""Bytes of an event: what nobody understands must not fill Redis."""


def entry(reason: str, event: str) -> str:
    """Return the JSON `{reason, event}` of an event's JSON text.

    Of an event longer than `LARGEST` bytes the start is kept, as a string.
    """
    written = event.encode("utf-8", "replace")
    if len(written) > LARGEST:
        event = json.dumps(written[:LARGEST].decode("utf-8", "ignore"), ensure_ascii=False)
    return f'{{"reason":{json.dumps(reason)},"event":{event}}}'


def damaged_json(raw: bytes) -> str:
    """Return what is no JSON, or not what it was, as a JSON string that may be put aside."""
    return json.dumps(raw[:LARGEST].decode("utf-8", "replace"), ensure_ascii=False)


def put_aside(
    pipeline: redis.client.Pipeline | redis.asyncio.client.Pipeline, reason: str, event: str
) -> None:
    """Queue on a pipeline what keeps one `entry`, newest first; whoever holds it executes it."""
    pipeline.lpush(keys.UNREADABLE, entry(reason, event))
    pipeline.ltrim(keys.UNREADABLE, 0, MOST - 1)
