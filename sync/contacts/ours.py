"""The contacts in Aircall that we made: found after a lost answer, and the only ones removed."""

from __future__ import annotations

from typing import Literal

import structlog

from clients.errors import NotFound, Rejected
from rules.aircall_contacts import AircallContact, links_to
from store.aircall_contacts import AircallContacts
from store.aircall_entries import Entry
from store.contact_holds import Hold
from sync.contacts.source import place_of
from worker.workshop import Workshop

Removed = Literal["", "removed", "gone", "refused"]
"""What became of a contact; nothing of one that is not ours."""

log = structlog.get_logger(__name__)


def lost(shop: Workshop, hold: Hold, id_: str, entry: Entry) -> AircallContact | None:
    """Find what we made of a HubSpot contact without hearing so; None if it is not there.

    What we sent then is in the entry, whatever HubSpot has by now; our link tells it from others'.
    Raises LostHoldError, VendorError and redis-py's errors.
    """
    if entry.aircall is not None or not entry.doubt:
        return None
    aircall, link = shop.aircall.in_background().contacts, place_of(shop).link(id_)
    for phone in entry.phones:
        hold.keep()
        ours = [each for each in aircall.search(phone) if links_to(each, link)]
        held = AircallContacts(shop.connection).holders([each.id for each in ours])
        if free := [each for each in ours if each.id not in held]:
            return min(free, key=lambda each: each.id)
    return None


def remove(shop: Workshop, hold: Hold, id_: str, entry: Entry) -> Removed:
    """Remove the Aircall contact of an entry if we made it; whoever calls holds both.

    Raises LostHoldError, Unavailable and redis-py's errors.
    """
    aircall = entry.aircall if entry.ours else None
    try:
        if aircall is None and (there := lost(shop, hold, id_, entry)):
            aircall = there.id
        if aircall is None:
            return ""
        hold.keep()
        shop.aircall.in_background().contacts.delete(aircall)
    except NotFound:
        return "gone"
    except Rejected as error:
        log.warning("Aircall keeps a contact", because=error.sentence)
        return "refused"
    return "removed"
