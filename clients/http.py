"""HTTP to a vendor: one gate, one deadline and one error tree for every request."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

import requests
import structlog

from clients.bodies import LARGEST_ANSWER, compact, content_of, parsed
from clients.deadline import Deadline, DeadlineAdapter, Watchdog
from clients.errors import Misunderstood, Unavailable, VendorError
from clients.gate import Gate
from clients.vendors import Reply, Vendor

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Times:
    """How long a request may take, in seconds.

    The total counts from before the gate was asked, so that a request is over, and nothing of it
    is sent any more, while the lease that the gate renewed still holds (20 s).
    """

    connect: float = 3
    read: float = 15
    total: float = 18


IN_TIME = Times()


@dataclass(frozen=True, slots=True)
class Answer:
    """A success: header names in lower case; `json` is None for an answer without a body."""

    status: int
    headers: Mapping[str, str]
    json: Any


def count_nothing(_vendor: str, _status: str) -> None:
    """Leave a request uncounted."""


class Http:
    """A connection to one vendor; safe to share between threads."""

    def __init__(  # noqa: PLR0913 - built once per process, each told by name
        self,
        vendor: Vendor,
        base_url: str,
        authorization: str,
        gate: Gate,
        *,
        count: Callable[[str, str], None] = count_nothing,
        times: Times = IN_TIME,
    ) -> None:
        """Prepare, without connecting.

        `authorization` is the value of the header of that name. `count(vendor, status)` is told of
        each request: the status is its number, or timeout, reset, unreachable or unreadable.
        """
        self.vendor = vendor
        self._base_url = base_url.rstrip("/")
        self._gate = gate
        self._count = count
        self._times = times
        self._watchdog = Watchdog()
        self._session = requests.Session()
        # Neither proxies nor .netrc of the machine may see or replace our credentials.
        self._session.trust_env = False
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        adapter = DeadlineAdapter()
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)
        self._session.headers.update(
            {
                "Authorization": authorization,
                "Accept": "application/json",
                "Content-Type": "application/json",
                "User-Agent": "aircall-hubspot",
            }
        )

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._session.close()
        self._watchdog.close()

    def request(  # noqa: PLR0913 - the parts of a request, each told by name
        self,
        method: str,
        path: str,
        *,
        limits: tuple[str, ...],
        at: Mapping[str, str | int] = MappingProxyType({}),
        json: object = None,
        params: Mapping[str, str | int] | None = None,
        safe: bool | None = None,
    ) -> Answer:
        """Ask the gate, send, and give a success or raise what the answer asks of us.

        `path` is a pattern whose names in braces are filled from `at`. A `safe` request (by
        default each GET) may be sent twice: it is, at once, when the vendor fails once. The vendor
        is paused when it fails twice, asks for it, or fails a probe; one failed write does not
        pause it, for the caller's reading back is the second try.
        Raises Unavailable, Rejected, NotFound, and what the gate raises.
        """
        filled = path.format_map({name: quote(str(part), safe="") for name, part in at.items()})
        body = None if json is None else compact(json)
        request = _Request(method, path, self._base_url + filled, body, params)
        repeatable = method == "GET" if safe is None else safe
        try:
            return self._try(request, limits, repeatable=repeatable, last=False)
        except _OnceMore:
            return self._try(request, limits, repeatable=repeatable, last=True)

    def _try(
        self, request: _Request, limits: tuple[str, ...], *, repeatable: bool, last: bool
    ) -> Answer:
        with self._watchdog.watch(self._times.total) as deadline:
            probe = self._gate.enter(self.vendor.name, limits)
            try:
                answer = self._exchange(request, deadline)
            except Unavailable as error:
                error.maybe_written = error.maybe_written and not repeatable
                failed_once = error.reason == "down" and not (last or probe)
                if failed_once and not error.maybe_written:
                    raise _OnceMore from None
                if not failed_once:
                    self._gate.pause(self.vendor.name, error.wait, error.reason)
                raise
            except VendorError:
                # A refusal is an answer too: who refuses is there.
                self._answered(probe=probe)
                raise
            self._answered(probe=probe)
            return answer

    def _answered(self, *, probe: bool) -> None:
        if probe:
            self._gate.resume(self.vendor.name)

    def _exchange(self, request: _Request, deadline: Deadline) -> Answer:
        began = time.monotonic()
        status = "unreadable"
        try:
            reply = self._send(request, deadline)
            status = str(reply.status)
        except requests.RequestException as error:
            status, sentence = _failure(error, deadline)
            # The cause is left out: its words hold the address, and that may hold a phone number.
            raise Unavailable(
                self.vendor.name,
                f"{self.vendor.title} {sentence}",
                reason="down",
                wait=5,
                maybe_written=deadline.sent,
            ) from None
        finally:
            name = self.vendor.name
            ms = round((time.monotonic() - began) * 1000)
            self._count(name, status)
            _log.debug(
                "request",
                vendor=name,
                method=request.method,
                path=request.path,
                status=status,
                ms=ms,
            )
        return self._read(reply)

    def _send(self, request: _Request, deadline: Deadline) -> Reply:
        times = self._times
        with self._session.request(
            request.method,
            request.address,
            params=request.params,
            data=request.body,
            stream=True,
            allow_redirects=False,
            timeout=(times.connect, min(times.read, max(deadline.left(), 0.001))),
        ) as response:
            content = content_of(response)
        if content is None:
            sentence = f"{self.vendor.title} answered with more than {LARGEST_ANSWER} bytes"
            raise Misunderstood(self.vendor.name, sentence)
        if deadline.expired:
            raise requests.ReadTimeout
        body, is_json = parsed(content)
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Reply(response.status_code, MappingProxyType(headers), body, is_json, not content)

    def _read(self, reply: Reply) -> Answer:
        seen = self.vendor.limits_seen(reply.headers)
        if seen is not None:
            self._gate.learn(self.vendor.name, seen)
        if not 200 <= reply.status < 300:
            raise self.vendor.verdict(reply)
        if not reply.is_json and reply.status != 204:
            sentence = f"{self.vendor.title} answered {reply.status} with a body that is not JSON"
            raise Misunderstood(self.vendor.name, sentence)
        return Answer(reply.status, reply.headers, reply.body)


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    path: str
    address: str
    body: str | None
    params: Mapping[str, str | int] | None


class _OnceMore(Exception):  # noqa: N818 - not an error: the first of two tries failed
    """The vendor failed once at something that bears repetition."""


def _failure(error: requests.RequestException, deadline: Deadline) -> tuple[str, str]:
    """Give the word to count a failure under, and the end of a sentence that begins with a name."""
    # First the deadline: it cuts a handshake too, which TLS then calls an error of its own.
    if deadline.expired or isinstance(error, requests.Timeout):
        return "timeout", "did not answer in time"
    if isinstance(error, requests.exceptions.SSLError) and not deadline.sent:
        return "unreachable", "could not be reached: its certificate was not accepted"
    if deadline.sent:
        return "reset", "broke the connection off"
    return "unreachable", "could not be reached"
