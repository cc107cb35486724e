"""Search filters: which are allowed, and which records pass them."""

import re
from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from sandbox.answer import Json, Misunderstood
from sandbox.hubspot.associations import linked
from sandbox.hubspot.errors import invalid
from sandbox.hubspot.portal import Portal
from sandbox.hubspot.records import Record
from sandbox.moments import parse_millis
from sandbox.shapes import check_fields, check_strings

MOST_GROUPS, MOST_IN_GROUP, MOST_FILTERS = 5, 6, 18
SINGLE = frozenset({"EQ", "NEQ", "LT", "LTE", "GT", "GTE", "CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN"})
MANY = frozenset({"IN", "NOT_IN"})
BARE = frozenset({"HAS_PROPERTY", "NOT_HAS_PROPERTY"})
OPERATORS = SINGLE | MANY | BARE | {"BETWEEN"}
WORDS = re.compile(r"[\w*]+")
LINK_WORDS = {
    "contact": "contacts",
    "company": "companies",
    "ticket": "tickets",
    "call": "calls",
    "communication": "communications",
}

Group = list[Json]
Seen = Mapping[str, str]


def parsed_groups(portal: Portal, kind: str, given: list[Any]) -> list[Group]:
    """Return the filter groups, checked against the documented numbers and the properties."""
    groups = [
        [
            check_fields(
                one,
                "filters[]",
                {"propertyName": str, "operator": str},
                {"value": str, "values": list, "highValue": str},
            )
            for one in check_fields(group, "filterGroups[]", {"filters": list})["filters"]
        ]
        for group in given
    ]
    longest = max((len(group) for group in groups), default=0)
    if len(groups) > MOST_GROUPS or longest > MOST_IN_GROUP or sum(map(len, groups)) > MOST_FILTERS:
        raise invalid(
            f"At most {MOST_GROUPS} groups of {MOST_IN_GROUP} filters, {MOST_FILTERS} in all"
        )
    for one in (one for group in groups for one in group):
        _check_filter(portal, kind, one)
    return groups


def _check_filter(portal: Portal, kind: str, given: Json) -> None:
    operator = given["operator"]
    if operator not in OPERATORS:
        raise Misunderstood(f"operator {operator} is not known")
    needed = {"value"} if operator in SINGLE else {"values"} if operator in MANY else set()
    needed = {"value", "highValue"} if operator == "BETWEEN" else needed
    given_fields = set(given) - {"propertyName", "operator"}
    if given_fields != needed:
        raise Misunderstood(f"operator {operator} takes exactly {sorted(needed)}")
    if operator in MANY:
        check_strings(given["values"], "values")
        if not given["values"]:
            raise invalid("values must not be empty")
    name = given["propertyName"]
    if name.startswith("associations."):
        if name.removeprefix("associations.") not in LINK_WORDS:
            raise invalid(f"There was a problem with the request: {name} does not exist")
        return
    refuse_unknown(portal, kind, [name])


def refuse_unknown(portal: Portal, kind: str, names: Iterable[str]) -> None:
    """Raise Refused (400) when one of the names is no property of the type."""
    for name in names:
        if name not in portal.properties[kind]:
            raise invalid(
                f'There was a problem with the request. Property "{name}" does not exist',
                errors=[
                    {
                        "message": f'Property "{name}" does not exist',
                        "code": "PROPERTY_DOESNT_EXIST",
                        "context": {"propertyName": [name]},
                    }
                ],
            )


def passes(portal: Portal, record: Record, values: Seen, given: Json) -> bool:
    """Tell whether a record passes one filter."""
    name, operator = given["propertyName"], given["operator"]
    if name.startswith("associations."):
        return _passes_link(portal, record, given)
    text = values.get(name, "")
    if operator == "HAS_PROPERTY":
        return bool(text)
    if operator == "NOT_HAS_PROPERTY":
        return not text
    kind = portal.properties[record.kind][name].kind
    if operator in MANY:
        # strings are compared in lower case with the values as they are given
        held = text.lower() if kind == "string" else text
        return bool(text) and (held in given["values"]) == (operator == "IN")
    if not text:
        return operator in ("NEQ", "NOT_CONTAINS_TOKEN")
    if operator in ("CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN"):
        return _contains(text, given["value"]) is (operator == "CONTAINS_TOKEN")
    held_value, wanted = comparable(kind, text), comparable(kind, given["value"])
    if operator == "BETWEEN":
        return bool(wanted <= held_value <= comparable(kind, given["highValue"]))
    return COMPARE[operator](held_value, wanted)


COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "EQ": lambda held, wanted: bool(held == wanted),
    "NEQ": lambda held, wanted: bool(held != wanted),
    "LT": lambda held, wanted: bool(held < wanted),
    "LTE": lambda held, wanted: bool(held <= wanted),
    "GT": lambda held, wanted: bool(held > wanted),
    "GTE": lambda held, wanted: bool(held >= wanted),
}


def comparable(kind: str, text: str) -> Any:  # noqa: ANN401 - a number or a text, by the kind
    """Return a value as it is compared: numbers and moments as numbers, texts in lower case.

    Raises Refused (400) when the text is no number or moment where one is needed.
    """
    try:
        if kind == "datetime":
            return parse_millis(text)
        if kind == "number":
            return float(text)
    except ValueError:
        raise invalid(f"{text} was not a valid {kind}") from None
    return text.lower()


def _contains(text: str, pattern: str) -> bool:
    held = WORDS.findall(text.lower())
    wanted = WORDS.findall(pattern.lower())
    return bool(wanted) and all(any(fnmatchcase(word, one) for word in held) for one in wanted)


def _passes_link(portal: Portal, record: Record, given: Json) -> bool:
    to_kind = LINK_WORDS[given["propertyName"].removeprefix("associations.")]
    ids = {id_ for id_, _ in linked(portal, record, to_kind)}
    match given["operator"]:
        case "EQ":
            return given["value"] in ids
        case "IN":
            return bool(ids & set(given["values"]))
        case "HAS_PROPERTY":
            return bool(ids)
        case "NOT_HAS_PROPERTY":
            return not ids
        case operator:
            raise Misunderstood(f"operator {operator} is not known for associations")
