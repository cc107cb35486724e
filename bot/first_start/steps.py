"""The first start: one direct message leads the first admin to the first logged call.

Each step ticks itself off by looking at how things are. State is in Redis and one process at a
time goes on, so restarts lose nothing; only one that dies between a post and its note posts twice.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Final

import structlog

from bot.asking.asked import Asked
from bot.asking.desk import Desk, desk
from bot.asking.standing import Rank
from bot.blocks import Message, section
from bot.channel.delivery import Place, rewrite, words_of, write_to
from bot.channel.posting import post
from bot.first_start.welcome import Logged, Progress, message, report
from bot.markup import escape
from bot.status.facts import connected
from clients.errors import Rejected, Unavailable
from rules.settings import Settings
from store import keys
from store.channel import Channel
from store.connection import now_ms, text
from store.directory import Directory
from store.recent import Ended, ended_lately
from store.scripts import Scripts
from store.settings import DamagedSettingsError, NoSettingsError
from store.welcome import Welcome, Welcomes
from worker.cases import case_of
from worker.nudge import BACKGROUND, enqueue

GO_ON: Final = "bot.first_start.steps.go_on"
TEST_EVERY: Final = 60_000
"""Milliseconds between two tries to post in a channel that settings.toml names."""
OF_THE_PERSON: Final = frozenset(
    {"channel_not_found", "user_not_found", "user_disabled", "cannot_dm_bot", "is_bot"}
)
"""Slack's codes for somebody who cannot be written to: then it is another's turn."""

_log = structlog.get_logger(__name__)


def meet(asked: Asked) -> None:
    """Begin with this admin, unless one listed in settings.toml is to be led, or somebody is.

    Raises redis-py's errors.
    """
    if asked.standing.rank < Rank.ADMIN:
        return
    kept = Welcomes(asked.desk.shop.connection)
    now = kept.read()
    if now is not None and (now.user or now.over):
        return
    listed = set(asked.desk.shop.file.slack.admins)
    refused = set(now.refused) if now else set()
    if listed - refused and asked.act.user not in listed:
        return
    with kept.held() as mine:
        if mine:
            kept.write(_beginning(asked.desk, asked.act.user, now))
    enqueue(asked.desk.shop.connection, BACKGROUND, GO_ON)


def go_on() -> None:
    """RQ job: look how far the first start is, and say so where something changed."""
    ours = desk()
    kept = Welcomes(ours.shop.connection)
    with kept.held() as mine:
        if not mine:
            return
        try:
            _go_on(ours, kept)
        except Unavailable as error:
            _log.warning("first start waits for Slack", because=error.sentence)
        except Rejected as error:
            _log.error("first start is refused by Slack", because=error.sentence)
        except (DamagedSettingsError, NoSettingsError) as error:
            _log.debug("first start waits for settings", because=str(error))


def _go_on(ours: Desk, kept: Welcomes) -> None:
    now = kept.read() or Welcome()
    if now.over:
        return
    if not now.user:
        now = _with_listed(ours, kept, now)
        if not now.user:
            return
    now = _tested(ours, kept, now)
    progress = look(ours, now)
    if progress.over and not now.ts and now.logged_before:
        # It runs already, from before it was run from Slack: nobody has to be led.
        kept.write(replace(now, over=True))
        return
    words = words_of(ours, now.user)
    now = _shown(ours, kept, now, message(progress, words))
    if progress.call is not None and not now.reported and now.ts:
        told = report(progress.call, progress.slash, words)
        write_to(ours, now.user, lambda _: told)
        now = replace(now, reported=progress.call.id)
        kept.write(now)
    if progress.over and now.ts:
        kept.write(replace(now, over=True))


def _with_listed(ours: Desk, kept: Welcomes, now: Welcome) -> Welcome:
    """Begin with the first admin whom settings.toml lists and Slack knows as one of ours."""
    for user in ours.shop.file.slack.admins:
        if user in now.refused:
            continue
        person = ours.people.find(user)
        if person is None:
            return now  # Slack does not tell now: asked again at the next nudge
        if ours.judge(user, person).rank is Rank.ADMIN:
            now = _beginning(ours, user, now)
            break
        now = replace(now, refused=(*now.refused, user))
    kept.write(now)
    return now


def _beginning(ours: Desk, user: str, before: Welcome | None) -> Welcome:
    connection = ours.shop.connection
    logged = any(text(name).startswith("logged|") for name in connection.hkeys(keys.TOTALS))
    return replace(before or Welcome(), user=user, since=now_ms(connection), logged_before=logged)


def _tested(ours: Desk, kept: Welcomes, now: Welcome) -> Welcome:
    """See that a post arrives in a channel that nobody chose in Slack, where that was tested."""
    named, connection = ours.shop.file.slack.channel, ours.shop.connection
    if not named or now.tested == named:
        return now
    if not Scripts(connection).run("turn", f"{GO_ON} {named}", TEST_EVERY):
        return now
    words = ours.channel_words
    name = ours.shop.revisions.current().settings.name
    said = words("Changes and alerts of {name} are announced here from now on.", name=name)
    try:
        post(ours, Message(said, (section(escape(said)),)))
    except Rejected as error:
        _log.warning("the channel of settings.toml takes no post", because=error.sentence)
        return now
    now = replace(now, tested=named)
    kept.write(now)
    return now


def look(ours: Desk, now: Welcome) -> Progress:
    """See how things are. Raises redis-py's errors and those of settings that cannot be read."""
    shop = ours.shop
    settings, directory = shop.revisions.current().settings, shop.directory.read()
    where, in_file = ours.channel, bool(shop.file.slack.channel)
    trouble = Channel(shop.connection).trouble(where)
    call, missed = _first_call(ours, now)
    return Progress(
        slash=shop.file.slack.command,
        name=settings.name,
        channel=where,
        channel_in_file=in_file,
        channel_works=bool(where) and trouble is None and (not in_file or now.tested == where),
        trouble=trouble,
        numbers=connected(settings, directory),
        lines=_lines(settings, directory),
        enabled=settings.enabled,
        logged_before=now.logged_before,
        call=call,
        missed=missed if call is None else None,
    )


def _lines(settings: Settings, directory: Directory) -> tuple[str, ...]:
    return tuple(
        f"{each.digits} ({each.name})" if each.name else each.digits
        for each in directory.numbers or ()
        if settings.connects(each.id) and each.digits
    )


def _first_call(ours: Desk, now: Welcome) -> tuple[Logged | None, Ended | None]:
    """Find the first call that was logged since it began, and the last that was not.

    Calls of the past that an admin has logged are not meant.
    """
    calls = [
        each
        for each in ended_lately(ours.shop.connection)
        if each.id.startswith("call-") and each.at >= now.since
    ]
    logged = now.reported or next(
        (
            each.id
            for each in reversed(calls)
            if each.result == "logged" and not _backfilled(ours, each.id)
        ),
        "",
    )
    found = _logged(ours, logged) if logged else None
    return found, next((each for each in calls if each.result != "logged"), None)


def _backfilled(ours: Desk, id_: str) -> bool:
    case = case_of(ours.shop.connection, id_)
    interaction = case.record.interaction if case else None
    return interaction is not None and interaction.backfilled is not None


def _logged(ours: Desk, id_: str) -> Logged:
    case = case_of(ours.shop.connection, id_)
    if case is None:
        return Logged(id_, "", "", 0, {})
    interaction = case.record.interaction
    return Logged(
        id=id_,
        kind=str(case.decision.kind or ""),
        line=interaction.line.name if interaction and interaction.line else "",
        at=interaction.start * 1000 if interaction else case.decision.at,
        links=case.links,
    )


def _shown(ours: Desk, kept: Welcomes, now: Welcome, said: Message) -> Welcome:
    """Post the message, or update it where it says something else by now."""
    digest = hashlib.sha256(json.dumps(said.blocks).encode()).hexdigest()[:32]
    if digest == now.shown:
        return now
    if now.ts:
        # Where its reader deleted it: the report of the first call still comes.
        rewrite(ours, Place(now.channel, now.ts), said)
        now = replace(now, shown=digest)
    else:
        now = _posted(ours, now, said, digest)
    kept.write(now)
    return now


def _posted(ours: Desk, now: Welcome, said: Message, digest: str) -> Welcome:
    try:
        place = write_to(ours, now.user, lambda _: said)
    except Rejected as error:
        if error.category not in OF_THE_PERSON:
            raise
        _log.warning("the first admin cannot be written to", user=now.user, because=error.sentence)
        return replace(now, user="", refused=(*now.refused, now.user))
    return replace(now, channel=place.channel, ts=place.ts, shown=digest)
