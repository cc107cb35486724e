"""What HubSpot calculates from a typed phone: E.164, country, and the searchable forms."""

from collections.abc import Mapping
from functools import lru_cache

from phonenumbers import (
    NumberParseException,
    PhoneNumberFormat,
    format_number,
    is_possible_number,
    national_significant_number,
    parse,
    region_code_for_number,
)

from sandbox.hubspot.schema import PHONE_PROPERTIES

COUNTRIES = {
    "france": "FR",
    "germany": "DE",
    "united states": "US",
    "united kingdom": "GB",
    "spain": "ES",
}


def country_of(properties: Mapping[str, str]) -> str:
    """Return the ISO country of a record, by its `country` property; FR if it says nothing."""
    typed = properties.get("country", "").strip()
    return COUNTRIES.get(typed.lower(), typed.upper() if len(typed) == 2 else "FR")


@lru_cache(maxsize=131_072)
def read_phone(typed: str, country: str) -> tuple[str, str, str]:
    """Return (E.164, ISO country, national significant number) of what a person typed.

    What is no possible number has no E.164 and no country; its national form is its digits
    without leading zeros, as HubSpot answers it.
    """
    try:
        number = parse(typed, country)
    except NumberParseException:
        number = None
    if number is None or not is_possible_number(number):
        digits = "".join(sign for sign in typed if sign.isdigit())
        return "", "", digits.lstrip("0")
    region = region_code_for_number(number) or ""
    return (
        format_number(number, PhoneNumberFormat.E164),
        region,
        national_significant_number(number),
    )


def calculated(kind: str, properties: Mapping[str, str]) -> dict[str, str]:
    """Return the calculated phone properties of a record; an empty text where there is none."""
    values: dict[str, str] = {}
    for typed_name, family in PHONE_PROPERTIES.get(kind, ()):
        typed = properties.get(typed_name, "")
        e164, region, national = read_phone(typed, country_of(properties)) if typed else ("",) * 3
        values[f"hs_calculated_{family}_number"] = e164
        values[f"hs_calculated_{family}_number_country_code"] = region
        values[f"hs_searchable_calculated_{family}_number"] = national
        # without "+": whether HubSpot keeps it is not known, so nobody may rely on it
        values[f"hs_searchable_calculated_international_{family}_number"] = e164.lstrip("+")
    return values
