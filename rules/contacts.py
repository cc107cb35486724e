"""Which HubSpot contact or company an interaction belongs to, and what a new contact looks like."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from rules.phones import Phone, same_phone, unusable_because
from rules.records import Person

OUR_OWN: Final = "one of our own numbers"
REDUCED: Final = ("phone", "aircall_phone", "firstname", "lastname")
"""What HubSpot must take of a contact that it refused in full."""

_EMAIL = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\".]+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A contact or company that HubSpot's search found; it is not yet verified."""

    id: str
    phones: tuple[str, ...] = ()
    """As people typed them, and HubSpot's calculated ones, with or without country code."""
    email: str | None = None
    owner: str | None = None
    company: str | None = None
    """The id of a contact's primary company."""
    modified: str = ""
    """`lastmodifieddate`, in ISO 8601."""


@dataclass(frozen=True, slots=True)
class ContactChoice:
    """The record chosen, how it was found, and which others would have done as well."""

    id: str | None = None
    by: Literal["phone", "email"] | None = None
    others: tuple[str, ...] = ()
    owner: str | None = None
    company: str | None = None

    @property
    def because(self) -> str:
        """The choice in words, without a name or a phone."""
        if self.by is None:
            linked = "linked before; how it was found is not kept"
            return "none found" if self.id is None else linked
        found = "found by phone" if self.by == "phone" else "found by e-mail"
        if not self.others:
            return found
        return f"{found}; the most recently modified, others are {', '.join(self.others)}"


def choose_contact(
    phone: Phone | None,
    emails: Sequence[str],
    candidates: Sequence[Candidate],
    country: str | None,
) -> ContactChoice:
    """Choose by phone (each hit verified, `country` being the line's), then by e-mail.

    Of several the most recently modified, then the lowest id.
    """
    if phone is not None:
        matches = [one for one in candidates if _has_phone(one, phone, country)]
        if matches:
            return _chosen(matches, "phone")
    wanted = {email.strip().casefold() for email in emails} - {""}
    matches = [one for one in candidates if (one.email or "").strip().casefold() in wanted]
    return _chosen(matches, "email") if matches else ContactChoice()


def no_contact_because(
    raw: str | None, phone: Phone | None, our_lines: Collection[str], country: str | None
) -> str | None:
    """Say why this party may never become a contact; None if it may.

    `our_lines` are the digits of our own Aircall numbers, in international form.
    """
    if phone is None:
        return unusable_because(raw, country) or "not a phone number"
    digits = phone.e164[1:]
    if any(_digits(line) == digits for line in our_lines):
        return OUR_OWN
    return None


def new_contact(
    person: Person | None, phone: Phone, owner: str | None, last_name: str
) -> Mapping[str, str]:
    """Describe a new contact as HubSpot properties.

    Names and e-mail come from Aircall's contact; without a name the number is the first name and
    the configured `last_name` the last.
    https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/guide
    """
    person = person or Person()
    names = {"firstname": phone.e164, "lastname": last_name}
    if person.name:
        names = {"firstname": person.first_name, "lastname": person.last_name}
    email = next((one for one in person.emails if _EMAIL.fullmatch(one)), None)
    told = names | {"email": email, "hubspot_owner_id": owner}
    properties = {name: value for name, value in told.items() if value}
    return {"phone": phone.e164, "aircall_phone": phone.e164, **properties}


def reduced_contact(properties: Mapping[str, str]) -> Mapping[str, str]:
    """Leave phone and names only: for the second try, after HubSpot refused the whole."""
    return {name: properties[name] for name in REDUCED if name in properties}


def rank(candidate: Candidate) -> tuple[float, int, str]:
    """Order those who share a phone: the newest first; then by id, as a number where it is one."""
    try:
        moment = datetime.fromisoformat(candidate.modified)
    except ValueError:
        modified = 0.0
    else:
        modified = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    number = int(candidate.id) if candidate.id.isdecimal() else 0
    return -modified, number, candidate.id


def _has_phone(candidate: Candidate, phone: Phone, country: str | None) -> bool:
    return any(typed and same_phone(typed, phone, country) for typed in candidate.phones)


def _chosen(matches: Sequence[Candidate], by: Literal["phone", "email"]) -> ContactChoice:
    by_rank = sorted({one.id: one for one in matches}.values(), key=rank)
    first, *rest = by_rank
    return ContactChoice(
        first.id, by, tuple(one.id for one in rest), first.owner or None, first.company or None
    )


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))
