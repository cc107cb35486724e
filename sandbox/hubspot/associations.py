"""Links between records: the type table, inline links of creates, and the association endpoints."""

from sandbox.answer import Misunderstood
from sandbox.hubspot.errors import SINGULAR, invalid, not_found
from sandbox.hubspot.portal import Portal
from sandbox.hubspot.records import Key, Record
from sandbox.shapes import check_fields

DEFAULTS: dict[Key, int] = {
    ("calls", "contacts"): 194,
    ("calls", "companies"): 182,
    ("calls", "tickets"): 220,
    ("communications", "contacts"): 81,
    ("communications", "companies"): 87,
    ("communications", "tickets"): 83,
    ("tickets", "contacts"): 16,
    ("tickets", "companies"): 339,
    ("tickets", "tickets"): 452,
    ("tickets", "calls"): 219,
    ("tickets", "communications"): 84,
    ("contacts", "contacts"): 449,
    ("contacts", "companies"): 279,
    ("contacts", "tickets"): 15,
    ("contacts", "calls"): 193,
    ("contacts", "communications"): 82,
    ("companies", "contacts"): 280,
    ("companies", "companies"): 450,
    ("companies", "tickets"): 340,
    ("companies", "calls"): 181,
    ("companies", "communications"): 88,
}
PRIMARIES: dict[Key, int] = {
    ("contacts", "companies"): 1,
    ("companies", "contacts"): 2,
    ("tickets", "companies"): 26,
    ("companies", "tickets"): 25,
}


def link(portal: Portal, one: Record, other: Record, type_id: int, now: float) -> None:
    """Link two records in both directions; a primary link makes the plain one as well."""
    pair = (one.kind, other.kind)
    twin = (other.kind, one.kind)
    is_primary = PRIMARIES.get(pair) == type_id
    types, twins = {type_id}, {DEFAULTS[twin]}
    if is_primary:
        types.add(DEFAULTS[pair])
        twins.add(PRIMARIES[twin])
        _demote(portal, one if one.kind != "companies" else other)
    for start, end, added in ((one, other, types), (other, one, twins)):
        targets = portal.links.setdefault((start.kind, start.id), {})
        key = (end.kind, end.id)
        targets[key] = targets.get(key, frozenset()) | added
    for record, company in ((one, other), (other, one)):
        if is_primary and record.kind == "contacts":
            record.properties["associatedcompanyid"] = company.id
        if record.kind == "contacts":
            portal.touch(record, now)


def _demote(portal: Portal, record: Record) -> None:
    """Take the primary mark from the company that a record has so far."""
    here = (record.kind, record.id)
    primary = PRIMARIES.get((record.kind, "companies"))
    for key, types in list(portal.links.get(here, {}).items()):
        if key[0] == "companies" and primary in types:
            portal.links[here][key] = types - {primary}
            back = portal.links[key][here]
            portal.links[key][here] = back - {PRIMARIES["companies", record.kind]}


def default_type(one: Record, other: Record) -> int:
    """Return the type a default link takes: a contact's first company is its primary one."""
    pair = (one.kind, other.kind)
    if set(pair) == {"contacts", "companies"}:
        contact = one if one.kind == "contacts" else other
        if not contact.properties.get("associatedcompanyid"):
            return PRIMARIES[pair]
    return DEFAULTS[pair]


def unlink(portal: Portal, one: Key, other: Key) -> None:
    """Remove every link between two records."""
    portal.links.get(one, {}).pop(other, None)
    portal.links.get(other, {}).pop(one, None)


def linked(portal: Portal, record: Record, kind: str) -> list[tuple[str, frozenset[int]]]:
    """Return (id, type ids) of all records of a type that are linked and not archived."""
    targets = portal.links.get((record.kind, record.id), {})
    return [
        (id_, types)
        for (target_kind, id_), types in targets.items()
        if target_kind == kind and portal.records[kind][id_].archived is None
    ]


Target = tuple[Record, int]


def inline_targets(portal: Portal, kind: str, associations: list[object]) -> list[Target]:
    """Return (record, type id) of a create input's `associations`.

    Raises Misunderstood for a wrong shape or a type that the pair does not have, Refused for an
    unknown, archived or merged record.
    """
    found: list[Target] = []
    for one in associations:
        entry = check_fields(one, "associations[]", {"to": dict, "types": list})
        target_id = check_fields(entry["to"], "to", {"id": str})["id"]
        if not entry["types"]:
            raise Misunderstood("associations[] needs at least one type")
        found += [_target(portal, kind, target_id, given) for given in entry["types"]]
    return found


def _target(portal: Portal, kind: str, target_id: str, given: object) -> Target:
    spec = check_fields(given, "types[]", {"associationCategory": str, "associationTypeId": int})
    type_id = spec["associationTypeId"]
    if spec["associationCategory"] != "HUBSPOT_DEFINED":
        raise Misunderstood(f"associationCategory {spec['associationCategory']} is not known here")
    to_kind = next(
        (
            to
            for table in (DEFAULTS, PRIMARIES)
            for (start, to), number in table.items()
            if start == kind and number == type_id
        ),
        None,
    )
    if to_kind is None:
        raise Misunderstood(f"associationTypeId {type_id} does not start at {kind}")
    return existing(portal, to_kind, target_id), type_id


def existing(portal: Portal, kind: str, id_: str) -> Record:
    """Return a record that can be linked; Refused (404 unknown, 400 archived or merged)."""
    record = portal.records[kind].get(id_)
    noun = SINGULAR[kind]
    if (kind, id_) in portal.merged:
        raise invalid(f"{noun} with ID {id_} was merged into another record")
    if record is None:
        raise not_found(f"Could not associate: {noun} with ID {id_} does not exist")
    if record.archived is not None:
        raise invalid(f"Could not associate: {noun} with ID {id_} is archived")
    return record
