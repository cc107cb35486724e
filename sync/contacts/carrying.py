"""Carry one HubSpot contact to Aircall: found, made or changed there, and never twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from clients.hubspot.records import Record
from rules import aircall_contacts as rules
from rules.aircall_contacts import AircallContact
from worker.workshop import Workshop

PROPERTIES: Final = rules.PROPERTIES
"""What is read of a HubSpot contact that is to be carried."""
Find = Callable[[str], Sequence[AircallContact]]
"""Finds the Aircall contacts that have a phone (E.164)."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a contact."""

    kind: Literal["created", "adopted", "changed", "unchanged", "skipped"]
    reason: str = ""
    """Why it was skipped, or what of it Aircall did not take."""


def carry(shop: Workshop, record: Record, find: Find | None = None) -> Outcome:
    """Make Aircall's contact as HubSpot's is; `record` has all of `PROPERTIES`.

    `find` is Aircall's search unless a list was read before. Raises Unavailable, for which the
    contact is to be carried again, and redis-py's errors.
    """
    raise NotImplementedError
