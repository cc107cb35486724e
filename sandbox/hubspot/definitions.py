"""Property definitions: list, read, create, groups, and the old list of call outcomes."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from sandbox.answer import Answer, Json, Misunderstood, Request, json_answer
from sandbox.hubspot.errors import invalid, not_found, refusal
from sandbox.hubspot.portal import Portal
from sandbox.hubspot.schema import Property
from sandbox.moments import iso_millis
from sandbox.shapes import check_fields, check_query, parse_object

MOST_UNIQUE = 10
FIELDS_OF = {
    "string": {"text", "textarea", "html", "phonenumber", "file"},
    "number": {"number", "calculation_equation"},
    "bool": {"booleancheckbox", "calculation_equation"},
    "enumeration": {"select", "radio", "checkbox", "booleancheckbox", "calculation_equation"},
    "date": {"date"},
    "datetime": {"date"},
    "phone_number": {"phonenumber"},
}


def show(portal: Portal, kind: str, one: Property) -> Json:
    """Return a definition as the API shows it; pipelines and stages are options of tickets."""
    options = one.options
    if kind == "tickets" and one.name == "hs_pipeline":
        options = tuple((pipeline.label, key) for key, pipeline in portal.pipelines.items())
    if kind == "tickets" and one.name == "hs_pipeline_stage":
        options = tuple(
            (stage.label, stage.id) for each in portal.pipelines.values() for stage in each.stages
        )
    return {
        "name": one.name,
        "label": one.label,
        "type": one.kind,
        "fieldType": one.field,
        "groupName": one.group,
        "description": one.description,
        "options": [
            {"label": label, "value": value, "displayOrder": order, "hidden": False}
            for order, (label, value) in enumerate(options)
        ],
        "hasUniqueValue": one.unique,
        "hidden": False,
        "calculated": one.calculated,
        "externalOptions": one.name == "hubspot_owner_id",
        "hubspotDefined": one.hubspot_defined,
        "formField": False,
        "displayOrder": -1,
        "archived": False,
        "createdAt": one.created,
        "updatedAt": one.created,
        "modificationMetadata": {
            "archivable": not one.hubspot_defined,
            "readOnlyDefinition": one.hubspot_defined,
            "readOnlyValue": one.read_only,
        },
    }


def list_definitions(portal: Portal, request: Request, kind: str) -> Answer:
    """Answer `GET /crm/properties/{v}/{type}`."""
    check_query(request.query, frozenset({"archived", "dataSensitivity", "locale", "properties"}))
    results = [show(portal, kind, one) for one in portal.properties[kind].values()]
    return json_answer(200, {"results": results})


def read_definition(portal: Portal, request: Request, kind: str, name: str) -> Answer:
    """Answer `GET /crm/properties/{v}/{type}/{name}`."""
    check_query(request.query, frozenset({"archived", "dataSensitivity", "locale", "properties"}))
    one = portal.properties[kind].get(name)
    if one is None:
        raise not_found(f"No property named {name} on {kind}")
    return json_answer(200, show(portal, kind, one))


def list_groups(portal: Portal, request: Request, kind: str) -> Answer:
    """Answer `GET /crm/properties/{v}/{type}/groups`."""
    check_query(request.query, frozenset({"locale"}))
    results = [
        {"name": name, "label": label, "displayOrder": order, "archived": False}
        for order, (name, label) in enumerate(portal.groups[kind])
    ]
    return json_answer(200, {"results": results})


def create_definition(portal: Portal, request: Request, kind: str) -> Answer:
    """Answer `POST /crm/properties/{v}/{type}`: 409 when it exists, 10 unique ones at most."""
    check_query(request.query, frozenset())
    given = check_fields(
        parse_object(request.body),
        "body",
        {"name": str, "label": str, "type": str, "fieldType": str, "groupName": str},
        {
            "hasUniqueValue": bool,
            "description": str,
            "options": list,
            "displayOrder": int,
            "formField": bool,
            "hidden": bool,
        },
    )
    if given["fieldType"] not in FIELDS_OF.get(given["type"], set()):
        raise Misunderstood(f"fieldType {given['fieldType']} does not fit type {given['type']}")
    name = given["name"]
    if not name.replace("_", "").isalnum() or name != name.lower() or not name[0].isalpha():
        raise invalid(f"{name} is no valid property name")
    if name in portal.properties[kind]:
        raise refusal(409, "CONFLICT", f"A property named '{name}' already exists.")
    if given["groupName"] not in [group for group, _ in portal.groups[kind]]:
        raise invalid(f"Property group {given['groupName']} does not exist on {kind}")
    if given.get("hasUniqueValue"):
        _refuse_more_unique(portal, kind, given["type"])
    one = Property(
        name,
        given["type"],
        given["label"],
        given["groupName"],
        given["fieldType"],
        _options(given.get("options", [])),
        unique=given.get("hasUniqueValue", False),
        hubspot_defined=False,
        description=given.get("description", ""),
        created=iso_millis(int(request.time * 1000)),
    )
    portal.properties[kind][name] = one
    return json_answer(201, show(portal, kind, one))


def _refuse_more_unique(portal: Portal, kind: str, value_kind: str) -> None:
    if kind in portal.switches.no_unique_on:
        raise invalid(f"Unique properties are not supported for object type {kind}")
    if value_kind not in ("string", "number"):
        raise invalid("Only string and number properties can have unique values")
    unique = sum(one.unique for one in portal.properties[kind].values())
    if unique >= MOST_UNIQUE:
        raise invalid(f"{kind} already have {MOST_UNIQUE} properties with unique values")


def _options(given: Iterable[object]) -> tuple[tuple[str, str], ...]:
    required: dict[str, type] = {"label": str, "value": str, "hidden": bool, "displayOrder": int}
    checked_options = [check_fields(one, "options[]", required) for one in given]
    return tuple((one["label"], one["value"]) for one in checked_options)


def list_dispositions(portal: Portal, request: Request) -> Answer:
    """Answer `GET /calling/v1/dispositions`, the undated list of call outcomes."""
    check_query(request.query, frozenset())
    options = portal.properties["calls"]["hs_call_disposition"].options
    return json_answer(
        200, [{"id": value, "label": label, "deleted": False} for label, value in options]
    )


def drop_definition(portal: Portal, kind: str, name: str) -> None:
    """Remove a property and its values, as an admin does. KeyError when there is none."""
    del portal.properties[kind][name]
    for record in portal.records[kind].values():
        record.properties.pop(name, None)
    for key in [key for key in portal.unique if key[:2] == (kind, name)]:
        del portal.unique[key]


def make_unique(portal: Portal, kind: str, name: str, most: int = 1) -> None:
    """Add up to `most` unique text properties called name, name_2, ... (to fill a portal up)."""
    group = portal.groups[kind][0][0]
    blank = Property(name, "string", name, group, unique=True, hubspot_defined=False)
    names = (name if at == 1 else f"{name}_{at}" for at in range(1, most + 1))
    for each in islice(names, most):
        portal.properties[kind].setdefault(each, replace(blank, name=each, label=each))
