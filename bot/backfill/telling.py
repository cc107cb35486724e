"""Tells of a preview in one direct message to who asked for it, updated until all is counted."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Final

import structlog
from redis.exceptions import LockError

from bot.asking.desk import Desk, desk
from bot.backfill.preview import Around, told
from bot.channel.delivery import Place, rewrite, words_of, write_to
from clients.errors import Unavailable, VendorError
from store import keys
from store.backfills import Preview, Previews

HELD: Final = 30
"""Seconds that one process alone tells of a preview."""
REFUSED: Final = 60
"""Seconds until a message that Slack refused is tried again."""

_log = structlog.get_logger(__name__)


def tell(id_: str) -> None:
    """RQ job: show how far a preview is."""
    show(desk(), id_)


def show(ours: Desk, id_: str) -> None:
    """Show how far a preview is, unless another process does; it goes on while more is counted.

    What Slack does not take is shown later. Raises redis-py's errors.
    """
    connection = ours.shop.connection
    lock = connection.lock(
        keys.backfill_telling(id_), timeout=HELD, blocking=False, thread_local=False
    )
    if not lock.acquire():
        return
    wait: float = 0
    try:
        _show(ours, id_)
    except VendorError as error:
        wait = error.wait if isinstance(error, Unavailable) else REFUSED
        _log.warning("preview told later", seconds=wait, because=error.sentence)
    finally:
        with suppress(LockError):
            if wait:
                # Nobody tries before Slack wants to be asked again.
                lock.extend(max(wait, 1), replace_ttl=True)
            else:
                lock.release()


def _show(ours: Desk, id_: str) -> None:
    previews = Previews(ours.shop.connection)
    preview = previews.of(id_)
    while preview is not None:
        write = partial(told, preview, around_of(ours, preview))
        place = Place(preview.channel, preview.ts)
        if preview.ts:
            rewrite(ours, place, write(words_of(ours, preview.by)))
        else:
            place = write_to(ours, preview.by, write)
        previews.tell(preview, place.channel, place.ts, preview.state)
        before, preview = preview.state, previews.of(id_)
        if preview is None or preview.state == before:
            return  # whoever ends the counting while we tell finds nobody else to do so


def around_of(ours: Desk, preview: Preview) -> Around:
    """Look up what a preview's message says besides it; raises redis-py's errors."""
    shop = ours.shop
    settings = shop.revisions.current().settings
    return Around(
        phones=Previews(shop.connection).phones(preview.id),
        enabled=settings.enabled,
        creates_contacts=settings.create_contacts,
        per_minute=shop.file.limits.aircall,
    )
