"""Reach the admins: in the channel, or each of them directly while that cannot be posted in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import structlog

from bot.asking.desk import Desk
from bot.blocks import Message
from bot.channel.posting import QUIET, post
from bot.history.revisions import readable
from bot.markup import escape
from bot.words import Words, language_of, words_in
from clients.errors import Rejected, VendorError
from store.welcome import Welcomes

MOST: Final = 10
"""Admins who are written to directly: more would make one request a second for too long."""
LATELY: Final = 20
"""Revisions whose authors are looked at where no admin is named anywhere."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message of ours stands; `reader` (Slack id) where it is a direct one."""

    channel: str
    ts: str
    reader: str = ""


def reach(
    desk: Desk, write: Callable[[Words], Message], before: Callable[[], object] = lambda: None
) -> tuple[Place, ...]:
    """Post in the channel, in its language; where there is none that can be posted in, directly.

    `before` is called before each request. Returns where it stands now, nothing if there is nobody
    to be reached. Raises Unavailable where Slack may take it later, Rejected where it refuses it
    everywhere, and redis-py's errors.
    """
    if where := desk.channel:
        before()
        try:
            return (Place(where, post(desk, write(desk.channel_words))),)
        except Rejected as error:
            _log.warning("channel refused", channel=where, because=error.sentence)
    return _directly(desk, write, before)


def reachable_admins(desk: Desk) -> tuple[str, ...]:
    """Return whom to write to: the known ones; else who saved lately and still is an admin.

    The workspace's own admins are not asked for: there may be many who know nothing of this.
    """
    if known := known_admins(desk):
        return known[:MOST]
    revisions = desk.shop.revisions
    head = revisions.current().number
    lately = readable(revisions, range(head, max(head - LATELY, 0), -1))
    authors = (each.author.id for each in lately if each.author.kind == "admin")
    people = dict.fromkeys([*authors, *_welcomed(desk)])
    return tuple(user for user in people if user and _is_admin(desk, user))[:MOST]


def _welcomed(desk: Desk) -> tuple[str, ...]:
    """Whom the first start led."""
    welcome = Welcomes(desk.shop.connection).read()
    return (welcome.user,) if welcome else ()


def _is_admin(desk: Desk, user: str) -> bool:
    return desk.judge(user, desk.people.find(user)).may("admins")


def known_admins(desk: Desk) -> tuple[str, ...]:
    """Return whom settings.toml lists and who was granted the right, each once."""
    granted = [grant.user for grant in desk.grants.all()]
    return tuple(dict.fromkeys([*desk.shop.file.slack.admins, *granted]))


def _directly(
    desk: Desk, write: Callable[[Words], Message], before: Callable[[], object]
) -> tuple[Place, ...]:
    places: list[Place] = []
    refused: VendorError | None = None
    for user in reachable_admins(desk):
        before()
        try:
            places.append(write_to(desk, user, write))
        except VendorError as error:
            refused = error
            _log.warning("admin not reached", user=user, because=error.sentence)
    if refused is not None and not places:
        raise refused
    return tuple(places)


def write_to(desk: Desk, user: str, write: Callable[[Words], Message]) -> Place:
    """Write to one person directly, in their language. Raises as `reach` does."""
    message = write(words_of(desk, user))
    told = desk.slack.tell("chat.postMessage", channel=user, **_body(message), **QUIET)
    return Place(str(told["channel"]), str(told["ts"]), user)


def rewrite(desk: Desk, place: Place, message: Message) -> None:
    """Put another message in the place of one of ours; one that is gone stays gone.

    Raises Unavailable and redis-py's errors.
    """
    try:
        desk.slack.tell("chat.update", channel=place.channel, ts=place.ts, **_body(message))
    except Rejected as error:
        _log.info("message not updated", channel=place.channel, because=error.sentence)


def words_of(desk: Desk, user: str) -> Words:
    """Return the words of somebody's language; the channel's while nobody knows theirs."""
    person = desk.people.find(user)
    return words_in(language_of(person.locale)) if person else desk.channel_words


def _body(message: Message) -> dict[str, Any]:
    return {"text": escape(message.text), "blocks": list(message.blocks)}
