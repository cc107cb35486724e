"""Aircall's refusals: the application's shape and the edge gateway's shape."""

from http import HTTPStatus

from sandbox.answer import Json, Refused


def refusal(status: int, troubleshoot: str, headers: dict[str, str] | None = None) -> Refused:
    """Return the application's envelope: error, troubleshoot, success."""
    payload: Json = {
        "error": HTTPStatus(status).phrase,
        "troubleshoot": troubleshoot,
        "success": False,
    }
    return Refused(status, payload, headers)


def bad_request(troubleshoot: str) -> Refused:
    """Return a 400."""
    return refusal(400, troubleshoot)


def not_found(what: str) -> Refused:
    """Return the application's 404 for an unknown id."""
    return refusal(404, f"{what} not found")


def edge(status: int) -> Refused:
    """Return the gateway's answer: 401 without credentials, 403 with wrong ones, 404 no path."""
    return Refused(status, {"message": HTTPStatus(status).phrase})
