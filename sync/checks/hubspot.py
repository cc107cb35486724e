"""Checks of HubSpot: our token, what it may do, and our unique properties."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from clients.errors import NotFound, Rejected, Unavailable, VendorError
from sync.checks.finding import Finding, broken, ended, not_asked, ok, unknown, warning
from sync.checks.world import World
from worker.setup import UNIQUE

NEEDED: Final[Mapping[str, str]] = {
    "contacts": "crm.objects.contacts.read",
    "companies": "crm.objects.companies.read",
    "tickets": "tickets",
    "owners": "crm.objects.owners.read",
}
"""What is asked for, one request each, and the scope that lets us."""


def check_hubspot(world: World) -> Iterator[Finding]:
    """Look at the token, its scopes and our unique properties."""
    try:
        account = world.hubspot.account()
    except VendorError as error:
        yield not_asked(
            "hubspot.token",
            error,
            "Put the token of a service key or private app into HUBSPOT_ACCESS_TOKEN.",
        )
        return
    yield ok("hubspot.token", f"HubSpot takes the token, for the portal {account.portal_id}.")
    yield from _scopes(world)
    yield from _unique(world)


def _scopes(world: World) -> Iterator[Finding]:
    asking: Mapping[str, Callable[[], object]] = {
        "contacts": lambda: world.hubspot.properties("contacts"),
        "companies": lambda: world.hubspot.properties("companies"),
        "tickets": world.hubspot.pipelines,
        "owners": world.hubspot.owners,
    }
    lacking = []
    for what, ask in asking.items():
        try:
            ask()
        except (Rejected, NotFound) as error:
            scopes = getattr(error, "scopes", ()) or (NEEDED[what],)
            lacking.append(what)
            yield broken(
                "hubspot.scopes",
                f"HubSpot does not let us read {what}.",
                f"Add the scope {', '.join(scopes)} to the token.",
            )
        except Unavailable as error:
            yield unknown("hubspot.scopes", ended(error.sentence), "Try again in a minute.")
            return
    if not lacking:
        yield ok("hubspot.scopes", "HubSpot lets us read contacts, companies, tickets and owners.")


def _unique(world: World) -> Iterator[Finding]:
    without = []
    for object_type, name in UNIQUE.items():
        try:
            there = world.hubspot.properties(object_type)
        except VendorError:
            continue  # said above
        if name not in there or not there[name].unique:
            without.append(f"{object_type}.{name}")
    if without:
        yield warning(
            "hubspot.unique",
            f"These unique properties are not there: {', '.join(without)}.",
            "They are made at the start; if that is refused, give the token the schema scopes "
            "(crm.schemas.contacts.write, tickets). Until then one worker writes at a time.",
        )
    else:
        yield ok("hubspot.unique", "Our unique properties are there: nothing is written twice.")
