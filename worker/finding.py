"""Find the interactions that somebody means: in our store first, then by what HubSpot holds."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import redis

from clients.hubspot.records import Record
from rules.phones import country_of
from rules.records import Line
from store import keys
from store.connection import text
from store.directory import Account, Directory, DirectoryStore
from worker.drain.gather import PHONES
from worker.meaning import ACTIVITIES, KINDS, Meant, meant_by, phones_in
from worker.workshop import Workshop

MOST: Final = 10
"""Interactions of a phone that are told, the newest."""
WhyNot = Literal["", "unknown", "forgotten", "other account", "not ours", "not in hubspot"]

_TEXTS: Final = {
    "calls": ("hs_call_external_id", "hs_call_body"),
    "communications": ("hs_communication_body",),
    "tickets": ("content",),
}
"""Where each of our records names its interaction besides in our unique property."""
_MARKER: Final = re.compile(r"\b(?:Call|Message) ID: ([\w-]+)")


@dataclass(frozen=True, slots=True)
class Found:
    """The interactions that are meant, newest first, or why there are none."""

    ids: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    """Those that were looked for."""
    ask: tuple[tuple[str, str], ...] = ()
    """HubSpot's records (type, id) that may be meant: nobody asked HubSpot yet."""
    why: WhyNot = ""


def find_here(connection: redis.Redis, asked: str) -> Found:
    """Look in our store, without asking anybody. Raises redis-py's errors."""
    directory = DirectoryStore(connection).read()
    meant = meant_by(asked, countries(directory))
    portal = (directory.account or Account()).portal_id
    if meant.portal and portal and meant.portal != portal:
        return Found(why="other account")
    return _found(connection, meant)


def find_in_hubspot(workshop: Workshop, found: Found) -> Found:
    """Ask HubSpot for the records that may be meant, one after the other.

    Raises Unavailable, Rejected and redis-py's errors.
    """
    directory = workshop.directory.read()
    why: WhyNot = "not in hubspot"
    for object_type, id_ in found.ask:
        record = _read(workshop, directory, object_type, id_)
        if record is None:
            continue
        meant = _meant_by_record(directory, object_type, record)
        here = _found(workshop.connection, meant)
        if here.ids:
            return here
        why = "forgotten" if meant.ids else "unknown" if meant.phones else "not ours"
        if why != "not ours":
            return replace(here, why=why)
    return replace(found, ask=(), why=why)


def find(workshop: Workshop, asked: str) -> Found:
    """Look in our store, then ask HubSpot. Raises Unavailable, Rejected and redis-py's errors."""
    found = find_here(workshop.connection, asked)
    return find_in_hubspot(workshop, found) if found.ask else found


def countries(directory: Directory) -> tuple[str, ...]:
    """Return the countries (ISO 3166) of our lines, by which phones are read."""
    lines = (
        Line(each.id, each.name, each.digits, each.country) for each in directory.numbers or ()
    )
    return tuple(dict.fromkeys(country for line in lines if (country := country_of(line))))


def _found(connection: redis.Redis, meant: Meant) -> Found:
    for id_ in meant.ids:
        if known(connection, [id_]):
            return Found((id_,))
    by_phone = _by_phone(connection, meant.phones)
    if by_phone or not meant.records:
        return Found(by_phone, meant.phones, why="" if by_phone else "unknown")
    return Found(phones=meant.phones, ask=meant.records)


def _by_phone(connection: redis.Redis, phones: Iterable[str]) -> tuple[str, ...]:
    scores: dict[str, float] = {}
    for phone in phones:
        members: Any = connection.zrange(keys.phone(phone), 0, MOST - 1, desc=True, withscores=True)
        scores.update({text(id_): score for id_, score in members})
    newest = sorted(scores, key=lambda id_: -scores[id_])[:MOST]
    there = known(connection, newest)
    return tuple(id_ for id_ in newest if id_ in there)


def known(connection: redis.Redis, ids: Sequence[str]) -> Collection[str]:
    """Return those of which we know anything. Raises redis-py's errors."""
    pipeline = connection.pipeline(transaction=False)
    for id_ in ids:
        pipeline.exists(keys.record(id_), keys.ids(id_), keys.new(id_))
    return {id_ for id_, there in zip(ids, pipeline.execute(), strict=True) if there}


def _read(workshop: Workshop, directory: Directory, object_type: str, id_: str) -> Record | None:
    if object_type in ACTIVITIES:
        unique = (directory.unique or {}).get(object_type)
        properties = (*_TEXTS[object_type], *(("aircall_id",) if unique else ()))
    else:
        there = (directory.properties or {}).get(object_type, ())
        properties = tuple(each for each in PHONES[object_type] if each in there or each == "phone")
    return next(iter(workshop.hubspot.read(object_type, [id_], properties).values()), None)


def _meant_by_record(directory: Directory, object_type: str, record: Record) -> Meant:
    has = record.properties
    if object_type not in ACTIVITIES:
        lines = countries(directory)
        typed = (has.get(name) or "" for name in PHONES[object_type])
        phones = dict.fromkeys(phone for each in typed for phone in phones_in(each, lines))
        return Meant(phones=tuple(phones))
    if ours := has.get("aircall_id"):
        return Meant(ids=(ours,))
    if external := has.get("hs_call_external_id"):
        return Meant(ids=(f"call-{external}",))
    body = next((has.get(name) or "" for name in _TEXTS[object_type][-1:]), "")
    marked = _MARKER.findall(body)
    return Meant(ids=tuple(f"{kind}-{marked[-1]}" for kind in KINDS) if marked else ())
