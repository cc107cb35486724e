"""HubSpot's side of contact sync: whether it is on, and what its contacts ask of Aircall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from weakref import WeakSet

from clients.errors import VendorError
from clients.hubspot import HubSpot
from clients.hubspot.records import Record
from rules import aircall_contacts as rules
from rules.aircall_contacts import Wanted, wanted_of
from store.aircall_contacts import AircallContacts
from store.carried_companies import CarriedCompanies
from worker.directory import refresh
from worker.workshop import Workshop

PROPERTIES: Final = rules.PROPERTIES
"""What is read of a HubSpot contact that is to be carried."""
OTHER_PORTAL: Final = (
    "Contacts are not copied: the HubSpot account is another one than that whose contacts are in "
    "Aircall."
)

_ASKED: Final[WeakSet[HubSpot]] = WeakSet()
"""Who was asked for its portal: another token comes with another process, and the directory may
tell of the former one for an hour."""


class OtherPortalError(VendorError):
    """HubSpot's ids mean other people now: to go on would mix up contacts, or remove them all."""

    def __init__(self) -> None:
        super().__init__("hubspot", OTHER_PORTAL)


@dataclass(frozen=True, slots=True)
class Place:
    """How contacts are read here: where HubSpot's records are shown, and our lines' country."""

    records: str
    """A record's address, without its id."""
    country: str | None
    """ISO 3166, where all lines are of one."""

    def link(self, id_: str) -> str:
        """Return the address of a HubSpot contact."""
        return f"{self.records}{id_}"

    def wanted(self, record: Record) -> Wanted:
        """Tell what Aircall should hold of a HubSpot contact."""
        return wanted_of(record.properties, self.link(record.id), self.country)


def is_on(shop: Workshop) -> bool:
    """Whether contacts are kept in Aircall now: enabled, and chosen in the settings.

    Raises redis-py's errors, and those of settings that are damaged or gone.
    """
    settings = shop.revisions.current().settings
    return settings.enabled and settings.sync_contacts


def place_of(shop: Workshop) -> Place:
    """Return how contacts are read here. Raises redis-py's errors."""
    directory = shop.directory.read()
    countries = {number.country for number in directory.numbers or ()}
    country = countries.pop() if len(countries) == 1 else None
    account = directory.account
    if account is None or not account.portal_id:
        return Place("hubspot:", country)
    records = f"https://{account.ui_domain}/contacts/{account.portal_id}/record/0-1/"
    return Place(records, country)


def check_portal(shop: Workshop) -> None:
    """Make sure that HubSpot's ids are those of the map; one without any is of the portal there is.

    Raises OtherPortalError, the VendorError for which the portal is not known, and redis-py's.
    """
    if shop.hubspot not in _ASKED:
        for error in refresh(shop, ("account",)).values():
            raise error
        _ASKED.add(shop.hubspot)
    account = shop.directory.read().account
    if account is None or not account.portal_id:
        return
    contacts = AircallContacts(shop.connection)
    known = contacts.state().get("portal", "")
    if known == account.portal_id:
        return
    if known and not contacts.empty:
        raise OtherPortalError
    if known:
        contacts.note(since=None, followed=None, following=None, gone=None)
        CarriedCompanies(shop.connection).forget()
    contacts.note(portal=account.portal_id)


def merged_into(record: Record) -> tuple[str, ...]:
    """Return the ids of contacts that were merged into this one."""
    merged = record.properties.get("hs_merged_object_ids") or ""
    return tuple(id_ for each in merged.split(";") if (id_ := each.strip()) and id_ != record.id)
