"""What Aircall should hold of a HubSpot contact, and the fewest requests that make it so."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
CLEARED: Final = "–"
"""Written over a text of ours that was cleared in HubSpot: Aircall takes no blank one."""
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


@dataclass(frozen=True, slots=True)
class Kept:
    """A phone (E.164) or e-mail that an Aircall contact has, as far as we know."""

    label: str
    value: str
    id: int | None = None
    ours: bool = True
    """We wrote it: what a person added in Aircall is left alone."""


@dataclass(frozen=True, slots=True)
class Held:
    """What an Aircall contact holds by our hand, and beside it."""

    texts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Digest of each text as we last wrote it."""
    phones: tuple[Kept, ...] = ()
    emails: tuple[Kept, ...] = ()

    def details(self, part: Part) -> tuple[Kept, ...]:
        """Its phones, or its e-mails."""
        return self.phones if part == "phone" else self.emails

    def with_details(self, part: Part, details: Iterable[Kept]) -> Held:
        """The same with these phones, or e-mails."""
        if part == "phone":
            return replace(self, phones=tuple(details))
        return replace(self, emails=tuple(details))

    @property
    def nameless(self) -> bool:
        """Whether Aircall did not tell the id of something we wrote: it cannot be changed so."""
        return any(one.ours and one.id is None for part in PARTS for one in self.details(part))


@dataclass(frozen=True, slots=True)
class WriteTexts:
    """Write these texts, none of them blank."""

    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Add:
    """Add a phone or an e-mail."""

    part: Part
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Put:
    """Put a phone or an e-mail in the place of one that we wrote."""

    part: Part
    old: Kept
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Remove:
    """Take away a phone or an e-mail that we wrote."""

    part: Part
    old: Kept


Step = WriteTexts | Add | Put | Remove
"""One request."""


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


def reconciled(
    held: Held, there: AircallContact, wanted: Wanted, *, in_doubt: bool = False
) -> Held:
    """Tell anew what is there: what we wrote is ours while it is there, all else is not.

    In doubt, a try of ours may have come through: what is there as we want it is ours then.
    """
    texts = {name: mark for name, mark in held.texts.items() if there.texts.get(name)}
    for name, text in wanted.texts.items():
        if there.texts.get(name) == text:
            texts[name] = digest(text)
    found = Held(MappingProxyType(texts))
    for part in PARTS:
        ours = {key_of(part, one.value) for one in held.details(part) if one.ours}
        known = {key_of(part, one.value) for one in held.details(part)}
        wishes = {key_of(part, one.value): one for one in wanted.details(part)}
        if in_doubt:
            ours |= wishes.keys() - known
        values = {key_of(part, one.value): one.value for one in held.details(part)}
        values |= {key: one.value for key, one in wishes.items()}
        kept: dict[str, Kept] = {}
        for one in there.details(part):
            key = key_of(part, one.value)
            value = values.get(key, one.value)
            kept.setdefault(key, Kept(one.label, value, one.id, ours=key in ours))
        found = found.with_details(part, kept.values())
    return found


def steps(held: Held, wanted: Wanted) -> tuple[Step, ...]:
    """Return the requests that lead from what is there to what is wanted, none if it is there.

    One for all texts that changed, one for each phone or e-mail. What people wrote in Aircall is
    not taken away; the last phone neither, for Aircall holds no contact without one.
    """
    texts = _changed_texts(held, wanted)
    first: tuple[Step, ...] = (WriteTexts(MappingProxyType(texts)),) if texts else ()
    return (*first, *_detail_steps("phone", held, wanted), *_detail_steps("email", held, wanted))


def after(held: Held, step: Step, told: AircallContact | None) -> Held:
    """Return what is there after a step; `told` is the contact, if Aircall answered with it."""
    match step:
        case WriteTexts(texts):
            marks = {name: digest(text) for name, text in texts.items()}
            return replace(held, texts=MappingProxyType({**held.texts, **marks}))
        case Add(part, label, value):
            made = Kept(label, value, _id_in(told, part, value))
            return held.with_details(part, (*held.details(part), made))
        case Put(part, old, label, value):
            made = Kept(label, value, old.id)
            return held.with_details(
                part, (made if one == old else one for one in held.details(part))
            )
        case Remove(part, old):
            return held.with_details(part, (one for one in held.details(part) if one != old))


def doubled(told: AircallContact | None, part: Part, value: str) -> tuple[int, int] | None:
    """Return the ids of one that a person had added before and of ours, if both are there now."""
    ids = sorted(_ids_in(told, part, value))
    return (ids[0], ids[-1]) if len(ids) > 1 else None


def _changed_texts(held: Held, wanted: Wanted) -> dict[str, str]:
    changed = {
        name: text for name, text in wanted.texts.items() if held.texts.get(name) != digest(text)
    }
    cleared = [name for name in held.texts if name not in wanted.texts]
    return changed | {name: CLEARED for name in cleared if held.texts[name] != digest(CLEARED)}


def _detail_steps(part: Part, held: Held, wanted: Wanted) -> list[Step]:
    there = {key_of(part, one.value): one for one in held.details(part)}
    wishes = {key_of(part, one.value): one for one in wanted.details(part)}
    found: list[Step] = [
        Put(part, there[key], one.label, one.value)
        for key, one in wishes.items()
        if key in there and there[key].ours and there[key].label != one.label
    ]
    new = [one for key, one in wishes.items() if key not in there]
    old = [one for key, one in there.items() if one.ours and key not in wishes]
    for one in _by_label(new, old):
        place = next((each for each in old if each.label == one.label), old[0] if old else None)
        if place is None:
            found.append(Add(part, one.label, one.value))
        else:
            old.remove(place)
            found.append(Put(part, place, one.label, one.value))
    if part == "phone" and not wishes:
        return found
    return found + [Remove(part, one) for one in old]


def _by_label(new: Sequence[Detail], old: Sequence[Kept]) -> list[Detail]:
    """Those first that take the place of one with their label."""
    labels = {one.label for one in old}
    return sorted(new, key=lambda one: one.label not in labels)


def _ids_in(told: AircallContact | None, part: Part, value: str) -> list[int]:
    details = told.details(part) if told else ()
    wanted = key_of(part, value)
    return [one.id for one in details if one.id is not None and key_of(part, one.value) == wanted]


def _id_in(told: AircallContact | None, part: Part, value: str) -> int | None:
    return max(_ids_in(told, part, value), default=None)


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
