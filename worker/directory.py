"""Read what Aircall and HubSpot have into the directory: on a schedule, on hints, and on a miss."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import structlog

from clients.aircall import Aircall
from clients.errors import NotFound, Rejected, Unavailable, VendorError
from clients.hubspot import HubSpot
from rules.owners import Owner
from rules.phones import parse_phone
from rules.records import Line
from store.directory import Account, Directory, Number, Part, Pipeline
from worker.setup import ensure_unique, searchable
from worker.workshop import Workshop

FOR_PLANS: Final[tuple[Part, ...]] = ("owners", "outcomes", "properties", "unique")
"""Without these no interaction can be planned."""
REFUSED_PAUSE: Final = 60.0
"""Seconds between two tries while HubSpot refuses requests as such."""
MISS_EVERY: Final = 60
"""Seconds between two readings of a part because something was not in it."""
SET_UP: Final[tuple[Part, ...]] = ("account", "properties", "unique")
"""Parts that change only when somebody changes the portal's set-up."""

log = structlog.get_logger(__name__)


def refresh(workshop: Workshop, parts: Iterable[Part]) -> Mapping[Part, VendorError]:
    """Read these parts anew; returns those that could not be read, and why; the others are written.

    A part that a vendor refuses keeps its last reading: absence proves nothing.
    """
    failed: dict[Part, VendorError] = {}
    for part in parts:
        try:
            told = READERS[part](workshop.hubspot, workshop.aircall)
            workshop.directory.write(part, told)
        except (Unavailable, Rejected, NotFound) as error:
            log.warning("directory not read", part=part, because=error.sentence)
            failed[part] = error
    return failed


def refresh_on_miss(workshop: Workshop, part: Part) -> Directory:
    """Read a part in which something was missing, at most once a minute; the directory after it."""
    if workshop.directory.refresh_allowed(part, MISS_EVERY):
        refresh(workshop, (part,))
    return workshop.directory.read()


def directory_for_plans(workshop: Workshop, agents: Iterable[str]) -> Directory:
    """Return the directory with all that plans need, read now if it never was or misses one.

    `agents` are e-mails of Aircall users. Raises Unavailable while HubSpot's part was never read,
    for the reason for which it cannot be.
    """
    directory = workshop.directory.read()
    if directory.numbers is None:
        # Our own lines never become contacts; while Aircall is down, those of the events count.
        directory = refresh_on_miss(workshop, "numbers")
    if not directory.complete:
        _complete(workshop, directory)
        directory = workshop.directory.read()
    known = {owner.email.casefold() for owner in directory.owners or ()}
    if {agent.casefold() for agent in agents} - known - {""}:
        directory = refresh_on_miss(workshop, "owners")
    return directory


def _complete(workshop: Workshop, directory: Directory) -> None:
    """Read what plans need and was never read. Raises Unavailable if that cannot be.

    What HubSpot refuses is a person's to mend: all wait for it, and it is not asked all the time.
    """
    for part in FOR_PLANS:
        failed = refresh(workshop, (part,)) if getattr(directory, part) is None else {}
        for error in failed.values():
            raise error if isinstance(error, Unavailable) else _refused(workshop, error)


def _refused(workshop: Workshop, error: VendorError) -> Unavailable:
    scopes = ", ".join(error.scopes) if isinstance(error, Rejected) else ""
    sentence = f"HubSpot refuses to tell its set-up: {error.sentence}"
    sentence += f" (missing scopes: {scopes})" if scopes else ""
    workshop.gate.pause("hubspot", REFUSED_PAUSE, "refused")
    return Unavailable("hubspot", sentence, reason="credentials", wait=REFUSED_PAUSE)


def _numbers(_: HubSpot, aircall: Aircall) -> tuple[Number, ...]:
    return tuple(
        Number(line.id, line.name, _digits(line), line.country)
        for line in aircall.numbers()
        if line.id is not None
    )


def _digits(line: Line) -> str:
    phone = parse_phone(line.digits, line.country)
    return phone.e164 if phone else line.digits


def _users(_: HubSpot, aircall: Aircall) -> dict[int, str]:
    return {user.id: user.email for user in aircall.users() if user.id is not None}


def _tags(_: HubSpot, aircall: Aircall) -> dict[int, str]:
    return {tag.id: tag.name for tag in aircall.tags() if tag.id is not None}


def _owners(hubspot: HubSpot, _: Aircall) -> tuple[Owner, ...]:
    return tuple(
        Owner(each.id, each.email, each.name, active=not archived)
        for archived in (False, True)
        for each in hubspot.owners(archived=archived)
    )


def _pipelines(hubspot: HubSpot, _: Aircall) -> tuple[Pipeline, ...]:
    return tuple(
        Pipeline(
            each.id,
            each.label,
            {stage.id: stage.label for stage in each.stages if not stage.archived},
        )
        for each in hubspot.pipelines()
        if not each.archived
    )


def _account(hubspot: HubSpot, _: Aircall) -> Account:
    told = hubspot.account()
    return Account(told.portal_id, told.domain, told.time_zone or "UTC")


READERS: Final[Mapping[Part, Callable[[HubSpot, Aircall], object]]] = {
    "numbers": _numbers,
    "users": _users,
    "tags": _tags,
    "owners": _owners,
    "outcomes": lambda hubspot, _: hubspot.outcomes(),
    "pipelines": _pipelines,
    "account": _account,
    "properties": lambda hubspot, _: searchable(hubspot),
    "unique": lambda hubspot, _: ensure_unique(hubspot),
}
