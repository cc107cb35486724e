"""What a portal has to choose from, as typed records read from HubSpot's answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from clients.errors import Misunderstood
from clients.hubspot.records import id_of
from clients.refusals import items, mapping, text


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a ticket pipeline."""

    id: str
    label: str
    closed: bool = False
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A ticket pipeline with its stages, in the order people see them."""

    id: str
    label: str
    stages: tuple[Stage, ...] = ()
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Audit:
    """One change of a pipeline by a person."""

    action: str
    at: str
    """ISO 8601, as HubSpot tells it."""
    message: str = ""
    user_id: str = ""


@dataclass(frozen=True, slots=True)
class HubSpotOwner:
    """A person or queue that records can belong to; `id` goes into `hubspot_owner_id`."""

    id: str
    email: str
    name: str
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Property:
    """A property of an object type; `options` are its values and labels, hidden ones left out."""

    name: str
    label: str = ""
    type: str = ""
    group: str = ""
    unique: bool = False
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """The portal that the access token belongs to."""

    portal_id: str
    kind: str = ""
    time_zone: str = ""
    domain: str = "app.hubspot.com"
    """Host of the web pages: `https://{domain}/contacts/{portal_id}/record/0-5/{ticket}`."""


def _in_order(rows: list[Any]) -> list[Mapping[str, Any]]:
    def order(row: Mapping[str, Any]) -> float:
        place = row.get("displayOrder")
        return place if isinstance(place, int | float) else 0

    return sorted((mapping(row) for row in rows), key=order)


def pipeline_of(row: Mapping[str, Any]) -> Pipeline:
    """Read a pipeline; Misunderstood without an id."""
    if not id_of(row.get("id")):
        raise Misunderstood("hubspot", "HubSpot told of a pipeline without id", maybe_written=False)
    return Pipeline(
        id=id_of(row.get("id")),
        label=text(row.get("label")),
        stages=tuple(stage_of(each) for each in _in_order(items(row.get("stages")))),
        archived=row.get("archived") is True,
    )


def stage_of(row: Mapping[str, Any]) -> Stage:
    """Read a stage."""
    metadata = mapping(row.get("metadata"))
    closed = metadata.get("ticketState") == "CLOSED" or str(metadata.get("isClosed")) == "true"
    return Stage(
        id=id_of(row.get("id")),
        label=text(row.get("label")),
        closed=closed,
        archived=row.get("archived") is True,
    )


def owner_of(row: Mapping[str, Any]) -> HubSpotOwner:
    """Read an owner."""
    names = (text(row.get("firstName")), text(row.get("lastName")))
    return HubSpotOwner(
        id=id_of(row.get("id")),
        email=text(row.get("email")),
        name=" ".join(filter(None, names)),
        archived=row.get("archived") is True,
    )


def property_of(row: Mapping[str, Any]) -> Property:
    """Read a property."""
    options = _in_order(items(row.get("options")))
    return Property(
        name=text(row.get("name")),
        label=text(row.get("label")),
        type=text(row.get("type")),
        group=text(row.get("groupName")),
        unique=row.get("hasUniqueValue") is True,
        options=tuple(
            (text(each.get("value")), text(each.get("label")))
            for each in options
            if text(each.get("value")) and each.get("hidden") is not True
        ),
    )


def account_of(row: Mapping[str, Any]) -> Account:
    """Read the portal's own data; Misunderstood without its id."""
    portal_id = id_of(row.get("portalId"))
    if not portal_id:
        raise Misunderstood("hubspot", "HubSpot did not name its portal", maybe_written=False)
    return Account(
        portal_id=portal_id,
        kind=text(row.get("accountType")),
        time_zone=text(row.get("timeZone")),
        domain=text(row.get("uiDomain")) or "app.hubspot.com",
    )


def audit_of(row: Mapping[str, Any]) -> Audit:
    """Read one change of a pipeline."""
    return Audit(
        action=text(row.get("action")),
        at=text(row.get("timestamp")),
        message=text(row.get("message")),
        user_id=id_of(row.get("fromUserId")),
    )
