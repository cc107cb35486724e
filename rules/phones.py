"""Phones of other parties: parse them, say why one is unusable, and verify a typed spelling."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, shortnumberinfo

from rules.records import Line

_NOBODY: Final = frozenset(
    {
        *("anonymous", "anonyme", "unknown", "private", "restricted", "withheld"),
        *("unavailable", "blocked", "hidden", "no caller id", "undisclosed"),
        # The same words typed on a telephone's keys, as carriers send them.
        *("266696687", "86282452253", "7378742833", "2562533"),
    }
)
_SCHEME = re.compile(r"\Atel:", re.IGNORECASE)
_BARE = re.compile("[0-9]{10,}")
"""Digits of a phone with its country code, without any other sign; fewer might be anything."""
_SPELT = re.compile(r"[0-9+().\s/-]*", re.ASCII)
"""A phone in digits alone: without an extension and without letters."""
_SHORT: Final = 6
"""The digits of the longest short code."""


@dataclass(frozen=True, slots=True)
class Phone:
    """A usable phone of somebody outside."""

    e164: str
    national: str
    """The digits without the country code: HubSpot's calculated phones hold these."""
    pretty: str
    """The international form with spaces, for people."""


def parse_phone(raw: str | None, country: str | None) -> Phone | None:
    """Parse what Aircall sent, by the line's country (ISO 3166, two letters); None if unusable."""
    return _read(raw or "", country)[0]


def unusable_because(raw: str | None, country: str | None) -> str | None:
    """Say in a word why this can never be a contact's phone; None if it can.

    One of: anonymous, empty, extension, short code, emergency number, not a phone number.
    """
    return _read(raw or "", country)[1]


def home_country(phone: str) -> str | None:
    """Return the country (ISO 3166, two letters) of a phone in E.164; None if it has none."""
    number = _parsed(phone, None)
    return None if number is None else phonenumbers.region_code_for_number(number)


def country_of(line: Line | None) -> str | None:
    """The country by which phones without a country code are read; None if nothing tells it.

    Payloads abridge their line: its own digits tell the country as well.
    """
    return None if line is None else line.country or home_country(line.digits)


def same_phone(typed: str, phone: Phone, country: str | None) -> bool:
    """Tell whether what a person typed is this phone, in any usual spelling.

    Without a country code the line's `country` is meant: the same national digits of another
    country are another phone.
    """
    digits = "".join(filter(str.isdecimal, typed))
    if not digits.endswith(phone.national[-6:]) and _SPELT.fullmatch(typed):
        return False  # No spelling in digits changes the last ones: most wrong hits end here.
    if digits in (phone.e164[1:], f"00{phone.e164[1:]}"):
        return True
    number = _parsed(typed, country)
    return number is not None and _e164(number) == phone.e164


@lru_cache(maxsize=4096)
def _read(raw: str, country: str | None) -> tuple[Phone | None, str | None]:
    """Return the phone, or why it is none."""
    raw, parameters = _without_uri(raw)
    if not raw:
        return None, "extension" if parameters.startswith("ext=") else "empty"
    if raw.casefold() in _NOBODY or raw.removeprefix("+") in _NOBODY:
        return None, "anonymous"
    number = _number(raw, country)
    if number is None or (any(map(str.isalpha, raw)) and not number.extension):
        return None, "not a phone number"
    if number.extension:
        return None, "extension"
    national = phonenumbers.national_significant_number(number)
    if reason := _short_because(number, national):
        return None, reason
    # Possible, not valid: numbering plans change faster than any library, and a call did arrive.
    if not _is_possible(number):
        return None, "not a phone number"
    pretty = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    return Phone(_e164(number), national, pretty), None


def _number(raw: str, country: str | None) -> PhoneNumber | None:
    """Read digits that are no phone of the country as one of another, sent without its plus."""
    number = _parsed(raw, country)
    if number is None or not _BARE.fullmatch(raw) or _is_possible(number):
        return number
    abroad = _parsed(f"+{raw.removeprefix('00')}", None)
    return abroad if abroad and phonenumbers.is_valid_number(abroad) else number


def _is_possible(number: PhoneNumber) -> bool:
    """Whether it could be dialled from anywhere, which a local number without its area cannot."""
    reason = phonenumbers.is_possible_number_with_reason(number)
    return bool(reason == phonenumbers.ValidationResult.IS_POSSIBLE)


def _without_uri(raw: str) -> tuple[str, str]:
    """Part the number of a `tel:` URI (RFC 3966) from its parameters, such as `ext=12`."""
    number, _, parameters = raw.strip().partition(";")
    return _SCHEME.sub("", number).strip(), parameters.strip().casefold()


def _short_because(number: PhoneNumber, national: str) -> str | None:
    region = phonenumbers.region_code_for_country_code(number.country_code or 0)
    if shortnumberinfo.is_emergency_number(national, region):
        return "emergency number"
    if len(national) > _SHORT or phonenumbers.is_valid_number(number):
        return None
    return "short code" if shortnumberinfo.is_possible_short_number(number) else "extension"


def _parsed(raw: str, country: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(raw, country)
    except phonenumbers.NumberParseException:
        return None


def _e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
