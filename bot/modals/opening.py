"""Open a form within its trigger's three seconds, however slow the vendors are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

import structlog

from bot.asking import Asked
from bot.blocks import Block, Option
from bot.markup import Markup, date
from bot.modals.form import Draft, Memo, Section, memo_of
from clients.errors import Rejected
from rules.settings import Settings, with_ids, with_values
from store.connection import now_ms
from store.directory import Directory, Part, known_from_store
from store.settings import Revision
from worker.directory import refresh

FRESH: Final = 15
"""Seconds that a reading of the directory is good enough to choose from."""
OF_AIRCALL: Final[frozenset[Part]] = frozenset({"numbers", "users", "tags"})
GONE: Final = frozenset({"not_found", "hash_conflict"})
"""Slack's codes for a form that its reader closed or moved on from."""

_log = structlog.get_logger(__name__)


def open_section(asked: Asked, section: Section) -> None:
    """Open a section's form: at once where we just looked, else "reading" first, then filled.

    Raises redis-py's errors, Unavailable, Rejected, and those of settings that cannot be read.
    """
    revision = asked.desk.shop.revisions.current()
    old = _old(asked, section.parts)
    if not old:
        asked.open(section.view(draft_of(asked, revision)))
        return
    opened = asked.open(section.loading(asked.words))
    asked.later(lambda: _fill(asked, section, revision, opened, old))


def _old(asked: Asked, parts: Iterable[Part]) -> list[Part]:
    """The parts that were not read just now."""
    shop = asked.desk.shop
    read_at, now = shop.directory.read().read_at, now_ms(shop.connection)
    return [part for part in parts if now - read_at.get(part, 0) > FRESH * 1000]


def _fill(
    asked: Asked, section: Section, revision: Revision, opened: Block, parts: Iterable[Part]
) -> None:
    failed = refresh(asked.desk.shop, parts)
    draft = draft_of(asked, revision)
    draft = replace(draft, notices=unanswered(asked, failed, draft.directory))
    _put(asked, section, opened["id"], opened["hash"], draft)


def reshape(asked: Asked, section: Section) -> None:
    """Build an open form anew after a choice in it that changes what else there is to choose.

    Raises redis-py's errors, Unavailable, Rejected, and those of settings that cannot be read.
    """
    view = asked.act.view
    if view is None:
        raise ValueError("a live input without a view")
    memo = memo_of(view.metadata)
    base = asked.desk.shop.revisions.get(memo.based_on)
    draft = draft_of(asked, base, replace(memo, fresh=memo.fresh + 1))
    before = with_ids(base.settings, draft.known)
    typed = replace(draft, shown=with_values(before, section.read(view.values, draft)))
    _put(asked, section, view.id, view.hash, section.live[asked.act.path](typed, asked.act.value))


def search(asked: Asked, section: Section) -> Sequence[Option]:
    """Find what was typed in a list of an open form. Raises as `reshape` does."""
    revision = asked.desk.shop.revisions.current()
    return section.choices[asked.act.path](draft_of(asked, revision), asked.act.value)


def _put(asked: Asked, section: Section, view: str, hash_: str, draft: Draft) -> None:
    """Show the form with this draft, unless its reader closed it or moved on."""
    try:
        asked.update(view, hash_, section.view(draft))
    except Rejected as error:
        if error.category not in GONE:
            raise
        _log.info("form closed before it was shown", section=section.name)


def draft_of(
    asked: Asked, revision: Revision, memo: Memo | None = None, shown: Settings | None = None
) -> Draft:
    """Make the draft of a form on this revision, from what is known now."""
    shop = asked.desk.shop
    return Draft(
        words=asked.words,
        memo=memo or Memo(revision.number),
        shown=shown or revision.settings,
        directory=shop.directory.read(),
        known=known_from_store(shop.connection),
    )


def unanswered(asked: Asked, failed: Iterable[Part], directory: Directory) -> tuple[Markup, ...]:
    """Say which vendor did not tell what there is, and how old what is shown therefore is."""
    words = asked.words
    said: dict[str, Markup] = {}
    for part in failed:
        vendor = "Aircall" if part in OF_AIRCALL else "HubSpot"
        at = directory.read_at.get(part)
        said[vendor] = (
            words.md(
                ":warning: {vendor} does not answer now. The choices are those of {when}.",
                vendor=vendor,
                when=date(at),
            )
            if at
            else words.md(
                ":warning: {vendor} does not answer and was never read yet. Try again in a minute.",
                vendor=vendor,
            )
        )
    return tuple(said.values())
