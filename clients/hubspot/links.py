"""Links between records: the ids of their types, making them and reading them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from clients.errors import Rejected
from clients.hubspot.connection import BURST, VERSION, Connected, chunks
from clients.hubspot.records import (
    check_nothing_temporary,
    check_nothing_unread,
    id_of,
    next_cursor,
    results_of,
)
from clients.refusals import hubspot_refusal, items, mapping

MOST_LINKS = 1_000
"""Pairs in one request (HubSpot takes 2,000), and inputs of one reading (1,000)."""

TYPE_IDS: Mapping[tuple[str, str], int] = MappingProxyType(
    {
        ("calls", "contacts"): 194,
        ("calls", "companies"): 182,
        ("calls", "tickets"): 220,
        ("communications", "contacts"): 81,
        ("communications", "companies"): 87,
        ("communications", "tickets"): 83,
        ("tickets", "contacts"): 16,
        ("tickets", "companies"): 339,
        ("tickets", "calls"): 219,
        ("tickets", "communications"): 84,
        ("contacts", "companies"): 279,
        ("contacts", "tickets"): 15,
        ("contacts", "calls"): 193,
        ("contacts", "communications"): 82,
    }
)
"""https://developers.hubspot.com/docs/api-reference/latest/crm/associations/associate-records/guide."""

Pair = tuple[str, str]
"""The ids of two records, in the order of the types named."""


def association_type(from_type: str, to_type: str) -> dict[str, Any]:
    """Give the type of a link as it is sent inside a create; KeyError for a pair we never link."""
    type_id = TYPE_IDS[from_type, to_type]
    return {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}


@dataclass(frozen=True, slots=True)
class Linked:
    """Which pairs are linked now; the others are refused, for the reasons given."""

    done: frozenset[Pair]
    refused: tuple[Rejected, ...] = ()


class Links(Connected):
    """The links between the records of a portal."""

    def associate(self, from_type: str, to_type: str, pairs: Iterable[Pair]) -> Linked:
        """Link pairs of records in HubSpot's default way; those already linked stay linked.

        Raises Unavailable, or Rejected if HubSpot refuses them all.
        https://developers.hubspot.com/docs/api-reference/latest/crm/associations/associate-records/guide
        """
        done: set[Pair] = set()
        refused: list[Rejected] = []
        for chunk in chunks(dict.fromkeys(pairs), MOST_LINKS):
            answer = self._http.request(
                "POST",
                f"/crm/associations/{VERSION}/{from_type}/{to_type}/batch/associate/default",
                json={"inputs": [{"from": {"id": one}, "to": {"id": two}} for one, two in chunk]},
                limits=BURST,
                safe=True,
            )
            made = {
                (_end(each, "from"), _end(each, "to"))
                for each in results_of(answer.json, wrote=True)
            }
            # Each link is answered in both directions.
            done |= {(one, two) for one, two in chunk if (one, two) in made or (two, one) in made}
            check_nothing_temporary(answer.json)
            refused += [hubspot_refusal(each) for each in items(mapping(answer.json).get("errors"))]
        return Linked(frozenset(done), tuple(refused))

    def associated(
        self, from_type: str, to_type: str, ids: Iterable[str]
    ) -> Mapping[str, tuple[str, ...]]:
        """Read which records of one type each record of another is linked with, by its id.

        https://developers.hubspot.com/docs/api-reference/latest/crm/associations/associate-records/guide
        """
        wanted = dict.fromkeys(ids)
        found: dict[str, dict[str, None]] = {each: {} for each in wanted}
        inputs: list[dict[str, str]] = [{"id": each} for each in wanted]
        while inputs:
            pages: list[dict[str, str]] = []
            for chunk in chunks(inputs, MOST_LINKS):
                answer = self._http.request(
                    "POST",
                    f"/crm/associations/{VERSION}/{from_type}/{to_type}/batch/read",
                    json={"inputs": chunk},
                    limits=BURST,
                    safe=True,
                )
                check_nothing_unread(answer.json)
                for row in results_of(answer.json):
                    id_ = _end(row, "from")
                    linked = (
                        id_of(mapping(each).get("toObjectId")) for each in items(row.get("to"))
                    )
                    found.setdefault(id_, {}).update(dict.fromkeys(filter(None, linked)))
                    cursor = next_cursor(row)
                    pages += [{"id": id_, "after": cursor}] if cursor else []
            inputs = pages
        return {id_: tuple(linked) for id_, linked in found.items()}


def _end(row: Mapping[str, Any], name: str) -> str:
    return id_of(mapping(row.get(name)).get("id"))
