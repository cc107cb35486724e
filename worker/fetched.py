"""Calls as Aircall's API tells them: taken in as if delivered, or asked for one by one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import redis

from rules.events import Event, Unreadable, interaction_id, is_over, parse, read_envelope
from rules.scalars import seconds, whole
from store import keys
from store.due import Due, Source
from store.settings import Revision, in_force
from worker.workshop import Workshop


def enter(
    due: Due, told: Mapping[str, Any], source: Source, revisions: Sequence[Revision], asked: int
) -> bool:
    """Take in a call as Aircall tells it; True if a drain must be called.

    `asked` (ms) is when Aircall was asked: what a webhook tells from then on is newer than the
    answer, however long that was on its way or kept here. The call is judged by the revision of
    `revision_for`; `revisions` are all, oldest first. One without a usable id is left out. Raises
    redis-py's errors.
    """
    revision = revision_for(told, source, revisions).number
    event = read_envelope(told, asked, revision, source)["event"]
    id_ = interaction_id(event)
    if id_ is None:
        return False
    return due.enter(
        id_,
        json.dumps(event),
        source=source,
        ending=is_over(told),
        arrived=asked,
        revision=revision,
    )


def ask(shop: Workshop, id_: int, now: int) -> Event | Unreadable:
    """Ask Aircall for a call that an interaction of ours lacks something of.

    It is judged by the settings of the moment at which it ended. `now` in ms. Raises VendorError,
    LeaseLostError and redis-py's errors.
    """
    told = shop.aircall.call(id_)
    ended = whole(told.get("ended_at"))
    revision = shop.revisions.at_time(ended * 1000) if ended else shop.revisions.current()
    return parse(read_envelope(told, now, revision.number, "api"))


def revision_for(
    told: Mapping[str, Any], source: Source, revisions: Sequence[Revision]
) -> Revision:
    """Return the revision that a fetched call is judged by: the one in force when it ended.

    `revisions` are all, oldest first. Before the first of them no settings were in force: there a
    backfill, which is asked for on purpose, goes by the newest.
    """
    ended = seconds(told.get("ended_at"))
    if ended is None or (source == "backfill" and ended * 1000 < revisions[0].at):
        return revisions[-1]
    return in_force(revisions, ended * 1000)


def unseen(connection: redis.Redis, ids: Sequence[str]) -> list[str]:
    """Return those interactions of which nothing is known: no record, no ids, no events.

    Raises redis-py's errors.
    """
    pipeline = connection.pipeline(transaction=False)
    for id_ in ids:
        pipeline.exists(keys.record(id_), keys.ids(id_), keys.new(id_))
    return [id_ for id_, there in zip(ids, pipeline.execute(), strict=True) if not there]
