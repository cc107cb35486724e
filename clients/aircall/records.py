"""What Aircall's answers tell, as typed records; calls stay as Aircall tells them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from clients.errors import Misunderstood
from clients.refusals import items, mapping, text


@dataclass(frozen=True, slots=True)
class Company:
    """The company that the API key belongs to."""

    name: str
    users: int = 0
    numbers: int = 0


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook of the company; its token is a secret and is not shown by repr."""

    id: str
    url: str
    name: str
    active: bool
    events: tuple[str, ...]
    token: str = field(repr=False)
    created: str = ""
    """When it was made, as Aircall writes it."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of calls, as Aircall tells them (`rules.events.read_envelope` takes each)."""

    calls: tuple[Mapping[str, Any], ...]
    total: int
    """Calls matching in all, also those that paging does not reach."""
    more: bool


def inside(body: object, name: str) -> Mapping[str, Any]:
    """Unwrap a single object, for Aircall sends `{"call": {...}}`; Misunderstood without it."""
    row = mapping(body).get(name)
    if not isinstance(row, dict):
        raise Misunderstood("aircall", f"Aircall answered without a {name}", maybe_written=False)
    return row


def rows_of(body: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Give the rows of a list; Misunderstood if there is none of that name."""
    if not isinstance(body.get(name), list):
        raise Misunderstood("aircall", f"Aircall answered without {name}", maybe_written=False)
    return [mapping(row) for row in items(body[name])]


def meta_of(body: Mapping[str, Any], rows: int, most: int) -> Mapping[str, Any]:
    """Give what a list tells of its pages; Misunderstood if a full page tells nothing.

    A page of `most` rows without it may be one of many: to take it for all would lose the others.
    """
    meta = body.get("meta")
    if not isinstance(meta, dict) and rows >= most:
        raise Misunderstood("aircall", "Aircall did not tell how long its list is")
    return mapping(meta)


def webhook_of(row: Mapping[str, Any]) -> Webhook:
    """Read a webhook; Misunderstood without an id."""
    id_ = row.get("webhook_id") or row.get("id")
    if not isinstance(id_, str | int):
        raise Misunderstood("aircall", "Aircall told of a webhook without id", maybe_written=False)
    return Webhook(
        id=str(id_),
        url=text(row.get("url")),
        name=text(row.get("custom_name")),
        active=row.get("active") is True,
        events=tuple(each for each in items(row.get("events")) if isinstance(each, str)),
        token=text(row.get("token")),
        created=text(row.get("created_at")),
    )
