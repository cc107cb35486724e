"""Find our records in a portal that allows no unique property: by external id, time and marker.

Search lags behind writing, so whoever comes here waited `LAG_MS` since the doubtful try.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol

from clients.hubspot.queries import Filter, Query
from clients.hubspot.records import New, Record

LAG_MS: Final = 60_000
"""Milliseconds from an unknown outcome to the search that tells it."""
PAGE: Final = 50
"""Values in one search: 50 of ours stay well under HubSpot's 3,000 characters."""


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
    """Finds calls by external id, messages by time and marker, tickets beside their activity."""

    def __init__(self, hubspot: Searcher) -> None:
        self._hubspot = hubspot

    def find(self, object_type: str, inputs: Sequence[New]) -> Mapping[str, Record]:
        """Return those that exist, by key; the oldest, should there be two."""
        found: dict[str, Record] = {}
        for start in range(0, len(inputs), PAGE):
            part = inputs[start : start + PAGE]
            for record in self._candidates(object_type, part):
                for each in part:
                    other = found.get(each.key)
                    older = other is None or int(record.id) < int(other.id)
                    if older and _is(object_type, record, each):
                        found[each.key] = record
        return found

    def _candidates(self, object_type: str, part: Sequence[New]) -> Iterator[Record]:
        asked = tuple(sorted({"hs_object_id"}.union(*(each.properties for each in part))))
        match object_type:
            case "calls":
                values = {each.properties["hs_call_external_id"] for each in part}
                yield from self._search(object_type, "hs_call_external_id", values, asked)
            case "communications":
                values = {str(_milliseconds(each.properties["hs_timestamp"])) for each in part}
                yield from self._search(object_type, "hs_timestamp", values, asked)
            case "tickets":
                yield from self._beside_activities(part, asked)
            case _:
                values = {each.properties["phone"] for each in part}
                yield from self._search(object_type, "phone", values, asked)

    def _search(
        self, object_type: str, name: str, values: Collection[str], asked: tuple[str, ...]
    ) -> list[Record]:
        query = Query(((Filter(name, "IN", tuple(sorted(values))),),), asked)
        return self._hubspot.search(object_type, query)

    def _beside_activities(self, part: Sequence[New], asked: tuple[str, ...]) -> Iterator[Record]:
        for object_type in ("calls", "communications"):
            activities = {
                link.to_id for each in part for link in each.links if link.to_type == object_type
            }
            if activities:
                linked = self._hubspot.associated(object_type, "tickets", activities)
                tickets = {ticket for tickets in linked.values() for ticket in tickets}
                yield from self._hubspot.read("tickets", tickets, asked).values()


def _is(object_type: str, record: Record, new: New) -> bool:
    has, wants = record.properties, new.properties
    match object_type:
        case "calls":
            return has.get("hs_call_external_id") == wants["hs_call_external_id"]
        case "communications":
            return _marker(wants["hs_communication_body"]) in (
                has.get("hs_communication_body") or ""
            )
        case "tickets":
            return _marker(wants["content"]) in (has.get("content") or "")
        case _:
            return has.get("phone") == wants["phone"]


def _marker(text: str) -> str:
    """Return the line that every text of ours ends with: `Call ID: 4001` or `Message ID: ...`."""
    return text[text.rfind("ID:") :]


def _milliseconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp() * 1000)
