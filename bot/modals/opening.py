"""Open a form within its trigger's three seconds, however slow the vendors are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

import structlog

from bot.asking.acts import View
from bot.asking.asked import Asked
from bot.asking.errors import filling_later, notice
from bot.asking.unknown import FORMER, UNKNOWN_CHOICES
from bot.blocks import Block, Option
from bot.markup import Markup, date
from bot.modals.form import Draft, FormerFormError, Memo, Section, memo_of, path_of
from clients.errors import Rejected
from rules.settings import with_ids, with_values
from store.connection import now_ms
from store.directory import Directory, Part, known_of
from store.settings import Revision
from worker.directory import refresh

OVERVIEW: Final = "settings.overview"
"""The `callback_id` of the overview."""
OF_AIRCALL: Final[frozenset[Part]] = frozenset({"numbers", "users", "tags"})
GONE: Final = frozenset({"not_found", "hash_conflict"})
"""Slack's codes for a form that its reader closed or moved on from."""

_log = structlog.get_logger(__name__)


def open_section(asked: Asked, section: Section) -> None:
    """Open a section's form: at once where we just looked, else "reading" first, then filled.

    What asked for it may name a setting, to open the form there. Raises redis-py's errors,
    Unavailable, Rejected, and those of settings that cannot be read.
    """
    revision = asked.desk.shop.revisions.current()
    memo = Memo(revision.number, at=_setting(asked, section), over=_overview(asked))
    old = _old(asked, section)
    if not old:
        asked.open(section.view(draft_of(asked, revision, memo)))
        return
    opened = asked.open(section.loading(asked.words))
    filling_later(asked, opened["id"], lambda: _fill(asked, section, memo, opened, old))


def _setting(asked: Asked, section: Section) -> str:
    act = asked.act
    wanted = act.value if act.kind == "action" and act.value != section.name else ""
    return wanted if section.holds(wanted) and len(wanted) <= 255 else ""


def _overview(asked: Asked) -> str:
    view = asked.act.view
    return view.id if view is not None and view.callback == OVERVIEW else ""


def _old(asked: Asked, section: Section) -> list[Part]:
    """The parts that were not read just now."""
    shop = asked.desk.shop
    read_at, now = shop.directory.read().read_at, now_ms(shop.connection)
    limit = section.fresh_for * 1000
    return [part for part in section.parts if now - read_at.get(part, 0) >= limit]


def _fill(asked: Asked, section: Section, memo: Memo, opened: Block, parts: Iterable[Part]) -> None:
    shop = asked.desk.shop
    # What is looked at in its own way is not read once more.
    failed = dict(refresh(shop, () if section.look else parts))
    if section.look:
        failed |= section.look(shop)
    # The newest: somebody may have saved while the vendors were asked.
    revision = asked.desk.shop.revisions.current()
    draft = draft_of(asked, revision, replace(memo, based_on=revision.number))
    notices = (
        *unanswered(asked, failed, draft.directory),
        *section.notices(shop, asked.words),
    )
    draft = replace(draft, notices=notices)
    _put(asked, section, opened["id"], opened["hash"], draft)


def reshape(asked: Asked, section: Section) -> None:
    """Build an open form anew after a choice in it that changes what else there is to choose.

    Raises redis-py's errors, Unavailable, Rejected, InvalidSettings for what was made up, and
    those of settings that cannot be read.
    """
    view = asked.act.view
    if view is None:
        return
    try:
        typed = typed_draft(asked, section, view)
    except FormerFormError:
        asked.update(view.id, view.hash, notice(asked.words, asked.words(FORMER)))
        return
    memo = replace(typed.memo, fresh=typed.memo.fresh + 1)
    typed = replace(typed, memo=memo)
    _put(asked, section, view.id, view.hash, section.live[asked.act.path](typed, asked.act.value))


def search(asked: Asked, section: Section) -> Sequence[Option]:
    """Find what was typed in a list of an open form. Raises as `reshape` does."""
    view, path = asked.act.view, path_of(asked.act.block)
    if view is None:
        return ()
    beginnings = (each for each in section.choices if each.endswith(".") and path.startswith(each))
    name = path if path in section.choices else next(beginnings)
    try:
        typed = typed_draft(asked, section, view)
    except FormerFormError:
        return UNKNOWN_CHOICES.find(asked)
    return section.choices[name](typed, asked.act.value)


def typed_draft(asked: Asked, section: Section, view: View) -> Draft:
    """Make the draft of a form as it stands, with what was typed.

    Raises FormerFormError, and InvalidSettings for what was made up.
    """
    memo = memo_of(view.metadata)
    revisions = asked.desk.shop.revisions
    try:
        base = revisions.get(memo.based_on)
    except LookupError:
        # The store was emptied meanwhile; saving will say so.
        base = revisions.current()
    draft = draft_of(asked, base, memo)
    typed = {
        path: value
        for path, value in section.read(view.values, draft).items()
        if section.holds(path)
    }
    return replace(draft, shown=with_values(draft.base, typed), fields=open_fields(view))


def open_fields(view: View) -> tuple[str, ...]:
    """Name the settings that have an input in an open form."""
    return tuple(dict.fromkeys(map(path_of, view.values)))


def _put(asked: Asked, section: Section, view: str, hash_: str, draft: Draft) -> None:
    """Show the form with this draft, unless its reader closed it or moved on."""
    try:
        asked.update(view, hash_, section.view(draft))
    except Rejected as error:
        if error.category not in GONE:
            raise
        _log.info("form closed before it was shown", section=section.name)


def draft_of(asked: Asked, revision: Revision, memo: Memo) -> Draft:
    """Make the draft of a form on this revision, from what is known now."""
    directory = asked.desk.shop.directory.read()
    known = known_of(directory)
    settings = with_ids(revision.settings, known)
    return Draft(
        words=asked.words,
        memo=memo,
        base=settings,
        shown=settings,
        directory=directory,
        known=known,
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
