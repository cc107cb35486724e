"""CRM search: filters, sorts, paging, and the limits that the search page names."""

from typing import Any

from sandbox.answer import Answer, Json, Misunderstood, Request, json_answer
from sandbox.hubspot.errors import invalid
from sandbox.hubspot.filters import (
    Group,
    Seen,
    comparable,
    parsed_groups,
    passes,
    refuse_unknown,
)
from sandbox.hubspot.objects import known_names, view
from sandbox.hubspot.portal import INDEXED, Portal
from sandbox.hubspot.records import Record
from sandbox.hubspot.schema import ANSWERED
from sandbox.shapes import check_fields, check_query, check_strings, parse_object

MOST_BODY = 3_000
MOST_RESULTS, MOST_PER_PAGE = 10_000, 200
Found = list[tuple[Record, Seen]]


def search(portal: Portal, request: Request, kind: str) -> Answer:
    """Answer `POST /crm/objects/{v}/{type}/search`."""
    check_query(request.query, frozenset())
    if len(request.body.decode("utf-8", "replace")) > MOST_BODY:
        raise invalid(f"The search request is longer than {MOST_BODY} characters")
    body = check_fields(
        parse_object(request.body),
        "body",
        {"filterGroups": list, "sorts": list, "properties": list, "limit": int, "after": str},
        {"query": str},
    )
    check_strings(body["properties"], "properties")
    groups = parsed_groups(portal, kind, body["filterGroups"])
    limit, start = page_of(body["limit"], body["after"])
    refuse_unknown(portal, kind, body["properties"])
    found = matching(portal, kind, groups, body.get("query", ""), request.time)
    ordered = sort_found(portal, kind, found, body["sorts"])
    page = ordered[start : start + limit]
    names = known_names(portal, kind, body["properties"])
    payload: Json = {
        "total": len(ordered),
        "results": [view(record, names, values) for record, values in page],
    }
    if start + limit < len(ordered):
        after = str(start + limit)
        payload["paging"] = {"next": {"after": after, "link": f"?after={after}"}}
    return json_answer(200, payload)


def page_of(limit: int, after: str) -> tuple[int, int]:
    """Return (limit, offset); Refused (400) outside of 1-200 or beyond the 10,000th result."""
    if not 1 <= limit <= MOST_PER_PAGE:
        raise invalid(f"limit must lie between 1 and {MOST_PER_PAGE}, not {limit}")
    if after and not after.isdigit():
        raise invalid(f"{after} is no paging cursor")
    start = int(after or "0")
    if start + limit > MOST_RESULTS:
        raise invalid(f"Only the first {MOST_RESULTS} results of a search can be read")
    return limit, start


def matching(portal: Portal, kind: str, groups: list[Group], words: str, now: float) -> Found:
    """Return all records that one group at least lets pass, as far as the index knows them."""
    records = portal.records[kind]
    ids = _candidates(portal, kind, groups)
    chosen = records.values() if ids is None else (records[id_] for id_ in ids if id_ in records)
    found = []
    for record in chosen:
        values = portal.seen_by_search(record, now)
        if values is None or (words and not _has_words(kind, values, words)):
            continue
        if not groups or any(
            all(passes(portal, record, values, one) for one in group) for group in groups
        ):
            found.append((record, values))
    return found


def _candidates(portal: Portal, kind: str, groups: list[Group]) -> set[str] | None:
    """Return ids among which all matches are; None when only looking at all records helps."""
    ids: set[str] = set()
    for group in groups:
        chosen = next((one for one in group if _is_indexed(portal, kind, one)), None)
        if chosen is None:
            return None
        for value in chosen.get("values") or [chosen["value"]]:
            ids |= portal.ever.get((kind, chosen["propertyName"], value.lower()), frozenset())
    return ids if groups else None


def _is_indexed(portal: Portal, kind: str, given: Json) -> bool:
    name = given["propertyName"]
    is_equality = given["operator"] in ("EQ", "IN")
    return is_equality and (name in INDEXED or portal.is_unique(kind, name))


def _has_words(kind: str, values: Seen, words: str) -> bool:
    texts = [values.get(name, "") for name in (*ANSWERED[kind], "phone", "mobilephone")]
    text = " ".join(texts).lower()
    return all(word in text for word in words.lower().split())


def sort_found(portal: Portal, kind: str, found: Found, sorts: list[Any]) -> Found:
    """Return the matches in the asked order (one rule at most), else by id."""
    by_id = sorted(found, key=lambda one: int(one[0].id))
    if not sorts:
        return by_id
    if len(sorts) > 1:
        raise invalid("Only one sort is allowed")
    rule = sorts[0]
    if isinstance(rule, str):
        rule = {
            "propertyName": rule.lstrip("-"),
            "direction": "DESCENDING" if rule[:1] == "-" else "",
        }
    rule = check_fields(rule, "sorts[]", {"propertyName": str}, {"direction": str})
    direction = rule.get("direction") or "ASCENDING"
    if direction not in ("ASCENDING", "DESCENDING"):
        raise Misunderstood(f"direction {direction} is not known")
    name = rule["propertyName"]
    refuse_unknown(portal, kind, [name])
    value_kind = portal.properties[kind][name].kind
    having = [one for one in by_id if one[1].get(name)]
    lacking = [one for one in by_id if not one[1].get(name)]
    having.sort(
        key=lambda one: comparable(value_kind, one[1][name]), reverse=direction == "DESCENDING"
    )
    return having + lacking
