"""HubSpot's refusals, in the shapes its error-handling page shows."""

import json
from collections.abc import Iterable
from uuid import uuid4

from sandbox.answer import Json, Refused

PORTAL_ID = 123456
SINGULAR = {
    "contacts": "CONTACT",
    "companies": "COMPANY",
    "tickets": "TICKET",
    "calls": "CALL",
    "communications": "COMMUNICATION",
}


def refusal(status: int, category: str, message: str, **more: object) -> Refused:
    """Return HubSpot's ordinary error envelope as a refusal."""
    payload = {
        "status": "error",
        "message": message,
        "correlationId": str(uuid4()),
        "category": category,
        **more,
    }
    return Refused(status, payload)


def invalid(message: str, **more: object) -> Refused:
    """Return a 400 VALIDATION_ERROR."""
    return refusal(400, "VALIDATION_ERROR", message, **more)


def property_error(name: str, error: str, message: str) -> Json:
    """Return one entry of the list that HubSpot packs into an error's message."""
    return {
        "isValid": False,
        "message": message,
        "error": error,
        "name": name,
        "localizedErrorMessage": message,
        "portalId": PORTAL_ID,
    }


def invalid_properties(entries: Iterable[Json], status: int = 400) -> Refused:
    """Return the refusal of property values: the entries stand as JSON inside the message."""
    packed = json.dumps(list(entries), ensure_ascii=False)
    return refusal(status, "VALIDATION_ERROR", f"Property values were not valid: {packed}")


def required_missing(kind: str, names: list[str]) -> Refused:
    """Return the refusal of a create that lacks required properties."""
    errors = [
        {
            "message": f"{name} was not set",
            "code": "REQUIRED_FIELD",
            "context": {"properties": [name]},
        }
        for name in names
    ]
    sentence = f"Error creating {SINGULAR[kind]}. Some required properties were not set."
    return invalid(sentence, errors=errors)


def not_found(message: str = "resource not found") -> Refused:
    """Return a 404."""
    return refusal(404, "OBJECT_NOT_FOUND", message)


def some_not_found(kind: str, ids: list[str]) -> Json:
    """Return the batch error that names all ids that could not be read."""
    return {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "message": f"Could not get some {SINGULAR[kind]} objects, they may be deleted or not exist."
        " Check that ids are valid.",
        "context": {"ids": ids},
    }


def unauthorised() -> Refused:
    """Return the 401 of a missing or wrong token."""
    return refusal(
        401,
        "INVALID_AUTHENTICATION",
        "Authentication credentials not found. This API supports OAuth 2.0 authentication and you"
        " can find more details at"
        " https://developers.hubspot.com/docs/methods/auth/oauth-overview",
    )


def missing_scopes(scopes: list[str]) -> Refused:
    """Return the 403 that names the scopes of which one would be needed."""
    return refusal(
        403,
        "MISSING_SCOPES",
        "This app hasn't been granted all required scopes to make this call. Read more about"
        " required scopes here: https://developers.hubspot.com/scopes.",
        errors=[
            {
                "message": "One or more of the following scopes are required.",
                "context": {"requiredGranularScopes": scopes},
            }
        ],
        links={"scopes": "https://developers.hubspot.com/scopes"},
    )


LIMIT_SENTENCES = {
    "SECONDLY": "You have reached your secondly limit.",
    "TEN_SECONDLY_ROLLING": "You have reached your ten_secondly_rolling limit.",
    "DAILY": "You have reached your daily limit.",
}


def too_many(policy: str, headers: dict[str, str] | None = None) -> Refused:
    """Return the 429 of a limit: SECONDLY, TEN_SECONDLY_ROLLING or DAILY."""
    payload: Json = {
        "status": "error",
        "message": LIMIT_SENTENCES[policy],
        "errorType": "RATE_LIMIT",
        "correlationId": str(uuid4()),
        "policyName": policy,
        "requestId": str(uuid4()),
    }
    if policy == "TEN_SECONDLY_ROLLING":
        payload["groupName"] = "publicapi:private-apps:10seconds"
    return Refused(429, payload, headers)
