"""Put the cast into the sandbox's HubSpot, as people entered it long before the first event."""

from sandbox.hubspot.world import HubSpotWorld
from tests.chaos.cast import Cast
from tests.chaos.model import Book


def seed(world: HubSpotWorld, cast: Cast) -> Book:
    """Enter firms and contacts; answer which HubSpot ids they got."""
    companies = {key: world.add("companies", values) for key, values in cast.companies.items()}
    contacts: dict[str, str] = {}
    company_of: dict[str, str] = {}
    for one in cast.contacts:
        links = {"companies": [companies[one.company]]} if one.company else {}
        contacts[one.key] = own = world.add("contacts", one.properties, links)
        if one.company:
            company_of[own] = companies[one.company]
    now = world.clock()
    before = world.clock
    # A moment later, so that "the most recently modified" is told by more than a millisecond.
    world.clock = lambda: now + 1.5
    for one in cast.contacts:
        if one.newest:
            world.edit("contacts", contacts[one.key], {"lastname": one.key})
    world.clock = before
    return Book(
        phones={phone: contacts[key] for phone, key in cast.phones.items()},
        emails={email: contacts[key] for email, key in cast.emails.items()},
        companies={phone: companies[key] for phone, key in cast.company_phones.items()},
        company_of=company_of,
    )
