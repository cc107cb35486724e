"""The two vendors' manners: what a status of theirs means, and what they tell of their limits."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from clients.errors import NotFound, Reason, Unavailable, VendorError
from clients.gate import Headers
from clients.refusals import aircall_refusal, hubspot_refusal, mapping, text

LONGEST_WAIT = 86_400
"""Seconds: HubSpot moves a portal in up to a day (477)."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of any status: header names in lower case, the body parsed if it was JSON."""

    status: int
    headers: Mapping[str, str]
    body: object
    is_json: bool
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Vendor:
    """How to read one vendor."""

    name: str
    title: str
    verdict: Callable[[Reply], VendorError]
    """What an answer outside 2xx asks of us."""
    limits_seen: Callable[[Mapping[str, str]], Headers | None]
    """What the headers tell of limits; None if nothing."""


def hubspot_verdict(reply: Reply) -> VendorError:
    """Read HubSpot's statuses: https://developers.hubspot.com/docs/api-reference/error-handling."""
    status, wait = reply.status, retry_after(reply.headers)
    match status:
        case 401:
            return _unavailable("hubspot", "HubSpot refuses our access token", "credentials", 60)
        case 423:
            return _unavailable("hubspot", "HubSpot has locked the record", "locked", wait or 2)
        case 429:
            return _hubspot_limit(mapping(reply.body), wait)
        case 477:
            return _unavailable(
                "hubspot", "HubSpot is moving this portal's data", "moving", wait or 60
            )
        case 404 if reply.is_json or reply.empty:
            error = mapping(reply.body)
            return NotFound(
                "hubspot", text(error.get("message")), category=text(error.get("category"))
            )
        case _ if _is_plain_refusal(reply):
            return hubspot_refusal(reply.body, status)
        case _:
            return _down("hubspot", "HubSpot", reply, wait)


def _hubspot_limit(error: Mapping[str, object], wait: float | None) -> Unavailable:
    policy = (text(error.get("policyName")) or text(error.get("message"))).upper()
    if "DAILY" in policy:
        sentence = "HubSpot's daily limit of requests is used up"
        return _unavailable("hubspot", sentence, "daily limit", wait or 60)
    ten_seconds = "TEN_SECOND" in policy or "SECONDLY" not in policy
    sentence = "HubSpot's limit of requests is reached"
    return _unavailable("hubspot", sentence, "rate limit", wait or (10 if ten_seconds else 1))


def aircall_verdict(reply: Reply) -> VendorError:
    """Read Aircall's statuses; 403 means a wrong key there, 405 is an error of state.

    https://developer.aircall.io/api-references/#errors
    """
    status = reply.status
    if status in {401, 403}:
        return _unavailable("aircall", "Aircall refuses our API key", "credentials", 60)
    if status == 429:
        wait = retry_after(reply.headers) or _until_reset(reply.headers) or 60
        return _unavailable("aircall", "Aircall's limit of requests is reached", "rate limit", wait)
    if status == 404 and (reply.is_json or reply.empty):
        words = mapping(reply.body)
        return NotFound("aircall", text(words.get("troubleshoot")) or text(words.get("message")))
    if _is_plain_refusal(reply):
        return aircall_refusal(reply.body, status)
    return _down("aircall", "Aircall", reply, retry_after(reply.headers))


def _is_plain_refusal(reply: Reply) -> bool:
    # A page of HTML comes from something in between, and says nothing of our record; 408 and 425
    # ask for the same request again.
    return 400 <= reply.status < 500 and reply.is_json and reply.status not in {408, 425}


def _down(vendor: str, title: str, reply: Reply, wait: float | None) -> Unavailable:
    return Unavailable(
        vendor,
        f"{title} is in trouble: it answered {reply.status}",
        reason="down",
        wait=wait or 5,
        maybe_written=reply.status >= 500 or reply.status == 408,
    )


def _unavailable(vendor: str, sentence: str, reason: Reason, wait: float) -> Unavailable:
    return Unavailable(vendor, sentence, reason=reason, wait=wait)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds of a Retry-After header, at most a day; None without one that can be read."""
    seconds = _number(headers, "retry-after")
    return min(float(seconds), LONGEST_WAIT) if seconds and seconds > 0 else None


def _until_reset(headers: Mapping[str, str]) -> float | None:
    reset = _reset(headers)
    # The window is a minute long: a clock that is wrong must not make us wait for hours.
    return min(max(reset - time.time(), 1.0), 60.0) if reset else None


def _reset(headers: Mapping[str, str]) -> int | None:
    reset = _number(headers, "x-aircallapi-reset")
    return reset // 1000 if reset and reset > 100_000_000_000 else reset


def _number(headers: Mapping[str, str], name: str) -> int | None:
    value = headers.get(name, "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None


def hubspot_limits(headers: Mapping[str, str]) -> Headers | None:
    """Read `X-HubSpot-RateLimit-*`; searches carry none.

    https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines
    """
    prefix = "x-hubspot-ratelimit"
    seen = Headers(
        maximum=_number(headers, f"{prefix}-max"),
        remaining=_number(headers, f"{prefix}-remaining"),
        interval=_number(headers, f"{prefix}-interval-milliseconds"),
        daily=_number(headers, f"{prefix}-daily"),
        daily_remaining=_number(headers, f"{prefix}-daily-remaining"),
    )
    return None if seen == Headers() else seen


def aircall_limits(headers: Mapping[str, str]) -> Headers | None:
    """Read `X-AircallApi-*`: https://developer.aircall.io/api-references/#rate-limiting."""
    seen = Headers(
        maximum=_number(headers, "x-aircallapi-limit"),
        remaining=_number(headers, "x-aircallapi-remaining"),
        reset=_reset(headers),
    )
    return None if seen == Headers() else seen


HUBSPOT = Vendor("hubspot", "HubSpot", hubspot_verdict, hubspot_limits)
AIRCALL = Vendor("aircall", "Aircall", aircall_verdict, aircall_limits)
