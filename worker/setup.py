"""Set the portal up: our unique properties, without which HubSpot cannot tell twice from once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import structlog

from clients.errors import NotFound, Rejected
from clients.hubspot import HubSpot

UNIQUE: Final[Mapping[str, str]] = {
    "calls": "aircall_id",
    "communications": "aircall_id",
    "tickets": "aircall_id",
    "contacts": "aircall_phone",
}
"""The unique property that we make on each object type."""
LABELS: Final[Mapping[str, str]] = {"aircall_id": "Aircall ID", "aircall_phone": "Aircall phone"}
DESCRIPTION: Final = "Set by the phone integration, which finds its records by it. Do not edit."
SEARCHED: Final[Mapping[str, tuple[str, ...]]] = {
    "contacts": (
        "hs_searchable_calculated_phone_number",
        "hs_searchable_calculated_mobile_number",
        "phone",
        "mobilephone",
        "email",
        "hs_calculated_phone_number",
        "hs_calculated_mobile_number",
        "hubspot_owner_id",
        "associatedcompanyid",
        "lastmodifieddate",
    ),
    "companies": (
        "hs_searchable_calculated_phone_number",
        "phone",
        "hs_calculated_phone_number",
        "hubspot_owner_id",
        "name",
        "hs_lastmodifieddate",
    ),
}
"""What we search by and read, where a portal has it: one unknown property fails a whole search."""

log = structlog.get_logger(__name__)


def searchable(hubspot: HubSpot) -> dict[str, tuple[str, ...]]:
    """Return which of `SEARCHED` this portal has."""
    present: dict[str, tuple[str, ...]] = {}
    for object_type, names in SEARCHED.items():
        there = hubspot.properties(object_type)
        present[object_type] = tuple(name for name in names if name in there)
    return present


def ensure_unique(hubspot: HubSpot) -> dict[str, bool]:
    """Make our unique property on each object type; False where the portal refuses it."""
    return {
        object_type: _ensure(hubspot, object_type, name) for object_type, name in UNIQUE.items()
    }


def _ensure(hubspot: HubSpot, object_type: str, name: str) -> bool:
    try:
        there = hubspot.properties(object_type)
    except Rejected as error:
        # A token without the scope of tickets can still log calls.
        if object_type != "tickets":
            raise
        log.warning("properties refused", object_type=object_type, because=error.sentence)
        return False
    if name not in there:
        try:
            group = next(iter(hubspot.property_groups(object_type)), "")
            hubspot.create_property(
                object_type,
                name,
                label=LABELS[name],
                group=group,
                description=DESCRIPTION,
                unique=True,
            )
        except (Rejected, NotFound) as error:
            log.warning(
                "property refused",
                object_type=object_type,
                property=name,
                because=error.sentence,
            )
            return False
        there = hubspot.properties(object_type)
    return name in there and there[name].unique
