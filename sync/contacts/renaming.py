"""Companies that have another name in HubSpot: the contacts that show it are carried again.

That does not move the time of the contacts' own last change.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

import structlog

from clients.errors import NotFound, Rejected
from clients.hubspot.queries import PAGE, Filter, Query
from clients.hubspot.records import Record
from store.aircall_contacts import AircallContacts
from store.carried_companies import CarriedCompanies
from store.connection import now_ms
from store.wanted_contacts import WantedContacts
from sync.contacts import wanted as wanted_job
from sync.contacts.changes import Kind, look
from sync.contacts.companies import name_of
from sync.contacts.source import PROPERTIES, place_of
from sync.slices import Slice
from worker.nudge import BACKGROUND, enqueue
from worker.workshop import Workshop

COMPANIES: Final = Kind(
    "companies",
    "hs_lastmodifieddate",
    ("name", "hs_lastmodifieddate"),
    ("companies_since", "companies_followed", "companies_following"),
)
EVERY_MS: Final = 200_000
"""Between two looks at companies: every second time that contacts are looked at, as HubSpot's
requests are few, and soon enough for a new name to be in Aircall within five minutes."""

log = structlog.get_logger(__name__)


def follow_companies(shop: Workshop, piece: Slice) -> bool:
    """Have carried the contacts of companies that have another name; True if there is more.

    Raises as `look` does.
    """
    companies, contacts = CarriedCompanies(shop.connection), AircallContacts(shop.connection)
    if companies.empty:
        return False
    state, now = contacts.state(), now_ms(shop.connection)
    since = now - int(state.get("companies_looked") or 0)
    if state.get("companies_following") or not 0 <= since < EVERY_MS:
        try:
            if look(shop, piece, COMPANIES, partial(_note_renamed, companies)):
                return True
        except (Rejected, NotFound) as error:
            log.warning("companies not followed", because=error.sentence)
        contacts.note(companies_looked=now)
    return not all(_wanted(shop, piece, *each) for each in companies.renamed().items())


def _note_renamed(companies: CarriedCompanies, page: Sequence[Record]) -> None:
    known = companies.names([each.id for each in page])
    for each in page:
        if each.id in known and name_of(each) != known[each.id]:
            companies.rename(each.id, name_of(each))


def _wanted(shop: Workshop, piece: Slice, company: str, after: str) -> bool:
    """Want the contacts that show a company's name; False if the time was over before the end."""
    companies, place = CarriedCompanies(shop.connection), place_of(shop)
    while True:
        group = (
            Filter("associatedcompanyid", "EQ", (company,)),
            Filter("hs_object_id", "GT", (after,)),
        )
        query = Query((group,), PROPERTIES, (("hs_object_id", "ASCENDING"),))
        page = shop.hubspot.search("contacts", query, PAGE)
        entries = AircallContacts(shop.connection).of([each.id for each in page])
        showing = [
            each.id for each in page if each.id in entries and place.wanted(each).company == company
        ]
        WantedContacts(shop.connection).add("changed", showing)
        after = page[-1].id if len(page) >= PAGE else ""
        companies.reached(company, after)
        if showing:
            enqueue(shop.connection, BACKGROUND, wanted_job.JOB)
        if not after:
            return True
        if piece.over():
            return False
