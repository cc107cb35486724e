"""Contacts, companies, tickets, calls and communications: made, changed, read and searched."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from clients.errors import Misunderstood, NotFound, Rejected, Unavailable
from clients.hubspot.connection import BURST, SEARCH, VERSION, Connected, chunks
from clients.hubspot.links import association_type
from clients.hubspot.queries import MOST_RESULTS, PAGE, Filter, Query
from clients.hubspot.records import (
    Batch,
    Change,
    New,
    Record,
    batch_of,
    check_nothing_unread,
    key_by_id,
    key_by_unique,
    next_cursor,
    records_of,
)
from clients.refusals import mapping
from rules.scalars import whole

MOST_INPUTS = 100
_MERGED = "hs_merged_object_ids"
_PATH = f"/crm/objects/{VERSION}/"


class Objects(Connected):
    """The records of a portal."""

    def create(self, object_type: str, inputs: Sequence[New]) -> Batch:
        """Create up to 100 records, each linked as it says; never an upsert.

        A trace id per input makes HubSpot answer input by input. Raises Unavailable only if
        nothing can have been written.
        https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/guide
        """
        sent = [
            {
                "objectWriteTraceId": each.key,
                "properties": dict(each.properties),
                "associations": [
                    {
                        "to": {"id": link.to_id},
                        "types": [association_type(object_type, link.to_type)],
                    }
                    for link in each.links
                ],
            }
            for each in inputs
        ]
        keys = [each.key for each in inputs]
        return self._write(f"{object_type}/batch/create", sent, keys, key_by_unique(inputs))

    def update(self, object_type: str, changes: Sequence[Change]) -> Batch:
        """Write properties to up to 100 records; the other properties stay as they are.

        Raises Unavailable only if nothing can have been written.
        https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/guide
        """
        sent = [
            {
                "objectWriteTraceId": each.key,
                "id": each.id,
                "properties": dict(each.properties),
            }
            for each in changes
        ]
        keys = [each.key for each in changes]
        return self._write(f"{object_type}/batch/update", sent, keys, key_by_id(changes))

    def _write(
        self,
        path: str,
        sent: list[dict[str, Any]],
        keys: list[str],
        key_of: Callable[[Record], str | None],
    ) -> Batch:
        if len(keys) > MOST_INPUTS or len(set(keys)) < len(keys):
            raise ValueError("a batch holds at most 100 inputs, each with a key of its own")
        if not keys:
            return Batch()
        try:
            answer = self._http.request("POST", _PATH + path, json={"inputs": sent}, limits=BURST)
            return batch_of(answer.json, keys, key_of)
        except NotFound as error:
            refusal = Rejected("hubspot", error.message, status=404, category=error.category)
            return Batch(whole=refusal)
        except Rejected as error:
            return Batch(whole=error)
        except Unavailable as error:
            if not error.maybe_written:
                raise
            return Batch(unanswered=tuple(keys), trouble=error)

    def read(
        self,
        object_type: str,
        ids: Iterable[str],
        properties: Collection[str],
        *,
        id_property: str | None = None,
        archived: bool = False,
    ) -> Mapping[str, Record]:
        """Read records by id, or by the values of a unique property, under what was asked for.

        Those that do not exist are absent; with `archived`, only archived ones are found. A merged
        contact is found under its old id as the one it became. Consistent, unlike a search.
        https://developers.hubspot.com/docs/api-reference/latest/crm/objects/contacts/guide
        """
        found: dict[str, Record] = {}
        names = [*dict.fromkeys((*properties, id_property or _MERGED))]
        for asked in chunks(dict.fromkeys(ids), MOST_INPUTS):
            body = {
                "inputs": [{"id": each} for each in asked],
                "properties": names,
                "propertiesWithHistory": [],
            }
            if id_property:
                body["idProperty"] = id_property
            records = self._read(object_type, body, archived=archived)
            found |= _by_asked(asked, records, id_property)
            if id_property or _all_claimed(found, records):
                continue
            # A record came back under an id that says nothing of the one asked for.
            for lost in [each for each in asked if each not in found]:
                alone = self._read(
                    object_type, body | {"inputs": [{"id": lost}]}, archived=archived
                )
                if alone:
                    found[lost] = alone[0]
        return found

    def _read(self, object_type: str, body: Mapping[str, Any], *, archived: bool) -> list[Record]:
        path = f"{_PATH}{object_type}/batch/read"
        params = {"archived": "true"} if archived else None
        for last in (False, True):
            try:
                answer = self._http.request(
                    "POST", path, json=body, params=params, limits=BURST, safe=True
                )
            except NotFound as error:
                if error.category == "OBJECT_NOT_FOUND":
                    return []
                raise
            try:
                check_nothing_unread(answer.json)
                return records_of(answer.json)
            except Unavailable:
                if last:
                    raise
        raise AssertionError("the second try either answers or raises")

    def search(self, object_type: str, query: Query, most: int = MOST_RESULTS) -> list[Record]:
        """Search, page after page, up to `most` records (HubSpot ends at 10,000).

        Records changed moments ago may not be found yet, archived ones never are.
        https://developers.hubspot.com/docs/api-reference/latest/crm/search-the-crm
        """
        found: dict[str, Record] = {}
        after = "0"
        while True:
            answer = self._http.request(
                "POST",
                f"{_PATH}{object_type}/search",
                json=query.body(after),
                limits=SEARCH,
                safe=True,
            )
            found |= {record.id: record for record in records_of(answer.json)}
            cursor = next_cursor(answer.json)
            beyond = cursor.isdigit() and int(cursor) + PAGE > MOST_RESULTS
            if not cursor or cursor == after or beyond or len(found) >= most:
                return list(found.values())[:most]
            after = cursor

    def count(self, object_type: str, groups: tuple[tuple[Filter, ...], ...] = ()) -> int:
        """Tell how many records a search would find, beyond what paging reaches too.

        https://developers.hubspot.com/docs/api-reference/latest/crm/search-the-crm
        """
        body = Query(groups, ()).body() | {"limit": 1}
        path = f"{_PATH}{object_type}/search"
        answer = self._http.request("POST", path, json=body, limits=SEARCH, safe=True)
        total = whole(mapping(answer.json).get("total"))
        if total is None:
            raise Misunderstood("hubspot", "HubSpot answered without total", maybe_written=False)
        return total

    def next_by_id(self, object_type: str, after: str, properties: Collection[str]) -> list[Record]:
        """Read the up to 200 records whose ids follow `after`, in the order of their ids.

        So one gets beyond the 10,000 that paging reaches. Not consistent, as any search.
        https://developers.hubspot.com/docs/api-reference/latest/crm/search-the-crm
        """
        beyond = (Filter("hs_object_id", "GT", (after or "0",)),)
        query = Query((beyond,), tuple(properties), (("hs_object_id", "ASCENDING"),))
        return self.search(object_type, query, PAGE)


def _by_asked(
    asked: Sequence[str], records: Iterable[Record], id_property: str | None
) -> dict[str, Record]:
    lowered = {each.lower(): each for each in asked}
    found: dict[str, Record] = {}
    for record in records:
        if id_property:
            value = record.properties.get(id_property) or ""
            # HubSpot stores some values, e-mails among them, in lower case.
            names = [value if value in asked else lowered.get(value.lower(), "")]
        else:
            names = [record.id, *(record.properties.get(_MERGED) or "").split(";")]
        found |= {name: record for name in names if name in asked and name not in found}
    return found


def _all_claimed(found: Mapping[str, Record], records: Iterable[Record]) -> bool:
    claimed = {record.id for record in found.values()}
    return all(record.id in claimed for record in records)
