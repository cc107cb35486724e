"""Look at HubSpot for a whole batch at once: whose phones are these, and what is there now."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from clients.hubspot.queries import Sort, Wanted, searches_for
from clients.hubspot.records import Record
from rules.contacts import Candidate, ContactChoice, choose_contact
from rules.parties import Party
from store import keys
from store.damaged import if_readable
from store.directory import Directory
from store.seal import check_seal, seal
from worker.workshop import Workshop

TAIL: Final = 6
"""Digits by which a hit is brought together with the phones it may be; then it is verified."""
REMEMBER: Final = 3600
"""Seconds that a contact we made is known by its phone while HubSpot's search lags."""
REMEMBER_GONE: Final = 600
"""Seconds that a deleted contact is known as such by its phone, should a search still find it."""
PHONES: Final[Mapping[str, tuple[str, ...]]] = {
    "contacts": (
        "phone",
        "mobilephone",
        "hs_calculated_phone_number",
        "hs_calculated_mobile_number",
    ),
    "companies": ("phone", "hs_calculated_phone_number"),
}


@dataclass(frozen=True, slots=True)
class Match:
    """What HubSpot has of one party: a contact, or a company, or neither."""

    contact: ContactChoice
    company: ContactChoice | None = None
    making: str = ""
    """The interaction that is making this phone's contact right now, in a portal without keys."""


def match_parties(
    workshop: Workshop, directory: Directory, parties: Iterable[Party]
) -> Mapping[Party, Match]:
    """Find the contact of each party, else a company; three or four searches for 100 parties.

    Raises Unavailable and LeaseLostError.
    """
    wanted = list(dict.fromkeys(each for each in parties if each.phone or each.emails))
    remembered = _remembered(workshop, wanted)
    matches = {party: _match(kept) for party, kept in remembered.items() if "gone" not in kept}
    gone = {id_ for kept in remembered.values() for id_ in kept.get("gone", ())}
    open_ = [party for party in wanted if party not in matches]
    contacts = _search(workshop, directory, "contacts", open_, gone)
    for party in open_:
        matches[party] = Match(_choose(party, contacts))
    strangers = [p for p in open_ if matches[p].contact.id is None and p.phone is not None]
    companies = _search(workshop, directory, "companies", strangers)
    for party in strangers:
        company = _choose(party, companies)
        if company.id is not None:
            matches[party] = Match(matches[party].contact, company)
    return matches


def remember(workshop: Workshop, contacts: Mapping[str, tuple[str, str | None]]) -> None:
    """Keep the contacts (id, owner) made for phones (E.164) for an hour, in one round trip."""
    pipeline = workshop.connection.pipeline()
    for phone, (contact, owner) in contacts.items():
        kept = _kept({"id": contact, "owner": owner}, phone)
        pipeline.set(keys.contact(phone), kept, ex=REMEMBER)
    pipeline.execute()


def forget(workshop: Workshop, phone: str) -> None:
    """No longer take a phone's (E.164) contact for known, or for being made."""
    workshop.connection.delete(keys.contact(phone))


def gather_again(workshop: Workshop, directory: Directory, party: Party, gone: str) -> str | None:
    """Look anew for a party's contact after the one of the id `gone` was deleted.

    A search may still find the deleted one; what it finds is asked for by id. The deleted one is
    not found again by its phone for a while. Raises Unavailable and LeaseLostError.
    """
    if party.phone is not None:
        _note_gone(workshop, party.phone.e164, gone)
    found = match_parties(workshop, directory, [party]).get(party)
    if found is None or found.contact.id in (None, gone):
        return None
    there = workshop.hubspot.read("contacts", [found.contact.id or ""], ("email",))
    return next((record.id for record in there.values()), None)


def announce(workshop: Workshop, phone: str, interaction: str) -> None:
    """Tell others, in a portal without keys, who is making the contact of a phone right now."""
    kept = _read(workshop.connection.get(keys.contact(phone)), phone)
    if not kept or "gone" in kept:
        making = _kept({"making": interaction}, phone)
        workshop.connection.set(keys.contact(phone), making, ex=REMEMBER)


def read_current(
    workshop: Workshop, object_type: str, ids: Sequence[str], properties: Sequence[str]
) -> Mapping[str, Record]:
    """Read what HubSpot holds now of our own records; absent ones were deleted."""
    return workshop.hubspot.read(object_type, ids, properties) if ids else {}


def _note_gone(workshop: Workshop, phone: str, gone: str) -> None:
    """Know a phone's contact as deleted, unless another one is known by now."""
    name = keys.contact(phone)
    kept = _read(workshop.connection.get(name), phone)
    if "making" in kept or kept.get("id", gone) != gone:
        return
    all_gone = list(dict.fromkeys((*kept.get("gone", ()), gone)))
    workshop.connection.set(name, _kept({"gone": all_gone}, phone), ex=REMEMBER_GONE)


def _kept(known: Mapping[str, Any], phone: str) -> str:
    return seal(json.dumps(known, separators=(",", ":")), phone)


def _read(raw: bytes | str | None, phone: str) -> Mapping[str, Any]:
    """Return what is kept of a phone's contact; what is damaged is looked for anew."""
    if raw is None:
        return {}
    read = if_readable("ah:contact", lambda: json.loads(check_seal(raw, phone)))
    return read if isinstance(read, dict) else {}


def _remembered(workshop: Workshop, wanted: Sequence[Party]) -> Mapping[Party, Mapping[str, Any]]:
    """Return what is kept of each party's phone: `id` and `owner`, or `making`, or `gone`."""
    known = [party for party in wanted if party.phone is not None]
    if not known:
        return {}
    phones = [party.phone.e164 for party in known if party.phone]
    raws = workshop.connection.mget([keys.contact(phone) for phone in phones])
    kept = map(_read, raws, phones)
    return {party: one for party, one in zip(known, kept, strict=True) if one}


def _match(kept: Mapping[str, Any]) -> Match:
    if making := kept.get("making"):
        return Match(ContactChoice(), making=making)
    return Match(ContactChoice(id=kept["id"], by="phone", owner=kept.get("owner")))


Index = Mapping[str, Sequence[Candidate]]


def _search(
    workshop: Workshop,
    directory: Directory,
    object_type: str,
    parties: Sequence[Party],
    gone: Collection[str] = (),
) -> Index:
    """Search everyone at once; the hits by the last digits of each phone, and by e-mail.

    Those known to be deleted (`gone`, ids) are no hits.
    """
    there = (directory.properties or {}).get(object_type, ())
    modified = "lastmodifieddate" if object_type == "contacts" else "hs_lastmodifieddate"
    sorts: tuple[Sort, ...] = ((modified, "DESCENDING"),) if modified in there else ()
    wanted = (
        Wanted(
            national=party.phone.national if party.phone else "",
            e164=party.phone.e164 if party.phone else "",
            email=email,
        )
        for party in parties
        for email in (party.emails if object_type == "contacts" else ()) or ("",)
    )
    index: dict[str, list[Candidate]] = defaultdict(list)
    for query in searches_for(wanted, there, there, sorts):
        for record in workshop.hubspot.search(object_type, query):
            if record.id in gone:
                continue
            candidate = _candidate(object_type, modified, record)
            for name in _names(candidate):
                index[name].append(candidate)
    return index


def _candidate(object_type: str, modified: str, record: Record) -> Candidate:
    has = record.properties
    return Candidate(
        id=record.id,
        phones=tuple(filter(None, (has.get(name) for name in PHONES[object_type]))),
        email=has.get("email") or "",
        owner=has.get("hubspot_owner_id") or None,
        company=has.get("associatedcompanyid") or None,
        modified=has.get(modified) or "",
    )


def _names(candidate: Candidate) -> set[str]:
    names = {_tail(phone) for phone in candidate.phones}
    return names | {candidate.email.lower()} if candidate.email else names


def _tail(phone: str) -> str:
    return "".join(filter(str.isdigit, phone))[-TAIL:]


def _choose(party: Party, index: Index) -> ContactChoice:
    names = [_tail(party.phone.e164)] if party.phone else []
    names += [email.lower() for email in party.emails]
    candidates = {each.id: each for name in names for each in index.get(name, ())}
    return choose_contact(party.phone, party.emails, tuple(candidates.values()), party.country)
