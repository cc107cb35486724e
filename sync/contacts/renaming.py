"""Companies that have another name in HubSpot: the contacts that show it are carried again.

That does not move the time of the contacts' own last change.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from clients.errors import NotFound, Rejected
from clients.hubspot.objects import MOST_INPUTS
from clients.hubspot.queries import PAGE, Filter, Query
from clients.hubspot.records import Record
from store.aircall_contacts import AircallContacts
from store.carried_companies import CarriedCompanies
from store.connection import now_ms
from store.wanted_contacts import WantedContacts
from sync.contacts import wanted as wanted_job
from sync.contacts.changes import Kind, look
from sync.contacts.companies import are_refused, names_in_hubspot, note_refused
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


def follow_companies(shop: Workshop, piece: Slice) -> bool:
    """Have carried the contacts of companies that have another name; True if there is more.

    Raises as `look` does.
    """
    companies, contacts = CarriedCompanies(shop.connection), AircallContacts(shop.connection)
    if companies.empty:
        return False
    state, now = contacts.state(), now_ms(shop.connection)
    since = now - int(state.get("companies_looked") or 0)
    is_due = state.get("companies_following") or not 0 <= since < EVERY_MS
    if is_due and not are_refused(shop):
        try:
            if _read(shop, piece) or look(shop, piece, COMPANIES, partial(_note, companies)):
                return True
        except (Rejected, NotFound) as error:
            note_refused(shop, error)
        contacts.note(companies_looked=now)
    return _want(shop, piece)


def _read(shop: Workshop, piece: Slice) -> bool:
    """Read the names that nobody has read yet; True if the time was over before the end."""
    companies = CarriedCompanies(shop.connection)
    while ids := companies.unread(MOST_INPUTS):
        for id_, name in names_in_hubspot(shop, ids).items():
            companies.rename(id_, name)
        if piece.over():
            return True
    return False


def _note(companies: CarriedCompanies, page: Sequence[Record]) -> None:
    ids = [each.id for each in page]
    known, unread = companies.names(ids), companies.are_unread(ids)
    for each in page:
        name = each.properties.get("name") or ""
        if each.id in unread or known.get(each.id, name) != name:
            companies.rename(each.id, name)


def _want(shop: Workshop, piece: Slice) -> bool:
    """Want the contacts that show the names of renamed companies; True if there are more."""
    companies, place = CarriedCompanies(shop.connection), place_of(shop)
    renamed = companies.renamed()
    while renamed:
        after = next(iter(renamed.values()))
        ids = [id_ for id_, at in renamed.items() if at == after][:MOST_INPUTS]
        group = (
            Filter("associatedcompanyid", "IN", tuple(ids)),
            Filter("hs_object_id", "GT", (after,)),
        )
        query = Query((group,), PROPERTIES, (("hs_object_id", "ASCENDING"),))
        page = shop.hubspot.search("contacts", query, PAGE)
        entries = AircallContacts(shop.connection).of([each.id for each in page])
        showing = [
            each.id for each in page if each.id in entries and place.wanted(each).company in ids
        ]
        WantedContacts(shop.connection).add("changed", showing)
        after = page[-1].id if len(page) >= PAGE else ""
        companies.reached(ids, after)
        if showing:
            enqueue(shop.connection, BACKGROUND, wanted_job.JOB)
        renamed |= dict.fromkeys(ids, after)
        renamed = {id_: at for id_, at in renamed.items() if at}
        if renamed and piece.over():
            return True
    return False
