"""Every change of the settings, by person or system, is said once in the channel."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Final

from redis.exceptions import RedisError

from bot.asking.desk import Desk, desk
from bot.blocks import Block, Message, actions, button, context, section
from bot.channel.alone import alone
from bot.channel.delivery import reach
from bot.history.revisions import readable
from bot.history.undo_button import ANNOUNCED, undo_button
from bot.labels import MOST_LINES, author_name, diff_lines, note_in_words, setting_name
from bot.markup import Markup, clean, date, escape, lines, shortened
from bot.words import Words
from rules.settings import Known
from store import keys
from store.connection import now_ms
from store.directory import known_from_store
from store.left_out import any_left_out
from store.settings import Author, Revision
from worker.missing import follow_up, open_missing
from worker.nudge import BACKGROUND, enqueue

PUBLISH: Final = "bot.channel.announcements.publish"
SHOW: Final = (
    "bot.status.home.refresh",
    "bot.first_start.steps.go_on",
    "sync.directory.reading.look_again",
)
"""What shows the settings besides, and is to show the new ones: alerts that they mended, too."""
NO_NEWS: Final = 86_400_000
"""Milliseconds: what is older when we announce for the first time was told otherwise."""
MOST_NAMED: Final = 5
LONGEST_LINES: Final = 2500
"""Characters of all changes of a revision: the rest of its paragraph is for who and when."""


def announce_soon(desk: Desk) -> None:
    """Ask for what was not announced yet to be; the clock asks again.

    It follows a save that is done: a store lost just then must not make it look refused.
    """
    with suppress(RedisError):
        for job in (PUBLISH, *SHOW):
            enqueue(desk.shop.connection, BACKGROUND, job)
        if open_missing(desk.shop.alerts) or any_left_out(desk.shop.connection):
            # It may have mended what is missing: that is said at once.
            follow_up(desk.shop)


def publish() -> None:
    """RQ job: announce every revision that was not announced yet."""
    announce(desk())


def announce(desk: Desk) -> None:
    """Announce what was not announced yet, one process at a time; what Slack does not take, later.

    The number kept in the store is the truth: whoever dies between posting and noting it makes one
    announcement come twice. Raises redis-py's errors, and those of settings that cannot be read.
    """
    connection = desk.shop.connection
    with alone(connection, keys.ANNOUNCING, "an announcement") as lock:
        if lock is None:
            return
        known = known_from_store(connection)
        for revision in _news(desk):
            reach(desk, partial(message, revision, known), lock.reacquire)
            connection.set(keys.ANNOUNCED, revision.number)


def _news(desk: Desk) -> Iterator[Revision]:
    """Yield what was not announced yet, oldest first; what cannot be read is passed over."""
    connection, revisions = desk.shop.connection, desk.shop.revisions
    head = revisions.current().number
    last = _last(desk, head)
    if last == head:
        return
    for revision in readable(revisions, range(last + 1, head + 1)):
        if revision.number > 1 or revision.author.kind != "file":
            yield revision  # the first from the file was never otherwise
    connection.set(keys.ANNOUNCED, head)
    for job in SHOW:
        enqueue(connection, BACKGROUND, job)


def _last(desk: Desk, head: int) -> int:
    """Return the number of the last revision that needs no announcement."""
    kept = desk.shop.connection.get(keys.ANNOUNCED)
    if kept is not None and int(kept) <= head:
        return int(kept)
    if kept is not None:
        # A store that was brought back from a copy has fewer revisions than were announced.
        desk.shop.connection.set(keys.ANNOUNCED, head)
        return head
    since = now_ms(desk.shop.connection) - NO_NEWS
    newest_first = readable(desk.shop.revisions, range(head, 0, -1))
    return next((each.number for each in newest_first if each.at < since), 0)


def message(revision: Revision, known: Known, words: Words, *, undoable: bool = True) -> Message:
    """Say who changed what, with a button that takes it back."""
    who = author_name(revision.author, words)
    headline, spoken = _headline(revision, who, known, words)
    changes = changes_in_words(revision, known, words)
    blocks: list[Block] = [section(lines(headline, *changes))]
    number = words.md("Revision {number}, {when}", number=revision.number, when=date(revision.at))
    note = [escape(note_in_words(revision.note, known, words))] if revision.note else []
    blocks.append(context(*note, number))
    with_undo = undoable and revision.changes
    buttons = [undo_button(words, revision.number, ANNOUNCED)] if with_undo else []
    label = words("Show the last changes of the settings, with undo")
    blocks.append(actions(*buttons, button(words("History"), "history", label=label)))
    return Message(spoken, tuple(blocks))


def changes_in_words(
    revision: Revision, known: Known, words: Words, most: int = MOST_LINES
) -> list[Markup]:
    """Say a revision's changes, as many as fit into one paragraph, and how many more there are."""
    pipeline = revision.settings.tickets.pipeline
    while True:
        said = diff_lines(revision.changes, known, words, pipeline=pipeline, most=most)
        if most <= 1 or sum(len(each) + 1 for each in said) <= LONGEST_LINES:
            return said
        most -= 1


def _headline(revision: Revision, who: Markup, known: Known, words: Words) -> tuple[Markup, str]:
    """Return the first line, and the sentence that is read aloud."""
    name = plain_name(revision.author, words)
    if [each.path for each in revision.changes] == ["enabled"]:
        if revision.settings.enabled:
            return (
                words.md("*The integration was enabled* by {who}.", who=who),
                words("The integration was enabled by {who}.", who=name),
            )
        return (
            words.md("*The integration was disabled* by {who}.", who=who),
            words("The integration was disabled by {who}.", who=name),
        )
    names = [setting_name(each.path, known, words) for each in revision.changes[:MOST_NAMED]]
    if more := len(revision.changes) - len(names):
        names.append(words.count("{count} more", "{count} more", more))
    return (
        words.md("*The settings were changed* by {who}:", who=who),
        words("The settings were changed by {who}: {names}.", who=name, names=", ".join(names)),
    )


def plain_name(author: Author, words: Words) -> str:
    """Name an author where no mention can stand."""
    if author.kind == "system":
        return words("the integration itself")
    return shortened(clean(author.name or author.id or author.kind), 80)
