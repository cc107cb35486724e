"""Slack's refusals: HTTP 200 with `ok: false` and a word, or 429 with Retry-After."""

from collections.abc import Iterable

from sandbox.answer import Json, Refused
from sandbox.slack.kit.checks import Problem


def refusal(error: str, **more: object) -> Refused:
    """Return the refusal that Slack writes as `{"ok": false, "error": ...}`."""
    return Refused(200, {"ok": False, "error": error, **more})


def missing_scope(needed: str, granted: Iterable[str]) -> Refused:
    """Return the refusal of a token that lacks a scope."""
    return refusal("missing_scope", needed=needed, provided=",".join(sorted(granted)))


def invalid(error: str, sentences: list[str]) -> Refused:
    """Return a refusal with sentences under `response_metadata.messages`."""
    return refusal(error, response_metadata={"messages": sentences})


def invalid_kit(found: list[Problem], error: str) -> Refused:
    """Return the refusal of blocks or a view; Slack's own code of the first problem wins."""
    return invalid(found[0].code or error, [str(problem) for problem in found])


def too_many(seconds: int) -> tuple[Json, dict[str, str]]:
    """Return body and headers of a 429."""
    return {"ok": False, "error": "ratelimited"}, {"Retry-After": str(seconds)}
