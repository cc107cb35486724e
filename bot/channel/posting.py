"""Post in the channel for announcements and alerts, and note whether that goes."""

from __future__ import annotations

from typing import Any, Final

from bot.asking.desk import Desk
from bot.asking.errors import SLACK_CODES
from bot.blocks import Message
from bot.markup import escape
from bot.words import N_, Words
from clients.errors import VendorError
from store.channel import Channel, Trouble

QUIET: Final = {"unfurl_links": False, "unfurl_media": False}
SILENT: Final = N_("Slack did not answer when we last posted there.")
REFUSED: Final = N_("Slack refuses our posts there: {code}.")


def post(desk: Desk, message: Message, channel: str = "") -> str:
    """Post where announcements go (or in `channel`) and return the message's `ts`.

    Raises Unavailable, Rejected, redis-py's errors, and LookupError while no channel is chosen.
    """
    kept, ours = Channel(desk.shop.connection), desk.channel
    where = channel or ours
    if not where:
        raise LookupError("no channel is chosen")
    body: dict[str, Any] = {"text": escape(message.text), "blocks": list(message.blocks), **QUIET}
    try:
        told = desk.slack.tell("chat.postMessage", channel=where, **body)
    except VendorError as error:
        if where == ours:
            kept.failed(where, error.sentence, getattr(error, "category", ""))
        raise
    if where == ours:
        kept.posted()
    return str(told["ts"])


def trouble_in_words(trouble: Trouble, words: Words) -> str:
    """Say why we cannot post there, and what to do."""
    if trouble.code in SLACK_CODES:
        return words(SLACK_CODES[trouble.code], scopes="chat:write")
    return words(REFUSED, code=trouble.code) if trouble.code else words(SILENT)
