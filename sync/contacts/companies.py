"""The names of companies, for contacts that tell none themselves: each is read once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import structlog

from clients.errors import NotFound, Rejected
from rules.aircall_contacts import Wanted
from store.aircall_contacts import AircallContacts
from store.carried_companies import CarriedCompanies
from store.connection import now_ms
from worker.workshop import Workshop

REFUSED_MS: Final = 3_600_000
"""Until HubSpot is asked for companies again after it refused: the token lacks a right, and each
contact of a copy would be refused anew."""

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

    One that HubSpot refuses is filled in later, by who follows companies. Raises Unavailable and
    redis-py's errors.
    """
    companies, id_ = CarriedCompanies(shop.connection), wanted.company
    if not id_ or companies.names([id_]):
        return named(shop, wanted)
    # Before it is read: whoever sees another name meanwhile knows that it concerns us.
    companies.expect(id_)
    if are_refused(shop):
        return wanted
    try:
        read = names_in_hubspot(shop, [id_])
    except (Rejected, NotFound) as error:
        note_refused(shop, error)
        return wanted
    return wanted.of_company(companies.keep(id_, read[id_]))


def names_in_hubspot(shop: Workshop, ids: Sequence[str]) -> Mapping[str, str]:
    """Read the names of these companies; blank is one without a name, or that is gone.

    Raises VendorError.
    """
    found = shop.hubspot.read("companies", ids, ("name",))
    return {id_: (found[id_].properties.get("name") or "") if id_ in found else "" for id_ in ids}


def are_refused(shop: Workshop) -> bool:
    """Whether HubSpot refused to tell of companies a short while ago. Raises redis-py's errors."""
    at = AircallContacts(shop.connection).state().get("companies_refused")
    return at is not None and 0 <= now_ms(shop.connection) - int(at) < REFUSED_MS


def note_refused(shop: Workshop, error: Rejected | NotFound) -> None:
    """Note that HubSpot refused to tell of companies. Raises redis-py's errors."""
    log.warning("companies not read", because=error.sentence)
    AircallContacts(shop.connection).note(companies_refused=now_ms(shop.connection))
