"""What contact sync says of contacts that are not in Aircall as they are in HubSpot."""

from __future__ import annotations

from typing import Final

from bot.words.marked import N_

CONTACTS: Final = (
    N_("no valid phone"),
    N_("another contact of HubSpot has its phone in Aircall"),
    N_("another process is copying it, or one with its phone"),
    N_("Aircall does not find a part of it"),
    N_(
        "Contacts are not copied: the HubSpot account is another one than that whose contacts are "
        "in Aircall."
    ),
    N_(
        "Aircall refused a contact because: {reason}. What it refused is tried again when the "
        "contact changes in HubSpot."
    ),
    N_(
        "Aircall refused {count} contacts, the last one because: {reason}. What it refused is "
        "tried again when the contact changes in HubSpot."
    ),
    N_("Aircall has taken all contacts by now."),
)
