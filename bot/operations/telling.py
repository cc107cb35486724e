"""Tells of a long work in one message, updated in place until it ends with the report.

What is told is kept in the store, so a restart loses nothing; one process tells at a time. Whoever
dies between a post and its note makes the message stand there twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

import structlog
from redis.exceptions import RedisError

from bot.asking.asked import Asked
from bot.asking.desk import Desk, desk
from bot.asking.errors import later
from bot.asking.turns import BusyError
from bot.blocks import Message, section
from bot.channel.alone import alone
from bot.channel.delivery import Place, words_of, write_to
from bot.channel.posting import post
from bot.markup import channel, escape
from bot.operations.pace import sampled
from bot.operations.saying import done
from bot.operations.view import progress, report
from bot.words import Words
from clients.errors import Rejected
from store import keys
from store.connection import now_ms
from store.operation_messages import OperationMessages, Told
from store.operations import KINDS, Kind, Operation, Operations
from sync.operations import go_on
from sync.operations import tell as call_for_telling

EVERY: Final = 4_500
"""Milliseconds between two updates: the clock asks for one every five seconds."""
POST_EVERY: Final = 60_000
"""Milliseconds until a message that was deleted is posted again."""
SILENT: Final = 15
"""Seconds that a Slack that does not answer is left alone: telling is no part of the work."""
GONE: Final = frozenset({"message_not_found", "channel_not_found", "is_archived", "not_in_channel"})
"""Slack's codes for a message that nobody can read any more."""

_log = structlog.get_logger(__name__)


def begin_telling(asked: Asked, operation: Operation) -> None:
    """Have the operation that was just started worked at, show how far it is, and say where.

    It never fails: the operation is in the store, and the clock does whatever could not be done.
    """
    connection = asked.desk.shop.connection
    with suppress(RedisError):
        go_on(connection, operation.kind)
    try:
        later(asked, lambda: _begin(asked, operation))
    except BusyError:
        with suppress(RedisError):
            call_for_telling(connection, operation.kind)


def _begin(asked: Asked, operation: Operation) -> None:
    show(asked.desk, operation.kind)
    told = OperationMessages(asked.desk.shop.connection).of(operation.kind)
    here = told is not None and told.operation == operation.id and told.ts
    words, where = asked.words, asked.desk.channel
    if told is not None and here and told.direct:
        if not asked.act.response_url:
            return  # the message itself is all that is to be said, in the same place
        said = words("It has begun. I tell you in a direct message how far it is.")
        asked.tell(Message(said, (section(escape(said)),)))
        return
    if told is not None and here:
        where = told.channel
    said = words("It has begun. The channel for announcements shows how far it is.")
    text = words.md("It has begun. {channel} shows how far it is.", channel=channel(where))
    if not where:
        said = words("It has begun. I tell you how far it is as soon as Slack lets me.")
        text = escape(said)
    asked.tell(Message(said, (section(text),)))


def tell(kind: str) -> None:
    """RQ job: show how far the newest operation of a kind is, and how those before it ended."""
    for known in KINDS:
        if known == kind:
            show(desk(), known)


def show(ours: Desk, kind: Kind) -> None:
    """Show it, unless another process does; what Slack does not take is shown later.

    Raises redis-py's errors.
    """
    key = keys.operation_telling(kind)
    with alone(ours.shop.connection, key, f"operation {kind}", silent=SILENT) as lock:
        if lock is not None:
            _show(ours, kind, lock.reacquire)


def _show(ours: Desk, kind: Kind, keep: Callable[[], object]) -> None:
    """Show each; `keep` is called before the next one, as several may take longer than a lock."""
    operations = Operations(ours.shop.connection)
    # The newest is read first: whatever it follows is among the untold ones then.
    newest = operations.current(kind)
    for former in operations.untold(kind):
        _show_one(ours, former)
        operations.told(former)
        keep()
    if newest is not None:
        _show_one(ours, newest)


def _show_one(ours: Desk, operation: Operation) -> None:
    connection, kind = ours.shop.connection, operation.kind
    kept, now = OperationMessages(connection), now_ms(connection)
    told = kept.of(kind)
    if told is None or told.operation != operation.id:
        told = Told(operation.id)
    recent = 0 <= now - told.at < EVERY and told.state == operation.state
    if told.over or recent:
        return
    samples = sampled(told.samples, now, done(operation))
    told = replace(told, at=now, state=operation.state, samples=samples)

    def write(words: Words) -> Message:
        if operation.active:
            return progress(operation, samples, now, words)
        return report(operation, words)

    try:
        told = _written(ours, operation, told, write)
    except Rejected as error:
        if operation.active:
            raise
        # There is nobody left who could read how it ended.
        _log.warning("nobody can be told how it ended", kind=kind, because=error.sentence)
    kept.keep(kind, replace(told, over=not operation.active))


def _written(
    ours: Desk, operation: Operation, told: Told, write: Callable[[Words], Message]
) -> Told:
    """Update the message, or post it where there is none; returns where it stands."""
    if told.ts:
        message = write(_words(ours, told, operation))
        digest = _digest(message)
        if digest == told.digest or _rewritten(ours, told, message):
            return replace(told, digest=digest)
        if operation.active and 0 <= told.at - told.posted < POST_EVERY:
            return told
    place, direct = _posted(ours, operation, write)
    there = replace(told, channel=place.channel, ts=place.ts, direct=direct, posted=told.at)
    return replace(there, digest=_digest(write(_words(ours, there, operation))))


def _posted(
    ours: Desk, operation: Operation, write: Callable[[Words], Message]
) -> tuple[Place, bool]:
    """Post in the channel; where there is none that can be posted in, to who started it."""
    if where := ours.channel:
        try:
            return Place(where, post(ours, write(ours.channel_words))), False
        except Rejected as error:
            _log.warning("channel refused", channel=where, because=error.sentence)
    return write_to(ours, operation.by, write), True


def _rewritten(ours: Desk, told: Told, message: Message) -> bool:
    """Put another message in its place; False if it is there no more. Raises Unavailable."""
    body: dict[str, Any] = {"text": escape(message.text), "blocks": list(message.blocks)}
    try:
        # Quick: a Slack that hangs must not hold up the work it is told of.
        ours.slack.tell("chat.update", quick=True, channel=told.channel, ts=told.ts, **body)
    except Rejected as error:
        _log.info("progress not updated", channel=told.channel, because=error.sentence)
        return error.category not in GONE
    return True


def _words(ours: Desk, told: Told, operation: Operation) -> Words:
    return words_of(ours, operation.by) if told.direct else ours.channel_words


def _digest(message: Message) -> str:
    return hashlib.sha256(json.dumps(message.blocks).encode()).hexdigest()[:32]
