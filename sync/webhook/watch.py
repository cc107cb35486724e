"""Our webhook at Aircall: made, found again, kept active and whole, and said so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from clients.aircall.records import Webhook
from clients.errors import NotFound, Rejected
from store.tombstone import is_deleted
from sync.slices import Slice, in_slices
from sync.webhook import sentences
from sync.webhook.events import is_missed, lacking, named
from sync.webhook.mending import mend, register, well
from sync.webhook.ours import Remembered, address_of, best_of, our_webhooks
from worker.workshop import Workshop

JOB: Final = "sync.webhook.watch.look"


def look() -> None:
    """Background job: see how our webhook stands, and mend it where PUBLIC_URL lets us."""
    in_slices(JOB, _look)


def _look(shop: Workshop, piece: Slice) -> bool:
    if is_deleted(shop.revisions.current()):
        Remembered(shop.connection).forget()
        for name in sentences.ALERTS:
            shop.alerts.resolve(name)
        return False
    environment = shop.environment
    try:
        hooks = shop.aircall.in_background().webhooks()
    except (Rejected, NotFound) as error:
        about = {"url": address_of(environment)}
        shop.alerts.raise_(sentences.UNREADABLE, sentences.unreadable(error.sentence), about)
        return False
    shop.alerts.resolve(sentences.UNREADABLE, sentences.WELL if hooks else "")
    ours = our_webhooks(environment, hooks)
    if environment.network.public_url is None:
        _only_look(shop, ours)
    elif ours:
        _tell_several(shop, ours)
        mend(shop, piece, best_of(ours))
    else:
        shop.alerts.resolve(sentences.SEVERAL)
        register(shop, piece)
    return False


def _only_look(shop: Workshop, ours: Sequence[Webhook]) -> None:
    """Say what a person has to do: without PUBLIC_URL, which webhook is ours is only likely."""
    about = {"url": address_of(shop.environment)}
    alerts = shop.alerts
    if not ours:
        alerts.resolve(sentences.DISABLED)
        alerts.resolve(sentences.INCOMPLETE)
        alerts.raise_(sentences.MISSING, sentences.missing_by_hand(), about)
        return
    best = best_of(ours)
    if not best.active:
        alerts.resolve(sentences.MISSING)
        alerts.resolve(sentences.INCOMPLETE)
        alerts.raise_(sentences.DISABLED, sentences.disabled_by_hand(), about)
        return
    missed = lacking(best.events)
    if not is_missed(missed):
        well(shop)
        return
    alerts.raise_(sentences.INCOMPLETE, sentences.incomplete_by_hand(named(missed)), about)
    well(shop, but=sentences.INCOMPLETE)


def _tell_several(shop: Workshop, ours: Sequence[Webhook]) -> None:
    """Name those beside the one that is kept: whose they are is not ours to judge."""
    kept = best_of(ours)
    others = [each.name for each in ours if each.active and each != kept]
    if not others:
        shop.alerts.resolve(sentences.SEVERAL)
        return
    url = address_of(shop.environment)
    said = sentences.several(len(others) + 1, url, sentences.named_hooks(others))
    shop.alerts.raise_(sentences.SEVERAL, said, {"url": url, "count": str(len(others) + 1)})
