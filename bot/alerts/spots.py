"""Change the messages where they stand in Slack, or take them away."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import structlog

from bot.asking.desk import Desk
from bot.blocks import Message
from bot.channel.delivery import words_of
from bot.markup import escape
from bot.words import Words
from clients.errors import Rejected
from store.told import Spot

GONE: Final = "message_not_found"
"""Slack's word for a message that somebody deleted."""

_log = structlog.get_logger(__name__)


class Spots:
    """Messages of ours by where they stand; `keep` makes sure of the work before each request."""

    def __init__(self, ours: Desk, keep: Callable[[], None]) -> None:
        self._desk = ours
        self._keep = keep

    def words(self, spot: Spot) -> Words:
        """Return the words of whoever reads there."""
        return words_of(self._desk, spot.reader) if spot.reader else self._desk.channel_words

    def update(self, spot: Spot, said: Message) -> str:
        """Change a message; returns Slack's word for why it cannot be. Raises Unavailable."""
        return self._asked("chat.update", spot, said)

    def delete(self, spot: Spot) -> str:
        """Take a message away; returns as `update` does. Raises Unavailable."""
        return self._asked("chat.delete", spot)

    def _asked(self, method: str, spot: Spot, said: Message | None = None) -> str:
        self._keep()
        body: dict[str, Any] = {"channel": spot.channel, "ts": spot.ts}
        if said is not None:
            body |= {"text": escape(said.text), "blocks": list(said.blocks)}
        try:
            self._desk.slack.tell(method, **body)
        except Rejected as error:
            _log.info(
                "message stays as it is",
                method=method,
                channel=spot.channel,
                because=error.sentence,
            )
            return error.category or "refused"
        return ""
