"""The buttons of a preview: start what it says, forget it, or count once more."""

from __future__ import annotations

from typing import Final

from bot.asking.asked import Asked
from bot.asking.routes import Action
from bot.asking.unknown import UNKNOWN_ACTION
from bot.backfill.asking import begin
from bot.backfill.preview import AGAIN, CANCEL, START, Target, again, target_of
from bot.backfill.saying import plain, running
from bot.backfill.span import MONTHS, Span
from bot.blocks import Message, actions, section
from bot.integration.buttons import enable_button
from bot.markup import escape, lines
from bot.operations.backfill import span as in_words
from bot.operations.telling import begin_telling
from rules.settings import with_value
from store.backfills import Backfill, Backfills, Preview, Previews
from store.connection import now_ms
from store.operations import BusyOperationError, Operations
from store.settings import Revision, Revisions
from store.tombstone import DELETED

DAY: Final = 86_400


def start(asked: Asked) -> None:
    """Log what the preview said, if that still holds. Raises redis-py's errors, VendorErrors."""
    target, words = target_of(asked.act.value), asked.words
    if target is None:
        UNKNOWN_ACTION.run(asked)
        return
    shop = asked.desk.shop
    previews = Previews(shop.connection)
    preview = previews.of(target.id)
    if preview is None or preview.state != "ready":
        _over(
            asked,
            target,
            words("This preview has expired: it can be started once, within an hour."),
        )
        return
    current = shop.revisions.current()
    if current.note != DELETED and not current.settings.enabled:
        said = words("The integration is disabled: enable it, then start from the preview.")
        asked.tell(Message(said, (section(escape(said)), actions(enable_button(words)))))
        return
    if not _still_so(shop.revisions, preview, current):
        previews.take(target.id)
        said = words(
            "The settings were changed since this was counted (revision {before}, now {now}), so "
            "nothing was started.",
            before=preview.revision,
            now=current.number,
        )
        _over(asked, target, said)
        return
    _begin(asked, previews, preview)


def _still_so(revisions: Revisions, preview: Preview, current: Revision) -> bool:
    """Tell whether the settings are those it was counted by; being disabled never counted."""
    if current.number == preview.revision:
        return True
    try:
        counted_by = revisions.get(preview.revision).settings
    except LookupError:
        return False  # the store was emptied meanwhile
    return with_value(counted_by, "enabled", current.settings.enabled) == current.settings


def _begin(asked: Asked, previews: Previews, preview: Preview) -> None:
    shop, words, person = asked.desk.shop, asked.words, asked.person
    operations = Operations(shop.connection)
    about = {"start": preview.start, "end": preview.end, "revision": preview.revision}
    try:
        total = preview.counts.get("seen", 0)
        operation = operations.start("backfill", person.id, person.name, about, total)
    except BusyOperationError as error:
        asked.tell(running(asked, error.current))
        return
    previews.take(preview.id)
    Backfills(shop.connection).note(
        Backfill(operation.id, person.id, person.name, operation.began, preview.start, preview.end)
    )
    said = words.count(
        "Logging {count} call has begun.",
        "Logging {count} calls has begun.",
        preview.counts.get("log", 0),
    )
    text = lines(in_words(preview.start, preview.end, words), said)
    asked.tell(Message(said, (section(text),)), replace=True)
    begin_telling(asked, operation)


def cancel(asked: Asked) -> None:
    """Forget a preview. Raises redis-py's errors and VendorErrors."""
    target, words = target_of(asked.act.value), asked.words
    if target is None:
        UNKNOWN_ACTION.run(asked)
        return
    Previews(asked.desk.shop.connection).take(target.id)
    said = words("Cancelled: nothing was logged by it.")
    text = lines(in_words(target.start, target.end, words), said)
    asked.tell(Message(said, (section(text), actions(again(target, words)))), replace=True)


def count_again(asked: Asked) -> None:
    """Count the same time anew. Raises redis-py's errors and VendorErrors."""
    target = target_of(asked.act.value)
    if target is None:
        UNKNOWN_ACTION.run(asked)
        return
    now = now_ms(asked.desk.shop.connection) // 1000
    if target.end > now or not now - (MONTHS + 1) * DAY <= target.start <= target.end:
        said = asked.words("Aircall tells of the last six months only: ask for a later beginning.")
        asked.tell(plain(said), replace=True)
        return
    asked.tell(begin(asked, Span(target.start, target.end)), replace=True)


def _over(asked: Asked, target: Target, said: str) -> None:
    words = asked.words
    text = lines(in_words(target.start, target.end, words), said)
    asked.tell(Message(said, (section(text), actions(again(target, words)))), replace=True)


ACTIONS: Final = (
    Action(START, "admins", start),
    Action(CANCEL, "admins", cancel),
    Action(AGAIN, "admins", count_again),
)
