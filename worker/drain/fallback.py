"""Find our records in a portal that allows no unique property: by their links and markers.

Search lags behind writing, so whoever comes here waited `LAG_MS` since the doubtful try.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol

from clients.hubspot.queries import MOST_GROUPS, Filter, Query
from clients.hubspot.records import New, Record

LAG_MS: Final = 60_000
"""Milliseconds from an unknown outcome to the search that tells it."""
BESIDE: Final[Mapping[str, tuple[str, ...]]] = {
    "calls": ("contacts", "companies"),
    "communications": ("contacts", "companies"),
    "tickets": ("calls", "communications"),
}
"""Beside which records one of ours is looked for."""


class Searcher(Protocol):
    """The part of HubSpot's client that this needs."""

    def search(self, object_type: str, query: Query) -> list[Record]:
        """Search; raises Unavailable."""

    def associated(
        self, from_type: str, to_type: str, ids: Iterable[str]
    ) -> Mapping[str, tuple[str, ...]]:
        """Read which records of one type each record of another is linked with."""

    def read(
        self, object_type: str, ids: Iterable[str], properties: Collection[str]
    ) -> Mapping[str, Record]:
        """Read records by id."""


class SearchFinder:
    """Finds activities beside their contact or company, tickets beside their activity.

    Links are read consistently. Only an activity that is linked with nobody, and a contact, must be
    searched for.
    """

    def __init__(self, hubspot: Searcher) -> None:
        self._hubspot = hubspot

    def find(self, object_type: str, inputs: Sequence[New]) -> Mapping[str, Record]:
        """Return those that exist, by key; the oldest, should there be two."""
        found: dict[str, Record] = {}
        for record in self._candidates(object_type, inputs):
            for each in inputs:
                other = found.get(each.key)
                older = other is None or int(record.id) < int(other.id)
                if older and _is(object_type, record, each):
                    found[each.key] = record
        return found

    def _candidates(self, object_type: str, inputs: Sequence[New]) -> Iterator[Record]:
        asked = tuple(sorted({"hs_object_id"}.union(*(each.properties for each in inputs))))
        if object_type == "contacts":
            phones = tuple(sorted({each.properties["phone"] for each in inputs}))
            yield from self._search(object_type, ((Filter("phone", "IN", phones),),), asked)
            return
        yield from self._beside(object_type, inputs, asked)
        moments = sorted({each.properties["hs_timestamp"] for each in inputs if not each.links})
        for start in range(0, len(moments), MOST_GROUPS):
            groups = tuple(map(_at, moments[start : start + MOST_GROUPS]))
            yield from self._search(object_type, groups, asked)

    def _search(
        self, object_type: str, groups: tuple[tuple[Filter, ...], ...], asked: tuple[str, ...]
    ) -> list[Record]:
        return self._hubspot.search(object_type, Query(groups, asked))

    def _beside(
        self, object_type: str, inputs: Sequence[New], asked: tuple[str, ...]
    ) -> Iterator[Record]:
        for beside in BESIDE[object_type]:
            ids = {link.to_id for each in inputs for link in each.links if link.to_type == beside}
            if ids:
                linked = self._hubspot.associated(beside, object_type, ids)
                records = {record for those in linked.values() for record in those}
                yield from self._hubspot.read(object_type, records, asked).values()


def _at(moment: str) -> tuple[Filter, ...]:
    milliseconds = str(int(datetime.fromisoformat(moment).timestamp() * 1000))
    return (
        Filter("hs_timestamp", "GTE", (milliseconds,)),
        Filter("hs_timestamp", "LTE", (milliseconds,)),
    )


def _is(object_type: str, record: Record, new: New) -> bool:
    has, wants = record.properties, new.properties
    match object_type:
        case "calls":
            return has.get("hs_call_external_id") == wants["hs_call_external_id"]
        case "communications":
            return _marked(has.get("hs_communication_body"), wants["hs_communication_body"])
        case "tickets":
            return _marked(has.get("content"), wants["content"])
        case _:
            return has.get("phone") == wants["phone"]


def _marked(has: str | None, wants: str) -> bool:
    """Whether a text has the line that every text of ours ends with, such as `Call ID: 4001`.

    The id must end there: `Call ID: 400` is not that of call 4001.
    """
    marker = wants[wants.rfind("ID:") :]
    return re.search(re.escape(marker) + r"(?![\w-])", has or "") is not None
