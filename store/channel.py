"""The channel for announcements and alerts: chosen in Slack, and whether we could post there."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import partial
from typing import Final

import redis
from pydantic import TypeAdapter

from store import keys
from store.connection import now_ms
from store.damaged import if_readable


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why we could not post in a channel, in one sentence, and since when (ms)."""

    channel: str
    sentence: str
    code: str = ""
    """Slack's own word, as `not_in_channel`; empty where Slack did not answer."""
    since: int = 0


_TROUBLE: Final = TypeAdapter(Trouble)


class Channel:
    """The channel of one Redis; every method raises redis-py's errors."""

    def __init__(self, connection: redis.Redis) -> None:
        self._connection = connection

    def chosen(self) -> str:
        """Return the id of the channel chosen in Slack; empty if none was."""
        raw = self._connection.get(keys.CHANNEL)
        return read_choice(raw) if raw else ""

    def choose(self, channel: str, by: str) -> None:
        """Keep the choice of a person (Slack id)."""
        kept = {"channel": channel, "by": by, "at": now_ms(self._connection)}
        self._connection.set(keys.CHANNEL, json.dumps(kept))

    def trouble(self, channel: str) -> Trouble | None:
        """Return what keeps us from posting in this channel, if the last post there failed."""
        raw = self._connection.get(keys.CHANNEL_TROUBLE)
        found = if_readable(keys.CHANNEL_TROUBLE, partial(read_trouble, raw)) if raw else None
        return found if found and found.channel == channel else None

    def failed(self, channel: str, sentence: str, code: str = "") -> None:
        """Note that a post failed; `since` stays that of the first failure in a row."""
        before = self.trouble(channel)
        since = before.since if before else now_ms(self._connection)
        kept = asdict(Trouble(channel, sentence, code, since))
        self._connection.set(keys.CHANNEL_TROUBLE, json.dumps(kept))

    def posted(self) -> None:
        """Note that a post went well."""
        self._connection.delete(keys.CHANNEL_TROUBLE)


def read_choice(raw: bytes | str) -> str:
    """Read CHANNEL; raises ValueError, LookupError, TypeError where it is not what we write."""
    return str(json.loads(raw)["channel"])


def read_trouble(raw: bytes | str) -> Trouble:
    """Read CHANNEL_TROUBLE; raises ValueError where it is not what we write."""
    return _TROUBLE.validate_json(raw)
