"""The last revisions of the settings, ten at a time: who, when, what, each with *Undo*."""

from __future__ import annotations

from typing import Final

from bot.asking.acts import View
from bot.asking.asked import Asked
from bot.asking.unknown import UNKNOWN_ACTION
from bot.blocks import Block, Element, Message, actions, button, context, divider, modal, section
from bot.channel.announcements import changes_in_words
from bot.history.revisions import readable
from bot.history.undo_button import undo_button
from bot.labels import author_name, note_in_words
from bot.markup import date, escape, lines
from bot.words import Words
from rules.settings import Known
from store.directory import known_from_store
from store.settings import Revision

CALLBACK: Final = "history"
PAGE: Final = "history.page"
PER_PAGE: Final = 10
MOST_LINES: Final = 6
"""Changes of one revision that are shown here; its announcement shows more."""
FIRST: Final = 1
"""There is nothing before it to go back to."""


def open_history(asked: Asked) -> None:
    """Open the newest revisions.

    Raises redis-py's errors, Unavailable, Rejected, and those of settings that cannot be read.
    """
    asked.open(view(asked))


def turn_page(asked: Asked) -> None:
    """Show newer or older ones in the open list. Raises as `open_history` does."""
    open_view = asked.act.view
    if open_view is None:
        UNKNOWN_ACTION.run(asked)
        return
    asked.update(open_view.id, open_view.hash, view(asked, _number(asked.act.value)))


def top_of(open_view: View) -> int | None:
    """Return the number of the newest revision that an open list shows; None for the newest."""
    return _number(open_view.metadata)


def view(asked: Asked, top: int | None = None, above: Message | None = None) -> Block:
    """Build the list from revision `top` down; `above` is said before it."""
    words, shop = asked.words, asked.desk.shop
    head = shop.revisions.current().number
    known = known_from_store(shop.connection)
    first = head if top is None else max(min(top, head), FIRST)
    shown = readable(shop.revisions, range(first, max(first - PER_PAGE, 0), -1))
    blocks: list[Block] = [*(above.blocks if above else ())]
    if above:
        blocks.append(divider())
    for revision in shown:
        blocks += _entry(revision, head, known, words)
    blocks += _paging(first, head, words)
    return modal(
        words("History"),
        blocks,
        close=words("Close"),
        callback=CALLBACK,
        # The newest page stays the newest, whatever is saved meanwhile.
        metadata="" if first == head else str(first),
    )


def _entry(revision: Revision, head: int, known: Known, words: Words) -> list[Block]:
    title = (
        words.md("*Revision {number}*, in force", number=revision.number)
        if revision.number == head
        else words.md("*Revision {number}*", number=revision.number)
    )
    changes = changes_in_words(revision, known, words, MOST_LINES)
    said = lines(
        title,
        *(changes or [words.md("Nothing was changed.")]),
        escape(note_in_words(revision.note, known, words)),
    )
    undoable = revision.changes and revision.number > FIRST
    accessory: Element | None = undo_button(words, revision.number) if undoable else None
    who = words.md(
        "{when}, by {who}", when=date(revision.at), who=author_name(revision.author, words)
    )
    return [section(said, accessory), context(who)]


def _paging(first: int, head: int, words: Words) -> list[Block]:
    buttons: list[Element] = []
    if first < head:
        buttons.append(
            button(
                words("Newer"),
                f"{PAGE}#newer",
                label=words("Show newer revisions"),
                value=str(min(first + PER_PAGE, head)),
            )
        )
    if first > PER_PAGE:
        buttons.append(
            button(
                words("Older"),
                f"{PAGE}#older",
                label=words("Show older revisions"),
                value=str(first - PER_PAGE),
            )
        )
    return [actions(*buttons)] if buttons else []


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None
