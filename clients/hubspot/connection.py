"""The one connection to HubSpot that all its rooms share, and the version of its API."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

from clients.gate import Gate
from clients.http import IN_TIME, Http, Times, count_nothing
from clients.vendors import HUBSPOT

VERSION = "2026-09"
"""The dated version in every path.

https://developers.hubspot.com/docs/developer-tooling/platform/versioning
"""

BURST = ("hubspot_burst",)
SEARCH = ("hubspot_burst", "hubspot_search")
"""Limits by their names in settings.toml; a search counts against both."""

Item = TypeVar("Item")


class Connected:
    """What every room of the client holds: the connection."""

    def __init__(self, http: Http) -> None:
        self._http = http


def hubspot_http(
    base_url: str,
    token: str,
    gate: Gate,
    *,
    count: Callable[[str, str], None] = count_nothing,
    times: Times = IN_TIME,
) -> Http:
    """Prepare a connection with an access token of any kind: private app, service key or static.

    `count(vendor, status)` is told of each request.
    """
    return Http(HUBSPOT, base_url, f"Bearer {token}", gate, count=count, times=times)


def chunks(things: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Cut into lists of at most `size`, in order."""
    rest = iter(things)
    while chunk := list(islice(rest, size)):
        yield chunk
