"""Calls for alerts to be told in Slack where that was not done, or is to be done again by now."""

from __future__ import annotations

from store.channel import Channel
from store.told import Told
from worker.nudge import BACKGROUND, enqueue
from worker.workshop import TELL, Workshop


def watch_untold(shop: Workshop) -> None:
    """Ask for the telling if something changed since, or a reminder is due; else do nothing.

    Raises redis-py's errors.
    """
    channel = shop.file.slack.channel or Channel(shop.connection).chosen()
    if Told(shop.connection).is_due(channel):
        enqueue(shop.connection, BACKGROUND, TELL)
