"""Contacts that Aircall refused: said once for all of them, tried again when they change."""

from __future__ import annotations

from typing import Final

from store.aircall_contacts import AircallContacts
from store.contact_holds import Hold, contact_name
from store.wanted_contacts import WantedContacts
from worker.workshop import Workshop

ALERT: Final = "contacts refused"


def tell_refused(shop: Workshop) -> None:
    """Raise, renew or resolve the alert. Raises redis-py's errors."""
    contacts = AircallContacts(shop.connection)
    count = contacts.refusals()
    if not count:
        if ALERT in shop.alerts.names():
            shop.alerts.resolve(ALERT, "Aircall has taken all contacts by now.")
        return
    newest = contacts.refused(1)
    id_, reason = newest[0] if newest else ("", "")
    words = "a contact" if count == 1 else f"{count} contacts, the last one"
    shop.alerts.raise_(
        ALERT,
        f"Aircall refused {words} because: {reason.rstrip('.')}. "
        "What it refused is tried again when the contact changes in HubSpot.",
        {"count": str(count), "example": id_},
    )


def again(shop: Workshop) -> int:
    """Have all that Aircall refused tried again; how many. Raises redis-py's errors."""
    contacts = AircallContacts(shop.connection)
    count = 0
    for id_, _ in contacts.refused():
        with Hold(shop.connection, [contact_name(id_)]) as hold:
            if hold.held:
                contacts.try_again(id_)
                WantedContacts(shop.connection).add("changed", [id_])
                count += 1
    return count
