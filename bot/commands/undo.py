"""What *Undo* does: a new revision that takes one back, or in words what keeps it from that."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

import structlog

from bot.asking.asked import Asked
from bot.asking.unknown import UNKNOWN_ACTION
from bot.blocks import Block, Message, actions, button, context, modal, section
from bot.channel.announcements import announce_soon, changes_in_words
from bot.channel.announcements import message as announcement
from bot.channel.delivery import Place, rewrite
from bot.history.reversal import Reversal, reversal_of
from bot.history.revisions import readable
from bot.history.undo_button import ANNOUNCED, UNDO, undo_button
from bot.integration.looks import look_soon
from bot.labels import diff_lines, setting_name, value_in_words
from bot.markup import Markup, bold, date, escape, lines, mention
from bot.modals import history
from bot.words import N_
from clients.errors import Rejected, VendorError
from rules.settings import Change, Known
from store.directory import known_from_store
from store.settings import Author, Revision, StaleSettings
from store.tombstone import DELETED

REST: Final = "undo.rest"
NOTE: Final = N_("Undo of revision {number}.")
TRIES: Final = 5
"""Saves by others in between that are reckoned with, one after the other."""
MOST: Final = 20
LOOKED_AT: Final = 50
"""Revisions among which the one that took an announced one back is looked for."""

_log = structlog.get_logger(__name__)


def undo(asked: Asked) -> None:
    """Take back the revision that the button names, if all of it can be.

    Raises redis-py's errors, Unavailable, Rejected, and those of settings that cannot be read.
    """
    _take_back(asked, asked.act.value, agreed="")


def undo_rest(asked: Asked) -> None:
    """Take back what can be of a revision, as it was just shown. Raises as `undo` does."""
    number, _, agreed = asked.act.value.partition(":")
    _take_back(asked, number, agreed)


def _take_back(asked: Asked, typed: str, agreed: str) -> None:
    """Take back; where not all can be, only if that was agreed to on the revision in force."""
    revisions = asked.desk.shop.revisions
    try:
        revision = revisions.get(int(typed))
    except (ValueError, LookupError):
        UNKNOWN_ACTION.run(asked)
        return
    for tried in range(TRIES):
        current = revisions.current()
        known = known_from_store(asked.desk.shop.connection)
        found = reversal_of(revision.changes, current.settings, known)
        if not found.able or (found.refused and agreed != str(current.number)):
            _answer(asked, revision, _cannot(asked, revision, current, found, known))
            break
        try:
            note = NOTE.format(number=revision.number)
            saved = revisions.save(found.wanted, _author(asked), current.number, note)
        except StaleSettings:
            if tried == TRIES - 1:
                raise
            continue
        announce_soon(asked.desk)
        if revision.note == DELETED:
            look_soon(asked.desk)
        _answer(asked, revision, _undone(asked, revision, saved, known))
        break


def _author(asked: Asked) -> Author:
    return Author("admin", asked.person.id, asked.person.name)


def _undone(asked: Asked, revision: Revision, saved: Revision, known: Known) -> Message:
    words = asked.words
    said = words(
        "What revision {number} changed was taken back, as revision {new}.",
        number=revision.number,
        new=saved.number,
    )
    changes = changes_in_words(saved, known, words)
    if revision.note == DELETED:
        changes.append(_of_webhook(asked))
    told = section(lines(Markup(f":white_check_mark: {said}"), *changes))
    if _in_history(asked):
        return Message(said, (told,))  # there it has its own button
    return Message(said, (told, actions(undo_button(words, saved.number))))


def _of_webhook(asked: Asked) -> Markup:
    """Say how the webhook comes back that went with the integration."""
    words = asked.words
    if asked.desk.environment.network.public_url:
        return words.md("If our webhook at Aircall was removed, it is made again within minutes.")
    return words.md(
        "The webhook at Aircall is not part of the settings: if it was removed, make it anew, or "
        "no event comes. With PUBLIC_URL set, this is done by itself."
    )


def _cannot(
    asked: Asked, revision: Revision, current: Revision, found: Reversal, known: Known
) -> Message:
    """Say field by field what can be taken back and what cannot, and offer the rest."""
    words, number = asked.words, revision.number
    if not found.able and not found.refused:
        said = words("What revision {number} changed is already as before.", number=number)
        return Message(said, (section(escape(said)),))
    pipeline = current.settings.tickets.pipeline
    refused = [
        words.md(
            "{setting}: {why} Now: {now}",
            setting=bold(setting_name(change.path, known, words)),
            why=words.retell(why),
            now=value_in_words(change.path, change.old, known, words, pipeline=pipeline),
        )
        for change, why in found.refused
    ]
    if not found.able:
        said = words("Nothing of revision {number} can be taken back any more.", number=number)
        return Message(said, (section(lines(bold(said), *_most(asked, refused))),))
    said = words(
        "Revision {number} cannot be taken back as a whole; nothing was changed yet.",
        number=number,
    )
    able = diff_lines(found.able, known, words, pipeline=_pipeline(found.able, current))
    rest = button(
        words("Undo the rest"),
        REST,
        label=words("Take back what can be taken back of revision {number}", number=number),
        value=f"{number}:{current.number}",
        style="primary",
    )
    return Message(
        said,
        (
            section(bold(said)),
            section(lines(words.md("*Cannot be taken back*"), *_most(asked, refused))),
            section(lines(words.md("*Can be taken back*"), *able)),
            actions(rest),
        ),
    )


def _pipeline(changes: tuple[Change, ...], current: Revision) -> str | None:
    for each in changes:
        if each.path == "tickets.pipeline":
            return None if each.new is None else str(each.new)
    return current.settings.tickets.pipeline


def _most(asked: Asked, said: list[Markup]) -> list[Markup]:
    if (more := len(said) - MOST) <= 0:
        return said
    return [*said[:MOST], Markup(asked.words.count("and {count} more", "and {count} more", more))]


def _answer(asked: Asked, revision: Revision, message: Message) -> None:
    """Answer where the button was: in the list of revisions, on top of a form, or in a message."""
    view = asked.act.view
    if view is None or view.type != "modal":
        asked.tell(message)
        if asked.act.action == f"{UNDO}#{ANNOUNCED}":
            _mark(asked, revision)
    elif _in_history(asked):
        # Whatever it shows now, this is newer: what was done is not to be called refused.
        shown = history.view(asked, history.top_of(view), message)
        _or_directly(asked, message, lambda: asked.update(view.id, "", shown))
    else:
        shown = modal(asked.words("Undo"), message.blocks, close=asked.words("Close"))
        _or_directly(asked, message, lambda: asked.open(shown))


def _or_directly(asked: Asked, message: Message, show: Callable[[], Block]) -> None:
    """Show it where the button was; where that was closed meanwhile, in a direct message."""
    try:
        show()
    except Rejected as error:
        _log.info("form closed before it was told", because=error.sentence)
        asked.tell(message)


def _in_history(asked: Asked) -> bool:
    return asked.act.view is not None and asked.act.view.callback == history.CALLBACK


def _mark(asked: Asked, revision: Revision) -> None:
    """Take the button off an announcement whose revision stands in nothing any more."""
    desk = asked.desk
    known, now = known_from_store(desk.shop.connection), desk.shop.revisions.current()
    if reversal_of(revision.changes, now.settings, known).able:
        return
    words = desk.channel_words
    told = announcement(revision, known, words, undoable=False)
    newest_first = range(now.number, max(revision.number, now.number - LOOKED_AT), -1)
    undone = _undone_by(readable(desk.shop.revisions, newest_first), revision.number)
    if undone is not None:
        said = words.md(
            "Taken back by {who} as revision {number}, {when}",
            who=mention(undone.author.id),
            number=undone.number,
            when=date(undone.at),
        )
        told = replace(told, blocks=(*told.blocks, context(said)))
    try:
        rewrite(desk, Place(asked.act.channel, asked.act.message_ts), told)
    except VendorError as error:
        _log.info("announcement not updated", because=error.sentence)


def _undone_by(later: Iterable[Revision], number: int) -> Revision | None:
    note = NOTE.format(number=number)
    return next((each for each in later if each.note == note), None)
