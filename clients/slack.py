"""Slack's Web API through its own SDK, with our error tree: one call, one answer or one error.

https://docs.slack.dev/apis/web-api
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from http.client import HTTPException
from typing import Any, Final
from urllib.parse import urlsplit

import requests
import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from clients.errors import Rejected, Unavailable

VENDOR: Final = "slack"
TIMEOUT: Final = 10
"""Seconds for a call that nobody waits for."""
QUICK: Final = 2
"""Seconds for a call on which a person waits who must be answered within three."""
USUAL_WAIT: Final = 30.0
"""Seconds to wait where Slack asks for it and does not say how long."""
LONGEST_WAIT: Final = 600.0
"""Seconds: Slack asks for up to a minute; what is damaged must not silence us for days."""
HOOKS: Final = "https://hooks.slack.com"
"""Where Slack's response addresses lead; we post to no other host."""
CREDENTIALS: Final = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"}
)
CODE: Final = re.compile(r"[a-z0-9_:]+")
IN_TROUBLE: Final = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
)

_log = structlog.get_logger(__name__)


class Slack:
    """A workspace's Web API, as the bot."""

    def __init__(self, base_url: str, token: str) -> None:
        """Prepare, without connecting; `base_url` ends in `/api/`."""
        self._base_url = base_url
        self._token = token
        self.client = self._client(TIMEOUT)
        self._quick = self._client(QUICK)

    def _client(self, timeout: int) -> WebClient:
        # No retries of the SDK's own: a message posted twice would be read twice.
        return WebClient(
            token=self._token, base_url=self._base_url, timeout=timeout, retry_handlers=[]
        )

    def ask(self, method: str, *, quick: bool = False, **parameters: str | int) -> dict[str, Any]:
        """Call a method that reads.

        Raises Unavailable, and Rejected with Slack's own code in `category`.
        """
        client = self._quick if quick else self.client
        return _called(method, lambda: client.api_call(method, params=dict(parameters)).data)

    def tell(self, method: str, *, quick: bool = False, **arguments: object) -> dict[str, Any]:
        """Call a method that writes; raises as `ask` does."""
        client = self._quick if quick else self.client
        return _called(method, lambda: client.api_call(method, json=dict(arguments)).data)

    def scopes(self) -> tuple[Mapping[str, Any], tuple[str, ...]]:
        """Ask who we are (`auth.test`), and which scopes the token was granted."""
        answer = _raw("auth.test", lambda: self.client.api_call("auth.test"))
        headers = {str(name).lower(): value for name, value in answer.headers.items()}
        granted = headers.get("x-oauth-scopes", "")
        granted = ",".join(granted) if isinstance(granted, list) else granted
        scopes = tuple(sorted({scope.strip() for scope in granted.split(",") if scope.strip()}))
        return dict(answer.data), scopes

    def respond(self, url: str, body: Mapping[str, Any]) -> None:
        """Answer a command or click at its response address: five times within 30 minutes.

        Raises Unavailable, and Rejected where the address is used up or not Slack's.
        """
        if not self._is_slacks(url):
            raise Rejected(VENDOR, "The address to answer to is not Slack's.", status=400)
        # Not by the SDK's own client: it would carry what we say on to wherever it is sent.
        post = partial(requests.post, url, json=body, timeout=TIMEOUT, allow_redirects=False)
        answer: requests.Response = _raw("response_url", post)
        if answer.status_code == 429 or answer.status_code >= 500:
            sentence = f"Slack is in trouble: it answered {answer.status_code}"
            raise Unavailable(VENDOR, sentence, reason="down", wait=5, maybe_written=True)
        if answer.status_code != 200:
            raise Rejected(VENDOR, answer.text[:200], status=answer.status_code)

    def _is_slacks(self, url: str) -> bool:
        own = urlsplit(self._base_url)
        origin = f"{urlsplit(url).scheme}://{urlsplit(url).netloc}"
        stand_in = f"{own.scheme}://{own.netloc}"
        return origin == (HOOKS if stand_in == "https://slack.com" else stand_in)


def seconds_to_wait(headers: Mapping[str, object]) -> float:
    """Read how long Slack asks us to wait, within reason."""
    wait = str(headers.get("Retry-After", headers.get("retry-after", "")))
    return min(float(wait), LONGEST_WAIT) if wait.isascii() and wait.isdigit() else USUAL_WAIT


def _called(method: str, call: Callable[[], object]) -> dict[str, Any]:
    data = _raw(method, call)
    if not isinstance(data, dict):
        raise Unavailable(
            VENDOR, "Slack answered what is no JSON", reason="down", wait=5, maybe_written=True
        )
    return data


def _raw(method: str, call: Callable[[], Any]) -> Any:  # noqa: ANN401  the SDK's are untyped
    try:
        return call()
    except SlackApiError as error:
        raise _verdict(method, error) from None
    except (SlackClientError, OSError, HTTPException, json.JSONDecodeError) as error:
        # The cause is left out: a response address is a key to a conversation.
        _log.warning("slack did not answer", method=method, because=type(error).__name__)
        raise Unavailable(
            VENDOR, "Slack did not answer", reason="down", wait=5, maybe_written=True
        ) from None


def _verdict(method: str, error: SlackApiError) -> Unavailable | Rejected:
    """Read Slack's refusals: https://docs.slack.dev/apis/web-api/#evaluating-responses."""
    response = error.response
    status = getattr(response, "status_code", 0)
    data = response.data if isinstance(getattr(response, "data", None), dict) else {}
    code = str(data.get("error", ""))
    if status == 429 or code in {"ratelimited", "rate_limited"}:
        seconds = seconds_to_wait(response.headers)
        return Unavailable(VENDOR, "Slack asks us to wait", reason="rate limit", wait=seconds)
    if code in CREDENTIALS:
        sentence = f"Slack refuses our bot token ({code})"
        return Unavailable(VENDOR, sentence, reason="credentials", wait=60)
    if status >= 500 or code in IN_TROUBLE or not CODE.fullmatch(code):
        # The SDK puts a page that is no JSON in place of the code.
        sentence = f"Slack is in trouble: it answered {status}"
        return Unavailable(VENDOR, sentence, reason="down", wait=5, maybe_written=True)
    needed = tuple(str(data["needed"]).split(",")) if data.get("needed") else ()
    details = data.get("response_metadata", {}).get("messages", ())
    _log.warning("slack refused", method=method, code=code, details=list(details)[:5])
    return Rejected(VENDOR, code, status=status or 200, category=code, scopes=needed)
