"""Which of Aircall's contacts that have its phone a HubSpot contact takes for its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rules.aircall_contacts import AircallContact, links_to
from store.aircall_contacts import AircallContacts
from store.aircall_entries import Entry


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of them, and the HubSpot contact that had it before; None if nobody did."""

    there: AircallContact
    holder: str | None


def choose(
    contacts: AircallContacts,
    found: Sequence[AircallContact],
    id_: str,
    link: str,
    mine: frozenset[str],
) -> Chosen | None:
    """Choose one whose holder has no phone but `mine`, else one with our link, else the oldest.

    Raises redis-py's errors.
    """
    holders = contacts.holders([each.id for each in found])
    entries = contacts.of(sorted({*holders.values()}))
    ranked: list[tuple[int, Chosen]] = []
    for there in sorted(found, key=lambda each: each.id):
        holder = holders.get(there.id, id_)
        entry = entries.get(holder)
        if holder == id_ or entry is None or entry.aircall != there.id:
            ranked.append((1 if links_to(there, link) else 2, Chosen(there, None)))
        elif not _stays(contacts, holder, entry, mine):
            ranked.append((0, Chosen(there, holder)))
    return min(ranked, key=lambda each: each[0])[1] if ranked else None


def _stays(contacts: AircallContacts, holder: str, entry: Entry, mine: frozenset[str]) -> bool:
    """Whether another HubSpot contact keeps its Aircall contact: it has a phone of its own."""
    claims = contacts.claims(entry.phones)
    return any(ids[:1] == (holder,) for phone, ids in claims.items() if phone not in mine)
