"""Make our webhook, or make it whole again, at most once for each reason, and say so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import structlog

from clients.aircall.records import Webhook
from clients.errors import NotFound, Rejected, Unavailable, VendorError
from store.outages import Outages
from store.tombstone import is_deleted
from sync.slices import Slice
from sync.webhook import sentences
from sync.webhook.events import CORE, EVENTS, is_missed, lacking, named
from sync.webhook.ours import Memory, Remembered, address_of, best_of, our_webhooks
from sync.webhook.surplus import kept_of
from worker.nudge import BACKGROUND, enqueue
from worker.workshop import Workshop

REPAIR: Final = "sync.gaps.repair.repair"
"""A job beside ours: it fetches the calls that did not reach us."""
REFUSED: Final = "refused"
DONE: Final = "done"
OFF: Final = "off "
"""Words of what was tried."""
UNPROCESSABLE: Final = frozenset({400, 422})
"""Statuses with which Aircall refuses what was sent."""
T = TypeVar("T")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Wish:
    """What our webhook is to be."""

    url: str
    name: str
    events: tuple[str, ...]


def wish_of(shop: Workshop) -> Wish:
    """Return what our webhook is to be now. Raises redis-py's errors and those of settings."""
    events = CORE if Remembered(shop.connection).is_without() else EVENTS
    return Wish(address_of(shop.environment), shop.revisions.current().settings.name, events)


def register(shop: Workshop, piece: Slice) -> None:
    """Make our webhook where Aircall has none.

    Raises Unavailable where that cannot be known to have failed, SliceLostError, redis-py's errors
    and those of settings.
    """
    wish, remembered = wish_of(shop), Remembered(shop.connection)
    if not wish.url.startswith("https://"):
        _alert(shop, sentences.MISSING, sentences.missing_for_http(wish.url), wish)
        return
    attempt = f"make {wish.url}"
    # Whoever was quicker has made it meanwhile: look again, as late as can be.
    if remembered.tried() == f"{REFUSED} {attempt}" or _found(shop) or _is_deleted(shop):
        return
    piece.keep()
    try:
        made = _with_fewer(shop, wish, lambda events: _create(shop, wish, events))
    except VendorError as error:
        _pass_on(error)
        remembered.note_try(f"{REFUSED} {attempt}")
        _alert(shop, sentences.MISSING, sentences.missing_refused(wish.url, error.sentence), wish)
        return
    if _is_deleted(shop):
        # It was deleted while we asked: whoever did so saw no webhook to remove.
        shop.aircall.in_background().delete_webhook(made.id)
        return
    last = remembered.last()
    if last.id == made.id:
        return  # another process made it while ours stood still, and has said so
    back = bool(last.id) or sentences.MISSING in shop.alerts.names()
    remembered.keep(Memory(made.id, wish.name, wish.url))
    # With another PUBLIC_URL the former one is there still, and may be another product's by now.
    said = sentences.registered(wish.url, was_there=last.url == wish.url, back=back)
    shop.alerts.notice(sentences.REGISTERED, said, {"url": wish.url})
    Outages(shop.connection).webhook_back()
    well(shop)
    _fetch(shop)


def mend(shop: Workshop, piece: Slice, hook: Webhook) -> None:
    """Make ours active and whole, and give it the name of the integration.

    Raises Unavailable, SliceLostError, redis-py's errors and those of settings.
    """
    wish, remembered = wish_of(shop), Remembered(shop.connection)
    missed = lacking(hook.events, wish.events)
    if hook.active and not missed:
        well(shop)
        _rename(shop, piece, hook, wish)
        return
    attempt = f"mend {hook.id} {'' if hook.active else OFF}{','.join(missed)}"
    tried = remembered.tried()
    if tried == f"{REFUSED} {attempt}":
        return
    again = tried == f"{DONE} {attempt}"
    if again and hook.active:
        said = sentences.incomplete_refused(named(missed), sentences.LEFT_OUT)
        _alert(shop, sentences.INCOMPLETE, said, wish)
        return
    piece.keep()
    try:
        _with_fewer(shop, wish, lambda events: _update(shop, hook, wish, events))
    except NotFound:
        return  # it is gone meanwhile: the next look makes another
    except VendorError as error:
        _pass_on(error)
        remembered.note_try(f"{REFUSED} {attempt}")
        if hook.active:
            said = sentences.incomplete_refused(named(missed), error.sentence)
            _alert(shop, sentences.INCOMPLETE, said, wish)
        else:
            _alert(shop, sentences.DISABLED, sentences.disabled_refused(error.sentence), wish)
        return
    remembered.note_try(f"{DONE} {attempt}")
    remembered.keep(Memory(hook.id, wish.name, wish.url))
    if again:
        _alert(shop, sentences.DISABLED, sentences.disabled_again(wish.url), wish)
    else:
        _tell(shop, hook, missed, wish)
    if not hook.active and not again:
        # Of one that does not stay on the alert says that messages may be lost, once.
        Outages(shop.connection).webhook_back()
    if not hook.active or is_missed(missed):
        _fetch(shop)


def well(shop: Workshop, but: str = "") -> None:
    """Close what was open of our webhook, all `but` one; calls of a time without it are fetched.

    One that was off within the last hour may be off again soon: that alert stays until then.
    """
    tried = Remembered(shop.connection).tried()
    is_shaky = tried.startswith(f"{DONE} mend ") and OFF in tried
    stays = {but, sentences.DISABLED} if is_shaky else {but}
    closed = [
        name
        for name in (sentences.MISSING, sentences.DISABLED, sentences.INCOMPLETE)
        if name not in stays and shop.alerts.resolve(name, sentences.WELL)
    ]
    outages = Outages(shop.connection)
    if {sentences.MISSING, sentences.DISABLED}.intersection(closed):
        # Somebody mended it at Aircall's.
        outages.webhook_back()
    outages.webhook_well()
    if closed:
        _fetch(shop)


def _tell(shop: Workshop, hook: Webhook, missed: Sequence[str], wish: Wish) -> None:
    about = {"url": wish.url}
    if not hook.active:
        shop.alerts.notice(sentences.ENABLED, sentences.enabled(), about)
        shop.alerts.resolve(sentences.DISABLED, sentences.WELL)
    else:
        said = sentences.completed(named(missed), back=is_missed(missed))
        shop.alerts.notice(sentences.COMPLETED, said, about)
    shop.alerts.resolve(sentences.MISSING, sentences.WELL)
    shop.alerts.resolve(sentences.INCOMPLETE, sentences.WELL)


def _rename(shop: Workshop, piece: Slice, hook: Webhook, wish: Wish) -> None:
    """Give it the integration's name, once: Aircall may alter it, and people rename it there."""
    remembered, wanted = Remembered(shop.connection), Memory(hook.id, wish.name, wish.url)
    if hook.name != wish.name and remembered.last() != wanted:
        piece.keep()
        try:
            _update(shop, hook, wish, wish.events)
        except VendorError as error:
            _pass_on(error)
            log.warning("webhook not renamed", because=error.sentence)
    remembered.keep(wanted)


def _create(shop: Workshop, wish: Wish, events: Sequence[str]) -> Webhook:
    """Make it; an answer that was lost is made up for by what Aircall lists."""
    try:
        made = shop.aircall.in_background().create_webhook(wish.url, wish.name, events)
    except Unavailable as error:
        found = _found(shop) if error.maybe_written else None
        if found is None:
            raise
        return found
    return kept_of(shop, made)


def _update(shop: Workshop, hook: Webhook, wish: Wish, events: Sequence[str]) -> None:
    shop.aircall.in_background().update_webhook(hook.id, events=events, active=True, name=wish.name)


def _with_fewer(shop: Workshop, wish: Wish, send: Callable[[Sequence[str]], T]) -> T:
    """Send; where Aircall does not take the events, only those that we cannot do without."""
    try:
        return send(wish.events)
    except Rejected as error:
        if error.status not in UNPROCESSABLE or wish.events == CORE:
            raise
        answered = send(CORE)
        log.warning("webhook without some events", because=error.sentence)
    Remembered(shop.connection).note_without()
    return answered


def _found(shop: Workshop) -> Webhook | None:
    """Ask Aircall once more for ours, also for one whose address it wrote in a way of its own."""
    hooks = shop.aircall.in_background().webhooks()
    last, url = Remembered(shop.connection).last(), address_of(shop.environment)
    ours = our_webhooks(shop.environment, hooks) or [
        each for each in hooks if (each.id, url) == (last.id, last.url)
    ]
    return best_of(ours) if ours else None


def _is_deleted(shop: Workshop) -> bool:
    return is_deleted(shop.revisions.current())


def _pass_on(error: VendorError) -> None:
    """Raise what passes by itself; a refusal, of our key as well, is a person's to mend."""
    if isinstance(error, Unavailable) and error.reason != "credentials":
        raise error


def _alert(shop: Workshop, name: str, said: str, wish: Wish) -> None:
    shop.alerts.raise_(name, said, {"url": wish.url})


def _fetch(shop: Workshop) -> None:
    enqueue(shop.connection, BACKGROUND, REPAIR)
