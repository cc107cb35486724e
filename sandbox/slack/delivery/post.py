"""HTTP mode: a signed POST to the app's request URL, or one that is forged, stale or a replay."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from time import monotonic
from typing import Literal
from urllib.parse import urlencode, urlsplit

from sandbox.answer import Json


@dataclass(frozen=True, slots=True)
class Manner:
    """How a request is signed and sent: `age` in seconds, `retry` as (number, reason)."""

    signature: Literal["valid", "forged", "missing"] = "valid"
    age: int = 0
    retry: tuple[int, str] | None = None


USUAL = Manner()


@dataclass(frozen=True, slots=True)
class Posted:
    """A request as its bytes go out; sent again unchanged it is a replay."""

    body: bytes
    headers: Mapping[str, str]


def body_of(kind: str, payload: Json) -> tuple[bytes, str]:
    """Return the body of a delivery and its content type: a form, a form around JSON, or JSON."""
    if kind == "slash_commands":
        return urlencode(payload).encode(), "application/x-www-form-urlencoded"
    words = json.dumps(payload, separators=(",", ":"))
    if kind == "interactive":
        return urlencode({"payload": words}).encode(), "application/x-www-form-urlencoded"
    return words.encode(), "application/json"


def signed(kind: str, payload: Json, secret: str, now: float, manner: Manner = USUAL) -> Posted:
    """Return a delivery as a request, signed at `now` (seconds) in its manner."""
    body, content_type = body_of(kind, payload)
    stamp = str(int(now) - manner.age)
    headers = {
        "Content-Type": content_type,
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "X-Slack-Request-Timestamp": stamp,
    }
    if manner.signature != "missing":
        key = secret if manner.signature == "valid" else secret + "-forged"
        base = f"v0:{stamp}:".encode() + body
        digest = hmac.new(key.encode(), base, hashlib.sha256).hexdigest()
        headers["X-Slack-Signature"] = f"v0={digest}"
    if manner.retry is not None:
        number, reason = manner.retry
        headers |= {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
    return Posted(body, headers)


def post(url: str, posted: Posted, limit: float) -> tuple[int, bytes, float, str]:
    """Send a request and wait at most `limit` seconds.

    Returns status (0 without an answer), body, the seconds it took, and what went wrong: "",
    `no_connection` or `timeout`.
    """
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=limit)
    target = parts.path or "/"
    began = monotonic()
    try:
        connection.request(
            "POST",
            f"{target}?{parts.query}" if parts.query else target,
            posted.body,
            dict(posted.headers),
        )
        response = connection.getresponse()
        answer = response.read()
    except TimeoutError:
        return 0, b"", monotonic() - began, "timeout"
    except (OSError, HTTPException):
        return 0, b"", monotonic() - began, "no_connection"
    finally:
        connection.close()
    return response.status, answer, monotonic() - began, ""
