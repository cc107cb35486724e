"""Of two webhooks that two processes of ours made, the younger is taken away by whoever made it."""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from clients.aircall.records import Webhook
from clients.errors import VendorError
from sync.webhook.events import lacking
from sync.webhook.ours import best_of, our_webhooks
from worker.workshop import Workshop

log = structlog.get_logger(__name__)


def kept_of(shop: Workshop, made: Webhook) -> Webhook:
    """Return the webhook that is kept: `made`, which Aircall just answered with, or its elder twin.

    Whoever was frozen right before it asked may wake up when another process has made one. Only
    `made` is ever deleted, for of that alone we know for sure who made it and that nobody minds.
    """
    aircall = shop.aircall.in_background()
    try:
        elder = _elder(made, our_webhooks(shop.environment, aircall.webhooks()))
        if not elder:
            return made
        aircall.delete_webhook(made.id)
    except VendorError as error:
        # Two of them do no harm; the next look tells of them.
        log.warning("not seen whether the webhook was made twice", because=error.sentence)
        return made
    log.warning("webhook made twice", removed=made.id)
    return best_of(elder)


def _elder(made: Webhook, ours: Sequence[Webhook]) -> list[Webhook]:
    """Choose those that are as good and older; both makers come to the same answer.

    There is none where the list lacks `made` itself: only times of one list can be compared.
    """
    own = next((each for each in ours if each.id == made.id), None)
    if own is None:
        return []
    return [
        each
        for each in ours
        if each.active
        and each.name == own.name
        and not lacking(each.events, own.events)
        and (each.created, each.id) < (own.created, own.id)
    ]
