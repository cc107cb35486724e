"""Calls that were fetched from Aircall's API enter the door's script, as if delivered."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import redis

from rules.events import interaction_id, is_over, read_envelope
from rules.scalars import seconds
from store import keys
from store.due import Due, Source
from store.settings import Revision, in_force


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
