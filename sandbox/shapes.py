"""Checks that a JSON body has exactly the fields a vendor's specification names."""

import json
from collections.abc import Mapping
from typing import Any

from sandbox.answer import Json, Misunderstood

Kinds = Mapping[str, type | tuple[type, ...]]


def parse_object(body: bytes) -> Json:
    """Return a request body as a JSON object.

    Raises Misunderstood when it is not UTF-8, not JSON or no object.
    """
    try:
        value = json.loads(body.decode("utf-8"))
    except ValueError as problem:
        raise Misunderstood(f"Invalid input JSON: {problem}") from problem
    if not isinstance(value, dict):
        raise Misunderstood("Invalid input JSON: an object was expected")
    return value


def check_fields(value: object, where: str, required: Kinds, optional: Kinds | None = None) -> Json:
    """Return `value` when it is an object with all required and no unknown fields.

    Raises Misunderstood naming the field and `where` it stands. A bool never passes for an int.
    """
    if not isinstance(value, dict):
        raise Misunderstood(f"{where} must be an object")
    kinds = {**required, **(optional or {})}
    for name in required:
        if name not in value:
            raise Misunderstood(f'Required field "{name}" is missing in {where}')
    for name, given in value.items():
        if name not in kinds:
            raise Misunderstood(f'Unrecognized field "{name}" in {where}')
        kind = kinds[name]
        is_stray_bool = isinstance(given, bool) and kind is not bool
        if is_stray_bool or not isinstance(given, kind):
            raise Misunderstood(f'Field "{name}" in {where} has the wrong type')
    return value


def check_strings(value: Mapping[str, Any] | list[Any], where: str) -> None:
    """Raise Misunderstood unless all values of a list or an object are strings."""
    items = value.values() if isinstance(value, Mapping) else value
    if not all(isinstance(item, str) for item in items):
        raise Misunderstood(f"{where} must hold strings only")


def check_query(query: Mapping[str, str], allowed: frozenset[str]) -> None:
    """Raise Misunderstood naming the query parameters that are not `allowed`."""
    unknown = sorted(set(query) - allowed)
    if unknown:
        raise Misunderstood(f"Unknown query parameter {', '.join(unknown)}")
