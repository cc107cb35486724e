"""Single records: create, read, list, update, archive, merge."""

from collections.abc import Iterable, Mapping

from sandbox.answer import Answer, Json, Request, json_answer
from sandbox.hubspot.associations import Target, inline_targets, link, linked
from sandbox.hubspot.errors import invalid, not_found
from sandbox.hubspot.people import merge
from sandbox.hubspot.portal import Portal
from sandbox.hubspot.records import Record, Values
from sandbox.hubspot.schema import ANSWERED, CREATED, TYPE_IDS, TYPES, modified_name
from sandbox.hubspot.values import checked
from sandbox.moments import iso_millis
from sandbox.shapes import check_fields, check_query, check_strings, parse_object

READ_QUERY = frozenset(
    {"properties", "propertiesWithHistory", "associations", "archived", "idProperty"}
)


def view(record: Record, names: Iterable[str], values: Mapping[str, str] | None = None) -> Json:
    """Return a record as the API shows it, with the named properties; null where never set."""
    held = record.properties if values is None else values
    wanted = dict.fromkeys(
        (*names, "hs_object_id", CREATED[record.kind], modified_name(record.kind))
    )
    shown: Json = {
        "id": record.id,
        "properties": {name: held.get(name) for name in wanted},
        "createdAt": iso_millis(record.created),
        "updatedAt": iso_millis(record.updated),
        "archived": record.archived is not None,
    }
    if record.archived is not None:
        shown["archivedAt"] = iso_millis(record.archived)
    return shown


def known_names(portal: Portal, kind: str, asked: Iterable[str]) -> list[str]:
    """Return the asked names that exist, or the default ones; unknown ones HubSpot leaves out."""
    names = [name for name in asked if name in portal.properties[kind]]
    return names or list(ANSWERED[kind])


def is_true(text: str) -> bool:
    """Return a boolean query parameter; Refused (400) when it is neither true nor false."""
    if text not in ("true", "false"):
        raise invalid(f"{text} is not a boolean")
    return text == "true"


def named(query: Mapping[str, str], name: str) -> list[str]:
    """Return a comma separated query parameter as a list without blanks."""
    return [word.strip() for word in query.get(name, "").split(",") if word.strip()]


def check_id_property(portal: Portal, kind: str, name: str | None) -> None:
    """Raise Refused (400) unless a property can find a record: unique, or hs_object_id."""
    if name in (None, "", "hs_object_id") or portal.is_unique(kind, str(name)):
        return
    raise invalid(f"Property {name} is not a unique property of {kind}")


def create_parts(portal: Portal, kind: str, given: Json) -> tuple[Values, list[Target]]:
    """Return the values and link targets of one create input; Refused or Misunderstood if bad."""
    check_strings(given["properties"], "properties")
    values = checked(portal, kind, given["properties"])
    return values, inline_targets(portal, kind, given["associations"])


def created(
    portal: Portal, kind: str, values: Values, targets: Iterable[Target], now: float
) -> Record:
    """Create a record with its links."""
    record = portal.add(kind, values, now)
    for target, type_id in targets:
        link(portal, record, target, type_id, now)
    return record


def create_one(portal: Portal, request: Request, kind: str) -> Answer:
    """Answer `POST /crm/objects/{v}/{type}`."""
    check_query(request.query, frozenset())
    fields = {"properties": dict, "associations": list}
    given = check_fields(parse_object(request.body), "body", fields)
    values, targets = create_parts(portal, kind, given)
    record = created(portal, kind, values, targets, request.time)
    return json_answer(201, view(record, values))


def _asked_record(portal: Portal, request: Request, kind: str, id_: str) -> Record:
    id_property = request.query.get("idProperty")
    check_id_property(portal, kind, id_property)
    archived = is_true(request.query.get("archived", "false"))
    record = portal.find_by(kind, id_property, id_, archived=archived)
    if record is None:
        raise not_found()
    return record


def _links_view(portal: Portal, record: Record, asked: Iterable[str]) -> Json:
    links: Json = {}
    for word in asked:
        kind = TYPE_IDS.get(word, word)
        if kind not in TYPES:
            raise invalid(f"{word} is no object type")
        name = f"{record.kind}_to_{kind}"
        found = [{"id": id_, "type": name} for id_, _ in linked(portal, record, kind)]
        if found:
            links[kind] = {"results": found}
    return links


def read_one(portal: Portal, request: Request, kind: str, id_: str) -> Answer:
    """Answer `GET /crm/objects/{v}/{type}/{id}`; a merged id leads to the winner."""
    check_query(request.query, READ_QUERY)
    record = _asked_record(portal, request, kind, id_)
    shown = view(record, known_names(portal, kind, named(request.query, "properties")))
    links = _links_view(portal, record, named(request.query, "associations"))
    if links:
        shown["associations"] = links
    return json_answer(200, shown)


def list_some(portal: Portal, request: Request, kind: str) -> Answer:
    """Answer `GET /crm/objects/{v}/{type}`, at most 100 at once, by id."""
    check_query(request.query, (READ_QUERY - {"idProperty"}) | {"limit", "after"})
    limit, after = request.query.get("limit", "10"), request.query.get("after", "0")
    if not limit.isdigit() or not 1 <= int(limit) <= 100 or not after.isdigit():
        raise invalid("limit must lie between 1 and 100, after must be a cursor")
    archived = is_true(request.query.get("archived", "false"))
    names = known_names(portal, kind, named(request.query, "properties"))
    ids = sorted(
        int(record.id)
        for record in portal.records[kind].values()
        if (record.archived is not None) == archived and int(record.id) > int(after)
    )
    page = [portal.records[kind][str(id_)] for id_ in ids[: int(limit)]]
    results = []
    for record in page:
        links = _links_view(portal, record, named(request.query, "associations"))
        results.append({**view(record, names), **({"associations": links} if links else {})})
    payload: Json = {"results": results}
    if len(ids) > len(page):
        last = page[-1].id
        payload["paging"] = {"next": {"after": last, "link": f"?after={last}"}}
    return json_answer(200, payload)


def update_one(portal: Portal, request: Request, kind: str, id_: str) -> Answer:
    """Answer `PATCH /crm/objects/{v}/{type}/{id}`."""
    check_query(request.query, frozenset({"idProperty"}))
    given = check_fields(parse_object(request.body), "body", {"properties": dict})
    check_strings(given["properties"], "properties")
    record = _asked_record(portal, request, kind, id_)
    values = checked(portal, kind, given["properties"], record)
    portal.write(record, values, request.time)
    return json_answer(200, view(record, values))


def archive_one(portal: Portal, request: Request, kind: str, id_: str) -> Answer:
    """Answer `DELETE /crm/objects/{v}/{type}/{id}`: into the recycle bin."""
    check_query(request.query, frozenset())
    record = portal.records[kind].get(id_)
    if record is None:
        raise not_found()
    portal.archive(record, request.time)
    return Answer(204)


def merge_two(portal: Portal, request: Request, kind: str) -> Answer:
    """Answer `POST /crm/objects/{v}/{type}/merge`."""
    fields = {"primaryObjectId": str, "objectIdToMerge": str}
    given = check_fields(parse_object(request.body), "body", fields)
    winner = portal.find(kind, given["primaryObjectId"])
    loser = portal.find(kind, given["objectIdToMerge"])
    if winner is None or loser is None or winner is loser:
        raise not_found()
    merge(portal, winner, loser, request.time)
    return json_answer(200, view(winner, ANSWERED[kind]))
