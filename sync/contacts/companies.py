"""The names of companies, for contacts that tell none themselves: each is read once."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from clients.errors import NotFound, Rejected
from clients.hubspot.records import Record
from rules.aircall_contacts import Wanted
from store.carried_companies import CarriedCompanies
from worker.workshop import Workshop

log = structlog.get_logger(__name__)


def named_all(shop: Workshop, wishes: Mapping[str, Wanted]) -> Mapping[str, Wanted]:
    """Fill in the names of companies, as far as they are known. Raises redis-py's errors."""
    ids = sorted({each.company for each in wishes.values() if each.company})
    names = CarriedCompanies(shop.connection).names(ids)
    return {id_: each.of_company(names.get(each.company)) for id_, each in wishes.items()}


def named(shop: Workshop, wanted: Wanted) -> Wanted:
    """Fill in the company's name, if it is known. Raises redis-py's errors."""
    return named_all(shop, {"": wanted})[""]


def named_by_hubspot(shop: Workshop, wanted: Wanted) -> Wanted:
    """Fill in the company's name, read at HubSpot if it is not known yet.

    Raises Unavailable and redis-py's errors.
    """
    companies = CarriedCompanies(shop.connection)
    if not wanted.company or companies.names([wanted.company]):
        return named(shop, wanted)
    try:
        found = shop.hubspot.read("companies", [wanted.company], ("name",))
    except (Rejected, NotFound) as error:
        log.warning("company not read", because=error.sentence)
        return wanted
    company = found.get(wanted.company)
    if company is None:
        return wanted
    return wanted.of_company(companies.keep(wanted.company, name_of(company)))


def name_of(company: Record) -> str:
    """Return the name of a company; blank if it has none."""
    return company.properties.get("name") or ""
