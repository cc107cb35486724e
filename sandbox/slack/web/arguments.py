"""What a Web API request says: its token, and its arguments from JSON, a form or the query."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from sandbox.answer import Json, Misunderstood, Request
from sandbox.shapes import parse_object
from sandbox.slack.errors import invalid
from sandbox.slack.kit.checks import is_unicode

Kinds = Mapping[str, type]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to the Web API: the method's name, the token ("" if absent), the arguments.

    `is_json` tells whether arguments have types of their own; those of a form are strings.
    `in_header` tells whether the token stood there, and not in the form.
    """

    method: str
    token: str
    given: Json
    is_json: bool
    in_header: bool
    time: float


def asked(request: Request) -> Asked:
    """Read a request below `/api/`; Misunderstood for a method or body that Slack does not take."""
    name = request.path.removeprefix("/api/")
    if request.method not in ("GET", "POST"):
        raise Misunderstood(f"{request.method} is not used with {name}")
    kind = request.headers.get("content-type", "")
    is_json = request.method == "POST" and kind.startswith("application/json")
    given: Json = dict(request.query)
    if is_json:
        given |= parse_object(request.body or b"{}")
    elif request.method == "POST" and request.body:
        if not kind.startswith("application/x-www-form-urlencoded"):
            raise Misunderstood(f"Content-Type {kind or 'none'} is not taken by {name}")
        given |= dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
    if not is_unicode(json.dumps(given, ensure_ascii=False)):
        raise Misunderstood(f"{name} was given what is no valid Unicode")
    header = request.headers.get("authorization", "")
    in_form = "" if is_json else given.pop("token", "")
    in_header = header.startswith("Bearer ")
    token = header.removeprefix("Bearer ") if in_header else in_form
    return Asked(name, token, given, is_json, in_header, request.time)


def arguments(one: Asked, required: Kinds, optional: Kinds) -> Json:
    """Return the arguments of a request, each of its type, or refuse.

    Refused (`invalid_arguments`) when one is missing or of a wrong type, Misunderstood when one
    is unknown. Numbers, booleans, lists and objects of a form are read from their text.
    """
    # Bolt's clients name the team with every request; only tokens of whole organisations need it
    kinds = {"team_id": str, **required, **optional}
    unknown = sorted(set(one.given) - set(kinds))
    if unknown:
        raise Misunderstood(f"{one.method} has no argument {', '.join(unknown)}")
    missing = [name for name in required if one.given.get(name) in (None, "")]
    if missing:
        messages = [f"[ERROR] missing required field: {name}" for name in missing]
        raise invalid("invalid_arguments", messages)
    return {
        name: _typed(one, name, value, kinds[name])
        for name, value in one.given.items()
        if value is not None
    }


def _typed(one: Asked, name: str, value: Any, kind: type) -> Any:  # noqa: ANN401 - JSON
    if kind in (list, dict) and isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError as problem:
            raise invalid("invalid_arguments", [f"[ERROR] {name} is no JSON"]) from problem
    if not one.is_json and isinstance(value, str):
        if kind is bool and value.lower() in ("true", "false", "1", "0"):
            return value.lower() in ("true", "1")
        if kind is int and value.isdigit():
            return int(value)
    if isinstance(value, bool) != (kind is bool) or not isinstance(value, kind):
        raise invalid("invalid_arguments", [f"[ERROR] {name} must be of type {kind.__name__}"])
    return value
