"""Who deleted a pipeline or a stage, and when: HubSpot's audit says, where we may read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from clients.errors import NotFound, Rejected, VendorError
from clients.hubspot.portal import Audit
from rules.missing import Missing
from worker.workshop import Workshop

DELETING: Final = ("DELETE", "ARCHIVE")
"""How HubSpot's actions begin that take something away."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Deleted:
    """Who (a name, else HubSpot's user id) and when (ms since 1970); empty where nobody tells."""

    name: str = ""
    at: str = ""


def who_deleted(shop: Workshop, missing: Missing) -> Deleted:
    """Ask HubSpot; what it refuses, or does not answer, is not known. Raises LeaseLostError."""
    try:
        entry = _newest(shop, missing)
    except VendorError as error:
        _log.info("hubspot's audit not read", because=error.sentence)
        return Deleted()
    return Deleted(_name(shop, entry.user_id), _ms(entry.at)) if entry else Deleted()


def _newest(shop: Workshop, missing: Missing) -> Audit | None:
    if missing.stage is None:
        told = shop.hubspot.pipeline_audit(missing.pipeline)
    else:
        told = shop.hubspot.stage_audit(missing.pipeline, missing.stage)
    deleted = [each for each in told if each.action.upper().startswith(DELETING)]
    return max(deleted, key=lambda each: each.at, default=None)


def _name(shop: Workshop, user: str) -> str:
    """Name a HubSpot user as the owner that they are; their id where they are none."""
    if not user:
        return ""
    for archived in (False, True):
        try:
            owner = shop.hubspot.owner_of_user(user, archived=archived)
        except (NotFound, Rejected):
            continue
        except VendorError:
            return user
        return owner.name or owner.email or user
    return user


def _ms(moment: str) -> str:
    try:
        return str(int(datetime.fromisoformat(moment).timestamp() * 1000))
    except (ValueError, OverflowError):
        return ""
