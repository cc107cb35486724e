"""Aircall's REST API as this product uses it: lines, agents, tags, calls and our own webhook."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal

from clients.aircall.contacts import Contacts
from clients.aircall.paging import PER_PAGE, REACHABLE, REASSURING
from clients.aircall.records import (
    Company,
    Page,
    Webhook,
    inside,
    meta_of,
    rows_of,
    webhook_of,
)
from clients.errors import Misunderstood
from clients.gate import Gate
from clients.http import IN_TIME, Http, Times, count_nothing
from clients.refusals import mapping, text
from clients.vendors import AIRCALL
from rules.payloads import agent_of, line_of, tag_of
from rules.records import Agent, Line, Tag
from rules.scalars import one_line, whole

LIMITS = ("aircall",)
"""The limit by its name in settings.toml: requests per minute."""
IN_BACKGROUND = ("aircall_background",)
"""The same limit for work that can wait: evenly spread, and leaving some to the rest."""


def aircall_http(  # noqa: PLR0913 - built once per process, each told by name
    base_url: str,
    api_id: str,
    api_token: str,
    gate: Gate,
    *,
    count: Callable[[str, str], None] = count_nothing,
    times: Times = IN_TIME,
) -> Http:
    """Prepare a connection with an API key: https://developer.aircall.io/api-references/#basic-auth.

    `count(vendor, status)` is told of each request.
    """
    key = base64.b64encode(f"{api_id}:{api_token}".encode()).decode()
    return Http(AIRCALL, base_url, f"Basic {key}", gate, count=count, times=times)


class Aircall:
    """One company's Aircall, over one connection."""

    def __init__(self, http: Http, limits: tuple[str, ...] = LIMITS) -> None:
        self._http = http
        self._limits = limits

    def in_background(self) -> Aircall:
        """Return the same company's Aircall for work that can wait.

        Its requests are paced, and raise Unavailable instead of making others wait for the limit.
        """
        return Aircall(self._http, IN_BACKGROUND)

    @property
    def contacts(self) -> Contacts:
        """The company's shared contacts, over the same connection and in the same lane."""
        return Contacts(self._http, self._limits)

    def ping(self) -> None:
        """Do nothing if Aircall answers and takes our key; raise Unavailable else.

        https://developer.aircall.io/api-references/#ping
        """
        self._http.request("GET", "/v1/ping", limits=self._limits)

    def company(self) -> Company:
        """Tell whose key we hold: https://developer.aircall.io/api-references/#company."""
        row = self._one("/v1/company", "company")
        users, numbers = whole(row.get("users_count")), whole(row.get("numbers_count"))
        return Company(one_line(row.get("name")) or "", users or 0, numbers or 0)

    def numbers(self) -> tuple[Line, ...]:
        """List every line: https://developer.aircall.io/api-references/#list-all-numbers."""
        return tuple(filter(None, map(line_of, self._all("/v1/numbers", "numbers"))))

    def number(self, number_id: int) -> Line:
        """Read one line; NotFound if it is gone.

        https://developer.aircall.io/api-references/#retrieve-a-number
        """
        line = line_of(self._one("/v1/numbers/{number}", "number", {"number": number_id}))
        if line is None:
            raise Misunderstood(
                "aircall", "Aircall told of a number without id", maybe_written=False
            )
        return line

    def in_proxy_mode(self, number_id: int) -> bool:
        """Tell whether a number's messages go to an address of their own, past all webhooks.

        Raises NotFound for a number without messaging.
        https://developer.aircall.io/docs/send-and-receive-sms-proxy-mode
        """
        at = {"number": number_id}
        told = self._body("/v1/numbers/{number}/messages/configuration", at)
        inner = mapping(told.get("configuration")) or told
        return text(inner.get("type")).casefold() == "proxy" or bool(text(inner.get("callbackUrl")))

    def users(self) -> tuple[Agent, ...]:
        """List every agent, from v2: v1 is deprecated.

        https://developer.aircall.io/api-references/#list-all-users
        """
        return tuple(filter(None, map(agent_of, self._all("/v2/users", "users"))))

    def tags(self) -> tuple[Tag, ...]:
        """List every tag: https://developer.aircall.io/api-references/#list-all-tags."""
        return tuple(filter(None, map(tag_of, self._all("/v1/tags", "tags"))))

    def call(
        self, call_id: int, *, fetch_contact: bool = True, fetch_call_timeline: bool = True
    ) -> Mapping[str, Any]:
        """Read one call as Aircall tells it; NotFound if it is gone.

        Its contact and its IVR choices are there only if asked for.
        https://developer.aircall.io/api-references/#retrieve-a-call
        """
        params = {
            "fetch_contact": str(fetch_contact).lower(),
            "fetch_call_timeline": str(fetch_call_timeline).lower(),
        }
        return self._one("/v1/calls/{call}", "call", {"call": call_id}, params)

    def calls(  # noqa: PLR0913 - a time, a page of it, and what comes along
        self,
        start: int,
        end: int,
        page: int = 1,
        *,
        order: Literal["asc", "desc"] = "asc",
        fetch_contact: bool = False,
        fetch_call_timeline: bool = False,
    ) -> Page:
        """Read one page of the calls made from `start` to `end` (UNIX seconds, both included).

        The flags are sent with each page: Aircall's own link to the next one forgets them.
        https://developer.aircall.io/api-references/#list-all-calls
        """
        params: dict[str, str | int] = {
            "from": start,
            "to": end,
            "page": page,
            "per_page": PER_PAGE,
            "order": order,
        }
        if fetch_contact:
            params["fetch_contact"] = "true"
        if fetch_call_timeline:
            params["fetch_call_timeline"] = "true"
        body = self._body("/v1/calls", params=params)
        calls = tuple(rows_of(body, "calls"))
        meta = meta_of(body, len(calls), PER_PAGE)
        return Page(
            calls=calls,
            total=whole(meta.get("total")) or 0,
            more=bool(text(meta.get("next_page_link"))) and page * PER_PAGE < REACHABLE,
        )

    def calls_between(
        self, start: int, end: int, *, fetch_contact: bool = False
    ) -> Iterator[Mapping[str, Any]]:
        """Read every call made from `start` to `end` (UNIX seconds, both included), oldest first.

        A window with more calls than paging reaches is halved. Each call comes once.
        """
        seen: set[object] = set()
        for call in self._window(start, end, fetch_contact=fetch_contact):
            if call.get("id") not in seen:
                seen.add(call.get("id"))
                yield call

    def _window(self, start: int, end: int, *, fetch_contact: bool) -> Iterator[Mapping[str, Any]]:
        page = self.calls(start, end, fetch_contact=fetch_contact)
        if page.total > REASSURING and end - start > 1:
            # The halves share a second, for whether Aircall includes both ends is not documented.
            middle = (start + end) // 2
            yield from self._window(start, middle, fetch_contact=fetch_contact)
            yield from self._window(middle, end, fetch_contact=fetch_contact)
            return
        number = 1
        yield from page.calls
        while page.more:
            number += 1
            page = self.calls(start, end, number, fetch_contact=fetch_contact)
            yield from page.calls

    def webhooks(self) -> tuple[Webhook, ...]:
        """List every webhook of the company with its token.

        https://developer.aircall.io/api-references/#list-all-webhooks
        """
        return tuple(webhook_of(row) for row in self._all("/v1/webhooks", "webhooks"))

    def create_webhook(self, url: str, name: str, events: Sequence[str]) -> Webhook:
        """Register a webhook for `events`, which are all events if none are named.

        https://developer.aircall.io/api-references/#create-a-webhook
        """
        sent = {"url": url, "custom_name": name, "events": list(events)}
        answer = self._http.request("POST", "/v1/webhooks", json=sent, limits=self._limits)
        return webhook_of(inside(answer.json, "webhook"))

    def update_webhook(
        self,
        webhook_id: str,
        *,
        events: Sequence[str],
        active: bool = True,
        url: str | None = None,
        name: str | None = None,
    ) -> None:
        """Change a webhook; what is not named stays as it is, but for its events.

        The full list of events goes along each time, for Aircall takes a missing one for all.
        https://developer.aircall.io/api-references/#update-a-webhook
        """
        sent: dict[str, Any] = {"active": active, "events": list(events)}
        sent |= {"url": url} if url is not None else {}
        sent |= {"custom_name": name} if name is not None else {}
        self._http.request(
            "PUT",
            "/v1/webhooks/{webhook}",
            at={"webhook": webhook_id},
            json=sent,
            limits=self._limits,
            safe=True,
        )

    def delete_webhook(self, webhook_id: str) -> None:
        """Remove a webhook; NotFound if there is none of that id.

        https://developer.aircall.io/api-references/#delete-a-webhook
        """
        self._http.request(
            "DELETE", "/v1/webhooks/{webhook}", at={"webhook": webhook_id}, limits=self._limits
        )

    def _body(
        self,
        path: str,
        at: Mapping[str, str | int] | None = None,
        params: Mapping[str, str | int] | None = None,
    ) -> Mapping[str, Any]:
        answer = self._http.request("GET", path, at=at or {}, params=params, limits=self._limits)
        return mapping(answer.json)

    def _one(
        self,
        path: str,
        name: str,
        at: Mapping[str, str | int] | None = None,
        params: Mapping[str, str | int] | None = None,
    ) -> Mapping[str, Any]:
        return inside(self._body(path, at, params), name)

    def _all(self, path: str, name: str) -> Iterator[Mapping[str, Any]]:
        for page in range(1, REACHABLE // PER_PAGE + 1):
            body = self._body(path, params={"page": page, "per_page": PER_PAGE})
            rows = rows_of(body, name)
            yield from rows
            if not text(meta_of(body, len(rows), PER_PAGE).get("next_page_link")):
                return
