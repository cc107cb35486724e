"""HubSpot's checks of property values: existence, options, formats, owners, stages, uniqueness."""

import re
from collections.abc import Mapping

from sandbox.answer import Json, Refused
from sandbox.hubspot.errors import invalid_properties, property_error, refusal, required_missing
from sandbox.hubspot.portal import Portal
from sandbox.hubspot.records import Record, Values
from sandbox.hubspot.schema import REQUIRED, Property
from sandbox.moments import iso_short, parse_millis

EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s.,;<>]{2,}")
LONGEST_TEXT = 65_536
RICH = frozenset(
    {"hs_call_body", "hs_communication_body", "content"},
)


def checked(
    portal: Portal,
    kind: str,
    given: Mapping[str, str],
    before: Record | None = None,
    claimed: Mapping[tuple[str, str], str] | None = None,
) -> Values:
    """Return the values as HubSpot would store them.

    `before` is the record to change, None when one is created; `claimed` are unique values that
    earlier inputs of the same batch take. Raises Refused in the shapes of the error page.
    """
    problems = [problem for name in given if (problem := _problem(portal, kind, name, given))]
    if kind == "tickets":
        problems += _stage_problems(portal, given, before)
    if problems:
        raise invalid_properties(problems)
    if before is None:
        missing = [name for name in REQUIRED[kind] if not given.get(name)]
        if missing:
            raise required_missing(kind, missing)
    values = {
        name: stored(portal, portal.properties[kind][name], text) for name, text in given.items()
    }
    conflict = _conflict(portal, kind, values, before, claimed or {})
    if conflict:
        raise conflict
    return values


def stored(portal: Portal, definition: Property, text: str) -> str:
    """Return a correct value in the form in which HubSpot keeps it."""
    if definition.kind == "datetime" and text:
        return iso_short(parse_millis(text))
    if definition.name == "email":
        return text.strip().lower()
    if portal.switches.rewrites_bodies and definition.name in RICH:
        return text.replace("<br>", "<br/>").strip()
    return text


def _problem(portal: Portal, kind: str, name: str, given: Mapping[str, str]) -> Json | None:
    text = given[name]
    definition = portal.properties[kind].get(name)
    if definition is None:
        sentence = f'Property "{name}" does not exist'
        return property_error(name, "PROPERTY_DOESNT_EXIST", sentence)
    if definition.read_only:
        sentence = f'"{name}" is a read only property; its value cannot be set.'
        return property_error(name, "READ_ONLY_VALUE", sentence)
    if not text or (kind == "tickets" and name in ("hs_pipeline", "hs_pipeline_stage")):
        return None
    if len(text) > LONGEST_TEXT:
        sentence = f"{name} is longer than {LONGEST_TEXT} characters"
        return property_error(name, "INVALID_LENGTH", sentence)
    if name == "hubspot_owner_id":
        return _owner_problem(portal, text)
    if definition.options:
        return _option_problem(portal, definition, text)
    return _format_problem(definition, text)


def _owner_problem(portal: Portal, text: str) -> Json | None:
    name = "hubspot_owner_id"
    if not text.isdigit():
        sentence = f"{text} was not a valid integer (for owner ID)."
        return property_error(name, "INVALID_INTEGER", sentence)
    owner = portal.owners.get(text)
    if owner is None or owner.archived:
        sentence = f"Owner {text} does not exist or is not active."
        return property_error(name, "INVALID_OWNER_ID", sentence)
    return None


def _option_problem(portal: Portal, definition: Property, text: str) -> Json | None:
    if definition.name == "hs_call_disposition" and portal.switches.any_outcome:
        return None
    allowed = [value for _, value in definition.options]
    return None if text in allowed else not_allowed(definition.name, text, allowed)


def not_allowed(name: str, text: str, allowed: list[str]) -> Json:
    """Return the error entry of a value that is none of the options."""
    sentence = f"{text} was not one of the allowed options: [{', '.join(allowed)}]"
    return property_error(name, "INVALID_OPTION", sentence)


def _format_problem(definition: Property, text: str) -> Json | None:
    name = definition.name
    if name == "email" and not EMAIL.fullmatch(text.strip()):
        return property_error(name, "INVALID_EMAIL", f"Email address {text} is invalid")
    if name == "hs_call_recording_url" and not re.fullmatch(
        r"https://[^\s?#]+\.(mp3|wav)([?#]\S*)?", text
    ):
        return property_error(name, "INVALID_URL", f"{text} is no https URL of an mp3 or wav file")
    if definition.kind == "number":
        try:
            float(text)
        except ValueError:
            return property_error(name, "INVALID_LONG", f"{text} was not a valid number.")
    if definition.kind == "datetime":
        try:
            parse_millis(text)
        except ValueError:
            return property_error(name, "INVALID_DATE", f"{text} was not a valid timestamp.")
    return None


def _stage_problems(portal: Portal, given: Mapping[str, str], before: Record | None) -> list[Json]:
    if "hs_pipeline" not in given and "hs_pipeline_stage" not in given:
        return []
    held = before.properties if before else {}
    pipeline_id = given.get("hs_pipeline") or held.get("hs_pipeline") or "0"
    pipeline = portal.pipelines.get(pipeline_id)
    if pipeline is None:
        return [not_allowed("hs_pipeline", pipeline_id, list(portal.pipelines))]
    stage_id = given.get("hs_pipeline_stage") or held.get("hs_pipeline_stage")
    allowed = [stage.id for stage in pipeline.stages]
    if stage_id and stage_id not in allowed:
        return [not_allowed("hs_pipeline_stage", stage_id, allowed)]
    return []


def _conflict(
    portal: Portal,
    kind: str,
    values: Values,
    before: Record | None,
    claimed: Mapping[tuple[str, str], str],
) -> Refused | None:
    for name, value in values.items():
        if not value or not portal.is_unique(kind, name):
            continue
        holder = portal.holder(kind, name, value)
        if holder and holder.archived is not None and not portal.switches.unique_over_archived:
            holder = None
        if holder is not None and holder is before:
            continue
        taken_in_batch = (name, value.lower()) in claimed
        if holder is None and not taken_in_batch:
            continue
        if name == "email":
            known = holder.id if holder else claimed[name, value.lower()]
            return refusal(409, "CONFLICT", f"Contact already exists. Existing ID: {known}")
        sentence = f"{value} already has that value."
        entry = property_error(name, "CONFLICTING_UNIQUE_VALUE", sentence)
        return invalid_properties([entry], portal.switches.conflict_status)
    return None


def unique_values(portal: Portal, kind: str, values: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return (property, value in lower case) of all unique values among `values`."""
    return [
        (name, value.lower())
        for name, value in values.items()
        if value and portal.is_unique(kind, name)
    ]
