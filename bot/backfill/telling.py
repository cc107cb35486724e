"""Tells of a preview in one direct message to who asked for it, updated until all is counted."""

from __future__ import annotations

from functools import partial

from bot.asking.desk import Desk, desk
from bot.backfill.preview import Around, told
from bot.channel.alone import alone
from bot.channel.delivery import Place, rewrite, words_of, write_to
from store import keys
from store.backfills import Preview, Previews


def tell(id_: str) -> None:
    """RQ job: show how far a preview is."""
    show(desk(), id_)


def show(ours: Desk, id_: str) -> None:
    """Show how far a preview is, unless another process does; it goes on while more is counted.

    What Slack does not take is shown later. Raises redis-py's errors.
    """
    key = keys.backfill_telling(id_)
    with alone(ours.shop.connection, key, "a preview") as lock:
        if lock is not None:
            _show(ours, id_)


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
