"""Whether the integration is enabled, since when and by whom; and turning it on or off."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from redis.exceptions import RedisError

from bot.asking.asked import Asked
from bot.channel.announcements import announce_soon
from bot.integration.looks import look_soon
from rules.settings import InvalidSettings, new_problems, with_value
from store.settings import Author, Revision, StaleSettings

TRIES: Final = 10
"""Saves of others that are waited for."""


@dataclass(frozen=True, slots=True)
class Switch:
    """Whether the integration is enabled, and who last turned it so, when (ms)."""

    enabled: bool
    at: int
    author: Author


def switched(revisions: Sequence[Revision], current: Revision) -> Switch:
    """Say who turned it as it is now: the last to change `enabled`, else who made the first.

    `revisions` are the first and those that changed it, oldest first; others do no harm.
    """
    turned = next(
        (
            each
            for each in reversed(revisions)
            if any(change.path == "enabled" for change in each.changes)
        ),
        revisions[0] if revisions else current,
    )
    return Switch(current.settings.enabled, turned.at, turned.author)


@dataclass(frozen=True, slots=True)
class Turned:
    """The revision in force, and who had turned it so before, if it was so already."""

    revision: Revision
    before: Switch
    already: bool


def turn(asked: Asked, *, on: bool) -> Turned:
    """Make the integration enabled or disabled; to say it twice does nothing.

    Raises InvalidSettings while no number is connected, StaleSettings where others never stop
    saving, redis-py's errors and those of settings that cannot be read.
    """
    shop = asked.desk.shop
    between: tuple[Revision, ...] = ()
    for _ in range(TRIES):
        current = shop.revisions.current()
        before = switched(shop.revisions.changing("enabled"), current)
        if current.settings.enabled == on:
            return Turned(current, before, already=True)
        wanted = with_value(current.settings, "enabled", on)
        if found := new_problems(current.settings, wanted):
            raise InvalidSettings(found)
        author = Author("admin", asked.person.id, asked.person.name)
        try:
            revision = shop.revisions.save(wanted, author, current.number)
        except StaleSettings as error:
            between = error.between
            continue
        # The clock would do the same, a beat later: a store lost just now undoes no save.
        with suppress(RedisError):
            if on and shop.due.resume("disabled"):
                shop.nudge()
        announce_soon(asked.desk)
        if on:
            look_soon(asked.desk)
        return Turned(revision, before, already=False)
    raise StaleSettings(between)
