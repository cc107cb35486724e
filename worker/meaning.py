"""What somebody may mean who names a call: its id, a link, a HubSpot record, or a phone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, parse_qs, urlsplit

from rules.phones import parse_phone

RECORD_TYPES: Final = {
    "contacts": "0-1",
    "companies": "0-2",
    "tickets": "0-5",
    "calls": "0-48",
    "communications": "0-18",
}
"""HubSpot's numbers of object types, as its addresses name them."""
KINDS: Final = ("call", "message", "group")
ACTIVITIES: Final = ("calls", "communications", "tickets")
"""What a bare HubSpot id may be: our own records."""
LONGEST: Final = 2000
"""Characters that are looked at."""
MOST_PHONES: Final = 10

_BY_NUMBER: Final = {number: name for name, number in RECORD_TYPES.items()}
_FORMER: Final = {"contact": "contacts", "company": "companies", "ticket": "tickets"}
_NOT_CALLS: Final = frozenset({"numbers", "users", "contacts", "teams", "tags", "webhooks"})
_AROUND: Final = " \t\r\n`'\"“”„‘’<>[]*_~"
_IN_SLACK: Final = re.compile(r"<([^<>|]+)(?:\|[^<>]*)?>")
_MARKER: Final = re.compile(r"(?:call|message) id:?\s+(\S+)", re.IGNORECASE)
_RECORD: Final = re.compile(r"/contacts/(\d+)/record/(0-\d+)/(\d+)")
_FORMER_RECORD: Final = re.compile(r"/contacts/(\d+)/(contact|company|ticket)/(\d+)")
_REVIEW: Final = re.compile(r"/calls/(\d+)/review/(\d+)")
_ID: Final = re.compile(r"\d+|[0-9a-zA-Z]+(?:-[0-9a-zA-Z]+)+")
_HUBSPOT_HOST: Final = re.compile(r"(?:[\w-]+\.)*(?:hubspot|hubspotqa)\.com")


@dataclass(frozen=True, slots=True)
class Meant:
    """What the words may mean, likeliest first in each kind."""

    ids: tuple[str, ...] = ()
    """Of interactions: `call-4001`."""
    phones: tuple[str, ...] = ()
    """E.164."""
    records: tuple[tuple[str, str], ...] = ()
    """HubSpot's object type and id."""
    portal: str = ""
    """The HubSpot account that a link names."""


def meant_by(said: str, countries: Iterable[str]) -> Meant:
    """Read what somebody typed or pasted; `countries` are those of our lines (ISO 3166)."""
    words = _plain(said)
    if link := _link(words):
        return _of_link(link)
    if words.lower().startswith(tuple(f"{kind}-" for kind in KINDS)):
        kind, _, own = words.partition("-")
        return Meant(ids=(f"{kind.lower()}-{own}",))
    if marker := _MARKER.search(words):
        return Meant(ids=_ids(marker[1]))
    phones = phones_in(words, countries)
    own = words.lstrip("#")
    if not own or any(char.isspace() for char in own) or own.startswith("+"):
        return Meant(phones=phones)
    bare = own.isascii() and own.isdigit()
    records = tuple((each, own) for each in ACTIVITIES) if bare and len(own) <= 20 else ()
    return Meant(_ids(own), phones, records)


def phones_in(words: str, countries: Iterable[str]) -> tuple[str, ...]:
    """Return the phones (E.164) that one spelling may mean, read by each country in turn."""
    typed = words if words.startswith("+") else f"+{words}"
    digits = sum(map(str.isdecimal, words))
    read = [parse_phone(words, None)]
    read += [parse_phone(words, country) for country in dict.fromkeys(countries)]
    if digits >= 10:
        # Pasted without its plus.
        read.append(parse_phone(typed, None))
    return tuple(dict.fromkeys(each.e164 for each in read if each))[:MOST_PHONES]


def _plain(said: str) -> str:
    """Take off what Slack, a mail or a table put around it."""
    kept = "".join(each for each in said[:LONGEST] if unicodedata.category(each) != "Cf").strip()
    if wrapped := _IN_SLACK.fullmatch(kept):
        kept = wrapped[1]
    return kept.lstrip(_AROUND).rstrip(_AROUND + ".,;:!?")


def _ids(own: str) -> tuple[str, ...]:
    return tuple(f"{kind}-{own}" for kind in KINDS)


def _link(words: str) -> SplitResult | None:
    if any(char.isspace() for char in words):
        return None
    named = words if "://" in words else f"https://{words}"
    try:
        link = urlsplit(named)
        host = link.hostname or ""
    except ValueError:
        return None
    if link.scheme.lower() not in {"http", "https"} or not ("://" in words or "/" in words):
        return None
    return link if "." in host or "://" in words else None


def _of_link(link: SplitResult) -> Meant:
    host = (link.hostname or "").lower()
    if _HUBSPOT_HOST.fullmatch(host) or _RECORD.search(link.path):
        return _of_hubspot(link)
    return Meant(ids=tuple(each for own in _own_ids(link.path) for each in _ids(own)))


def _of_hubspot(link: SplitResult) -> Meant:
    found = _RECORD.search(link.path) or _FORMER_RECORD.search(link.path)
    portal = found[1] if found else ""
    # A call opened in somebody's timeline is named behind the address of that somebody.
    named = parse_qs(link.query).get("engagement", [])
    if portal and named and named[0].isdigit():
        return Meant(records=tuple((each, named[0]) for each in ACTIVITIES[:2]), portal=portal)
    if found:
        kind = _BY_NUMBER.get(found[2]) or _FORMER.get(found[2])
        return Meant(records=((kind, found[3]),) if kind else (), portal=portal)
    if review := _REVIEW.search(link.path):
        return Meant(records=(("calls", review[2]),), portal=review[1])
    return Meant()


def _own_ids(path: str) -> list[str]:
    parts = [part for part in path.split("/") if part]
    return [
        part
        for before, part in zip(["", *parts], parts, strict=False)
        if _ID.fullmatch(part) and before not in _NOT_CALLS and part not in RECORD_TYPES
    ]
