"""What Aircall should hold of a HubSpot contact, and the fewest requests that make it so."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal

import phonenumbers
from phonenumbers import PhoneNumberFormat

from rules.emoji import cut, without_emoji
from rules.plan import digest
from rules.scalars import one_line

Part = Literal["phone", "email"]
PARTS: Final[tuple[Part, ...]] = ("phone", "email")
TEXTS: Final = ("first_name", "last_name", "company_name", "information")
MOST: Final = 20
"""Phones of a contact, and e-mails, that Aircall takes."""
LONGEST: Final = 255
"""Characters of a text; Aircall does not tell its limit."""
LONGEST_EMAIL: Final = 254
NO_PHONE: Final = "no valid phone"

PHONES: Final = (
    ("phone", "hs_calculated_phone_number", "Work"),
    ("mobilephone", "hs_calculated_mobile_number", "Mobile"),
    ("hs_whatsapp_phone_number", "", "WhatsApp"),
)
"""HubSpot's properties that hold phones: as typed, as HubSpot reads them, and Aircall's label."""
PROPERTIES: Final = (
    *("firstname", "lastname", "company", "associatedcompanyid", "jobtitle"),
    *("email", "hs_additional_emails"),
    *(name for typed, read, _ in PHONES for name in (typed, read) if name),
    *("lastmodifieddate", "hs_merged_object_ids"),
)
"""What is read of a HubSpot contact."""

_EMAIL = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\".]+")
_BETWEEN = re.compile(r"[;,|\n]| / | or | und | et ", re.IGNORECASE)
"""What people put between two phones in one field; a slash alone stands within German ones."""


@dataclass(frozen=True, slots=True)
class Detail:
    """A phone (E.164 where it is ours, else as Aircall displays it) or an e-mail."""

    label: str
    value: str
    id: int | None = None


@dataclass(frozen=True, slots=True)
class AircallContact:
    """A shared contact as Aircall tells it; `texts` has each of `TEXTS`, blank where not set."""

    id: int
    texts: Mapping[str, str]
    phones: tuple[Detail, ...] = ()
    emails: tuple[Detail, ...] = ()
    created: int = 0
    """UNIX seconds."""

    @property
    def digits(self) -> frozenset[str]:
        """The digits of its phones, to compare with: Aircall displays them with spaces."""
        return frozenset(digits_of(each.value) for each in self.phones)

    def details(self, part: Part) -> tuple[Detail, ...]:
        """Its phones, or its e-mails."""
        return self.phones if part == "phone" else self.emails


@dataclass(frozen=True, slots=True)
class Wanted:
    """The Aircall contact that a HubSpot contact should be; no text of it is blank."""

    texts: Mapping[str, str]
    phones: tuple[Detail, ...]
    emails: tuple[Detail, ...] = ()
    company: str = ""
    """HubSpot id of the primary company, whose name is wanted where the contact tells none."""

    def details(self, part: Part) -> tuple[Detail, ...]:
        """Its phones, or its e-mails."""
        return self.phones if part == "phone" else self.emails

    def only(self, phones: Collection[str]) -> Wanted:
        """The same with none but these phones: the others are another contact's."""
        return replace(self, phones=tuple(one for one in self.phones if one.value in phones))

    def of_company(self, name: str | None) -> Wanted:
        """The same with its company's name, if it tells none itself."""
        told = _text(name)
        if not told or "company_name" in self.texts:
            return self
        return replace(self, texts=MappingProxyType({**self.texts, "company_name": told}))

    def beside(self, theirs: str) -> Wanted:
        """The same with what a person wrote in Aircall about the contact before ours.

        Where both do not fit, theirs stays as it is.
        """
        if not theirs:
            return self
        texts = dict(self.texts)
        ours = texts.pop("information", "")
        link = ours.partition(" ")[0]
        fitting = (f"{theirs}\n{one}" for one in (ours, link) if one)
        both = next((one for one in fitting if len(one) <= LONGEST), "")
        texts |= {"information": both} if both else {}
        return replace(self, texts=MappingProxyType(texts))

    @property
    def digest(self) -> str:
        """What tells two of them apart, in 16 characters."""
        lists = [[[one.label, one.value] for one in self.details(part)] for part in PARTS]
        return digest(json.dumps([dict(self.texts), *lists, self.company], sort_keys=True))


def wanted_of(properties: Mapping[str, str | None], link: str, country: str | None) -> Wanted:
    """Tell what Aircall should hold of a HubSpot contact; without phones, it can hold nothing.

    `link` leads to HubSpot's record; phones without a country code are read as HubSpot reads them,
    else as of `country` (ISO 3166).
    """
    texts = {
        "first_name": _text(properties.get("firstname")),
        "last_name": _text(properties.get("lastname")),
        "company_name": _text(properties.get("company")),
        "information": cut(f"{link} {_text(properties.get('jobtitle'))}".strip(), LONGEST),
    }
    told = {name: text for name, text in texts.items() if text}
    company = "" if "company_name" in told else properties.get("associatedcompanyid") or ""
    return Wanted(
        MappingProxyType(told), _phones(properties, country), _emails(properties), company
    )


def digits_of(typed: str) -> str:
    """Return the digits of a phone with its country code, to compare two spellings of one."""
    return "".join(filter(str.isdecimal, typed)).removeprefix("00")


def key_of(part: Part, value: str) -> str:
    """Return that by which two phones, or two e-mails, are the same."""
    return digits_of(value) if part == "phone" else value.strip().casefold()


def links_to(contact: AircallContact, link: str) -> bool:
    """Whether we wrote into this contact which HubSpot record it is of."""
    return link in contact.texts.get("information", "").split()


def theirs_of(contact: AircallContact, link: str) -> str:
    """Return what somebody else wrote about this contact in Aircall, without our own words."""
    lines = contact.texts.get("information", "").splitlines()
    others = "\n".join(line for line in lines if link not in line.split())
    return others.strip()


def _text(value: str | None) -> str:
    plain = one_line(without_emoji(value or ""), LONGEST * 4) or ""
    return cut(" ".join(plain.split()), LONGEST)


def _phones(properties: Mapping[str, str | None], country: str | None) -> tuple[Detail, ...]:
    found: dict[str, Detail] = {}
    for typed, calculated, label in PHONES:
        for value in _read(properties.get(typed) or "", properties.get(calculated) or "", country):
            found.setdefault(value, Detail(label, value))
    return tuple(found.values())[:MOST]


@lru_cache(maxsize=4096)
def _read(typed: str, calculated: str, country: str | None) -> tuple[str, ...]:
    """Return the valid phones of a field in E.164: one as a rule, several where people typed so."""
    national = not typed.lstrip().startswith(("+", "00"))
    first = _e164(calculated, None) if national else _e164(typed, country)
    one = first or _e164(calculated, None) or _e164(typed, country)
    if one and not _BETWEEN.search(typed):
        return (one,)
    parts = _each(_BETWEEN.split(typed), lambda part: _e164(part, country))
    return parts or ((one,) if one else ())


def _each(parts: Iterable[str], read: Callable[[str], str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(read, parts))))


def _e164(typed: str, country: str | None) -> str:
    plain = typed.strip()
    abroad = f"+{plain[2:]}" if plain.startswith("00") else plain
    try:
        number = phonenumbers.parse(abroad, country)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _emails(properties: Mapping[str, str | None]) -> tuple[Detail, ...]:
    further = (properties.get("hs_additional_emails") or "").split(";")
    typed = [("Work", properties.get("email") or ""), *(("Other", each) for each in further)]
    found: dict[str, Detail] = {}
    for label, each in typed:
        email = each.strip()
        plain = len(email) <= LONGEST_EMAIL and without_emoji(email) == email
        if plain and _EMAIL.fullmatch(email):
            found.setdefault(email.casefold(), Detail(label, email))
    return tuple(found.values())[:MOST]
