"""HubSpot contacts that share a phone: one of them has it in Aircall, and that stays so.

Whoever comes to a phone that another has is compared with it once, by the rule for calls: the most
recently modified, then the lowest id. After that the first keeps it while it has it in HubSpot, for
each call that is logged moves the time of the last change. Of a phone that very many share only
some are listed; the others remember that it was decided, and may have it once nobody listed does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from clients.hubspot.records import Record
from rules.contacts import Candidate, rank
from store.aircall_contacts import AircallContacts
from store.aircall_entries import Entry
from sync.contacts.source import PROPERTIES, Place
from worker.workshop import Workshop

Claims = Mapping[str, tuple[str, ...]]
"""Phone (E.164) -> HubSpot ids, first the one that has it in Aircall."""

MOST: Final = 50
"""Ids that are kept of one phone: each that comes to it writes all of them."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Whose phone is whose, as far as one contact is concerned."""

    mine: frozenset[str]
    others: tuple[str, ...]
    """Its phones that other contacts have in Aircall."""
    claims: Claims
    """What is to be kept of the phones concerned."""
    again: frozenset[str]
    """Contacts that gain or lose a phone by this: they are to be carried again."""


def known(
    claims: Claims, id_: str, phones: Iterable[str], shared: Collection[str]
) -> frozenset[str] | None:
    """Return the phones that this contact has in Aircall; None while some is undecided.

    `shared` are those that another one had when it was last carried.
    """
    asked = tuple(phones)
    for phone in asked:
        ids = claims.get(phone)
        if not ids or (id_ not in ids and phone not in shared):
            return None
    return frozenset(phone for phone in asked if claims[phone][0] == id_)


def shares_of(shop: Workshop, place: Place, record: Record, entry: Entry) -> Shares:
    """Decide which phones of a contact are its own in Aircall, once for each other contact.

    Raises VendorError for HubSpot, and redis-py's errors.
    """
    me = record.id
    phones = [each.value for each in place.wanted(record).phones]
    left = [each for each in (*entry.phones, *entry.shared) if each not in phones]
    before = AircallContacts(shop.connection).claims([*phones, *left])
    claims: dict[str, tuple[str, ...]] = {}
    again: set[str] = set()
    for phone in left:
        claims[phone] = tuple(each for each in before[phone] if each != me)
        again |= {claims[phone][0]} if before[phone][:1] == (me,) and claims[phone] else set()
    met = {phone for phone in phones if me in before[phone]} | {*entry.shared}
    new = [phone for phone in phones if before[phone] and phone not in met]
    rivals = _read(shop, place, {before[phone][0] for phone in new})
    for phone in phones:
        ids = before[phone]
        if phone not in new:
            claims[phone] = ids or (me,)
            continue
        claims[phone] = _decided(phone, record, ids, rivals)
        again |= {ids[0]} - {me} if claims[phone][0] == me else set()
    mine = frozenset(phone for phone in phones if claims[phone][0] == me)
    others = tuple(phone for phone in phones if phone not in mine)
    return Shares(mine, others, claims, frozenset(again))


def without(claims: Claims, id_: str) -> tuple[Claims, frozenset[str]]:
    """Take a contact that is gone out of its phones; also who gains one by that."""
    left = {phone: tuple(each for each in ids if each != id_) for phone, ids in claims.items()}
    gaining = {ids[0] for phone, ids in left.items() if ids and claims[phone][0] == id_}
    return left, frozenset(gaining)


def instead(claims: Claims, id_: str, other: str) -> Claims:
    """Put a contact in the place of the one that was merged into it."""
    return {
        phone: tuple(dict.fromkeys(other if each == id_ else each for each in ids))
        for phone, ids in claims.items()
    }


@dataclass(frozen=True, slots=True)
class _Rival:
    candidate: Candidate
    phones: frozenset[str]


def _read(shop: Workshop, place: Place, ids: Iterable[str]) -> Mapping[str, _Rival]:
    asked = sorted(ids)
    found = shop.hubspot.read("contacts", asked, PROPERTIES) if asked else {}
    return {
        id_: _Rival(_candidate(there), frozenset(one.value for one in place.wanted(there).phones))
        for id_, there in found.items()
    }


def _decided(
    phone: str, record: Record, ids: tuple[str, ...], rivals: Mapping[str, _Rival]
) -> tuple[str, ...]:
    me, rest = record.id, ids[1:]
    rival = rivals.get(ids[0])
    if rival is None or rival.candidate.id == me or phone not in rival.phones:
        # It is deleted, merged into this one, or has another phone by now.
        return (me, *rest)
    if rank(_candidate(record)) < rank(rival.candidate):
        return (me, *ids)[:MOST]
    return (*ids, me)[:MOST]


def _candidate(record: Record) -> Candidate:
    return Candidate(record.id, modified=record.properties.get("lastmodifieddate") or "")
