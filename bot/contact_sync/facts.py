"""How contact sync stands: from our own store; what HubSpot has is asked for apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from clients.hubspot.records import Record
from store.aircall_contacts import AircallContacts
from store.connection import now_ms
from store.operation_messages import OperationMessages
from store.operations import Operation, Operations
from store.runs import Run, Runs
from sync.contacts.following import JOB as FOLLOWING
from sync.contacts.source import place_of
from sync.contacts.wanted import Backlog, backlog
from worker.gate import share_of
from worker.workshop import Workshop

MOST_REFUSED: Final = 5
"""Refused contacts that are named."""
NAMES: Final = ("firstname", "lastname", "email")


@dataclass(frozen=True, slots=True)
class Refused:
    """A contact that Aircall did not take, or not all of it."""

    id: str
    reason: str
    name: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the form tells; times in ms since 1970."""

    now: int
    enabled: bool
    on: bool
    """`sync_contacts`."""
    per_minute: int
    """Requests to Aircall that may be spent on this."""
    in_step: int = 0
    backlog: Backlog = field(default=Backlog(0, 0, None, 0))
    """What waits to be carried, of logged interactions and changed in HubSpot."""
    followed: Run | None = None
    """The last look for what changed in HubSpot."""
    refusals: int = 0
    refused: Sequence[Refused] = ()
    copy: Operation | None = None
    """The newest copy of all contacts, also one that has ended."""
    samples: Sequence[tuple[int, int]] = field(default=())
    """Of the copy: when how much was done."""
    removing: bool = False
    """The contacts that we made are being removed."""

    @property
    def copying(self) -> bool:
        """Whether a copy is under way."""
        return self.copy is not None and self.copy.active


def read_facts(shop: Workshop) -> Facts:
    """Read them; raises redis-py's errors and those of settings that cannot be read."""
    connection = shop.connection
    contacts, operations = AircallContacts(connection), Operations(connection)
    settings = shop.revisions.current().settings
    copy, removal = operations.current("contacts"), operations.current("removal")
    told = OperationMessages(connection).of("contacts")
    return Facts(
        now=now_ms(connection),
        enabled=settings.enabled,
        on=settings.sync_contacts,
        per_minute=per_minute(shop),
        in_step=contacts.count(),
        backlog=backlog(shop),
        followed=Runs(connection).of(FOLLOWING),
        refusals=contacts.refusals(),
        refused=tuple(Refused(id_, why) for id_, why in contacts.refused(MOST_REFUSED)),
        copy=copy,
        samples=told.samples if told and copy and told.operation == copy.id else (),
        removing=removal is not None and removal.active,
    )


def per_minute(shop: Workshop) -> int:
    """Return how many requests a minute Aircall gets of this; raises redis-py's errors."""
    return share_of(shop.file.limits.aircall, shop.limits.learned("aircall").get("max", 0))


def named(shop: Workshop, refused: Sequence[Refused]) -> tuple[Refused, ...]:
    """Return them with their names in HubSpot and links there; raises VendorErrors."""
    if not refused:
        return ()
    place = place_of(shop)
    ids = [each.id for each in refused]
    records: Mapping[str, Record] = shop.hubspot.read("contacts", ids, NAMES)
    return tuple(
        Refused(
            each.id,
            each.reason,
            _name(records[each.id]) if each.id in records else "",
            place.link(each.id),
        )
        for each in refused
    )


def _name(record: Record) -> str:
    first, last, email = (record.properties.get(name) or "" for name in NAMES)
    return f"{first} {last}".strip() or email
