"""Searches for many phones and e-mails at once, packed into as few requests as HubSpot allows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from clients.bodies import compact

LONGEST_BODY = 3_000
"""Characters of a search's JSON.

https://developers.hubspot.com/docs/api-reference/latest/crm/search-the-crm
"""
MOST_GROUPS = 5
PAGE = 200
MOST_RESULTS = 10_000
_LAST_CURSOR = str(MOST_RESULTS - PAGE)
_LONGEST_EMAIL = 254

Operator = Literal[
    "EQ", "NEQ", "LT", "LTE", "GT", "GTE", "IN", "NOT_IN", "HAS_PROPERTY", "NOT_HAS_PROPERTY"
]


class Wanted(NamedTuple):
    """Someone to look for: each part may be empty."""

    national: str = ""
    """Area code and local number without country code: what the calculated properties hold."""
    e164: str = ""
    email: str = ""


class Filter(NamedTuple):
    """One condition; `values` holds one value, or many for IN."""

    name: str
    operator: Operator
    values: tuple[str, ...] = ()

    def sent(self) -> dict[str, Any]:
        """Give the condition as HubSpot reads it."""
        condition: dict[str, Any] = {"propertyName": self.name, "operator": self.operator}
        if self.operator in {"IN", "NOT_IN"}:
            return condition | {"values": list(self.values)}
        return condition | {"value": self.values[0]} if self.values else condition


Sort = tuple[str, Literal["ASCENDING", "DESCENDING"]]


@dataclass(frozen=True, slots=True)
class Query:
    """One search: groups are alternatives, the conditions of a group all hold."""

    groups: tuple[tuple[Filter, ...], ...]
    properties: tuple[str, ...]
    sorts: tuple[Sort, ...] = ()

    def body(self, after: str = "0") -> dict[str, Any]:
        """Give what is sent for one page; `after` is the cursor of the last one."""
        return {
            "filterGroups": [{"filters": [each.sent() for each in group]} for group in self.groups],
            "sorts": [{"propertyName": name, "direction": way} for name, way in self.sorts],
            "properties": list(self.properties),
            "limit": PAGE,
            "after": after,
        }


HOLDING: Mapping[str, str] = {
    "hs_searchable_calculated_phone_number": "national",
    "hs_searchable_calculated_mobile_number": "national",
    "phone": "e164",
    "mobilephone": "e164",
    "email": "email",
}
"""Properties that are searched, and which part of someone wanted they hold."""


def searches_for(
    wanted: Iterable[Wanted],
    searchable: Collection[str],
    properties: Sequence[str],
    sorts: tuple[Sort, ...] = (),
) -> Iterator[Query]:
    """Pack everyone wanted into searches of at most 3,000 characters, measured on the JSON sent.

    Only properties that are `searchable`, i.e. that this portal lists, are named: an unknown one
    is a 400 for the whole search. What comes back is over-inclusive (the same national number
    exists in other countries) and is to be verified.
    """
    names = [name for name in HOLDING if name in searchable]
    pack: list[Wanted] = []
    for each in dict.fromkeys(_lowered(one) for one in wanted):
        if not _groups([each], names):
            continue
        if pack and _length([*pack, each], names, properties, sorts) > LONGEST_BODY:
            yield _query(pack, names, properties, sorts)
            pack = []
        pack.append(each)
    if pack:
        yield _query(pack, names, properties, sorts)


def _lowered(wanted: Wanted) -> Wanted:
    # IN matches texts only by their lower case; a longer e-mail than the standard's is no e-mail.
    email = wanted.email.strip().lower()
    return wanted._replace(email=email if len(email) <= _LONGEST_EMAIL else "")


def _groups(pack: Sequence[Wanted], names: Iterable[str]) -> tuple[tuple[Filter, ...], ...]:
    groups = []
    for name in names:
        values = tuple(dict.fromkeys(filter(None, (getattr(one, HOLDING[name]) for one in pack))))
        if values:
            groups.append((Filter(name, "IN", values),))
    return tuple(groups[:MOST_GROUPS])


def _query(
    pack: Sequence[Wanted],
    names: Iterable[str],
    properties: Sequence[str],
    sorts: tuple[Sort, ...],
) -> Query:
    return Query(_groups(pack, names), tuple(properties), sorts)


def _length(
    pack: Sequence[Wanted],
    names: Iterable[str],
    properties: Sequence[str],
    sorts: tuple[Sort, ...],
) -> int:
    # A later page's cursor is longer than the first one's.
    return len(compact(_query(pack, names, properties, sorts).body(_LAST_CURSOR)))
