"""The association endpoints: read, link by default or by type, unlink."""

from sandbox.answer import Answer, Json, Misunderstood, Refused, Request, json_answer
from sandbox.hubspot.associations import (
    DEFAULTS,
    PRIMARIES,
    default_type,
    existing,
    inline_targets,
    link,
    linked,
    unlink,
)
from sandbox.hubspot.errors import invalid
from sandbox.hubspot.portal import Portal
from sandbox.hubspot.records import Key
from sandbox.moments import iso_millis
from sandbox.shapes import check_fields, check_query, parse_object

MOST_DEFAULT_LINKS = 2_000
MOST_READS = 1_000


def _batch_answer(results: list[Json], errors: list[Json], now: float) -> Answer:
    payload: Json = {
        "status": "COMPLETE",
        "results": results,
        "startedAt": iso_millis(int(now * 1000)),
        "completedAt": iso_millis(int(now * 1000)),
    }
    if errors:
        payload.update(numErrors=len(errors), errors=errors)
    return json_answer(207 if errors else 200, payload)


def _inputs(request: Request, most: int) -> list[object]:
    inputs: list[object] = check_fields(parse_object(request.body), "body", {"inputs": list})[
        "inputs"
    ]
    if not inputs or len(inputs) > most:
        raise invalid(f"inputs must hold between 1 and {most} entries")
    return inputs


def read_links(portal: Portal, request: Request, kind: str, to_kind: str) -> Answer:
    """Answer `POST /crm/associations/{v}/{from}/{to}/batch/read`."""
    check_query(request.query, frozenset())
    results: list[Json] = []
    errors: list[Json] = []
    for given in _inputs(request, MOST_READS):
        id_ = check_fields(given, "inputs[]", {"id": str}, {"after": str})["id"]
        record = portal.find(kind, id_)
        targets = linked(portal, record, to_kind) if record else []
        if targets:
            to = [
                {"toObjectId": target_id, "associationTypes": [_type(one) for one in sorted(types)]}
                for target_id, types in targets
            ]
            results.append({"from": {"id": id_}, "to": to})
            continue
        errors.append(
            {
                "status": "error",
                "category": "OBJECT_NOT_FOUND",
                "subCategory": "crm.associations.NO_ASSOCIATIONS_FOUND",
                "message": f"No {to_kind} is associated with {kind} {id_}.",
                "context": {
                    "fromObjectId": [id_],
                    "fromObjectType": [kind],
                    "toObjectType": [to_kind],
                },
            }
        )
    return _batch_answer(results, errors, request.time)


def _type(type_id: int) -> Json:
    is_primary = type_id in PRIMARIES.values()
    label = "Primary" if is_primary else None
    return {"category": "HUBSPOT_DEFINED", "typeId": type_id, "label": label}


def _pair_of(given: object) -> tuple[str, str]:
    entry = check_fields(given, "inputs[]", {"from": dict, "to": dict})
    from_id: str = check_fields(entry["from"], "from", {"id": str})["id"]
    to_id: str = check_fields(entry["to"], "to", {"id": str})["id"]
    return from_id, to_id


def associate_defaults(portal: Portal, request: Request, kind: str, to_kind: str) -> Answer:
    """Answer `POST /crm/associations/{v}/{from}/{to}/batch/associate/default`; repeatable."""
    check_query(request.query, frozenset())
    results: list[Json] = []
    errors: list[Json] = []
    for from_id, to_id in [_pair_of(one) for one in _inputs(request, MOST_DEFAULT_LINKS)]:
        try:
            results += _link_default(portal, (kind, from_id), (to_kind, to_id), request.time)
        except Refused as refused:
            context = {"fromObjectId": [from_id], "toObjectId": [to_id]}
            named = {name: refused.payload[name] for name in ("status", "category", "message")}
            errors.append({**named, "context": context})
    return _batch_answer(results, errors, request.time)


def _link_default(portal: Portal, one: Key, other: Key, now: float) -> list[Json]:
    if (one[0], other[0]) not in DEFAULTS:
        raise Misunderstood(f"{one[0]} and {other[0]} have no default association")
    start, end = existing(portal, *one), existing(portal, *other)
    held = portal.links.get(one, {}).get(other)
    if not held:
        link(portal, start, end, default_type(start, end), now)
    return [
        {
            "from": {"id": a.id},
            "to": {"id": b.id},
            "associationSpec": {
                "associationCategory": "HUBSPOT_DEFINED",
                "associationTypeId": DEFAULTS[a.kind, b.kind],
            },
        }
        for a, b in ((start, end), (end, start))
    ]


def put_default(portal: Portal, request: Request, one: Key, other: Key) -> Answer:
    """Answer `PUT /crm/objects/{v}/{from}/{id}/associations/default/{to}/{id}`; repeatable."""
    check_query(request.query, frozenset())
    return _batch_answer(_link_default(portal, one, other, request.time), [], request.time)


def put_labelled(portal: Portal, request: Request, one: Key, other: Key) -> Answer:
    """Answer `PUT /crm/objects/{v}/{from}/{id}/associations/{to}/{id}` with its list of types."""
    wrapped = parse_object(b'{"types":' + request.body + b"}")
    start = existing(portal, *one)
    entry = {"to": {"id": other[1]}, "types": wrapped["types"]}
    for target, type_id in inline_targets(portal, one[0], [entry]):
        if target.kind != other[0]:
            raise Misunderstood(f"associationTypeId {type_id} does not lead to {other[0]}")
        link(portal, start, target, type_id, request.time)
    payload = {
        "fromObjectId": one[1],
        "fromObjectTypeId": one[0],
        "toObjectId": other[1],
        "toObjectTypeId": other[0],
        "labels": [],
    }
    return json_answer(201, payload)


def delete_link(portal: Portal, request: Request, one: Key, other: Key) -> Answer:
    """Answer `DELETE /crm/objects/{v}/{from}/{id}/associations/{to}/{id}`."""
    check_query(request.query, frozenset())
    existing(portal, *one)
    unlink(portal, one, other)
    return Answer(204)
