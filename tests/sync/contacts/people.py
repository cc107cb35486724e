"""Steps of the tests of contact sync: people in HubSpot, what Aircall holds and was asked."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from clients.hubspot.records import Record
from store.aircall_contacts import AircallContacts
from store.aircall_entries import Entry
from store.wanted_contacts import WantedContacts
from sync.contacts import following, gone, wanted
from sync.contacts.carrying import PROPERTIES, Outcome, carry
from tests.patience import PATIENCE
from tests.worker.product import Product

PHONE, OTHER, THIRD = "+33199880001", "+33199880002", "+33199880003"
ADA = {"firstname": "Ada", "lastname": "Byron", "company": "Engines", "phone": PHONE}


class Piece:
    """A slice whose time is over after so many steps; by default only what hangs ends it."""

    def __init__(self, steps: int | None = None) -> None:
        self.steps = steps
        self._until = time.monotonic() + PATIENCE

    def over(self) -> bool:
        assert time.monotonic() < self._until, "the work does not end"
        if self.steps is None:
            return False
        self.steps -= 1
        return self.steps <= 0

    def keep(self) -> None:
        return


def add(product: Product, **values: str) -> str:
    """Make a HubSpot contact; returns its id."""
    return product.hubspot.add("contacts", values)


def rename(product: Product, id_: str, **values: str) -> None:
    """Change a HubSpot contact, its name or anything else."""
    product.hubspot.edit("contacts", id_, values)


def read(product: Product, id_: str) -> Record:
    return product.shop.hubspot.read("contacts", [id_], PROPERTIES)[id_]


def carried(product: Product, id_: str) -> Outcome:
    return carry(product.shop, read(product, id_))


def entry(product: Product, id_: str) -> Entry | None:
    return AircallContacts(product.redis).of([id_]).get(id_)


def book(product: Product) -> dict[int, dict[str, Any]]:
    """Aircall's contacts by id, without the one it was seeded with."""
    return {id_: one for id_, one in product.aircall.office.book.contacts.items() if id_ != 710}


def of(product: Product, id_: str) -> dict[str, Any]:
    """The Aircall contact of a HubSpot contact."""
    known = entry(product, id_)
    assert known is not None
    return product.aircall.office.book.contacts[known.aircall]


def values(contact: dict[str, Any], part: str = "phone_numbers") -> list[str]:
    return [one["value"].replace(" ", "") for one in contact[part]]


@contextmanager
def asking(product: Product) -> Iterator[list[str]]:
    """Within: the requests to Aircall, as `POST contacts/711`."""
    before = len(product.aircall.requests)
    asked: list[str] = []
    yield asked
    asked += [
        f"{one.method} {one.path.removeprefix('/v1/')}" for one in product.aircall.requests[before:]
    ]


def follow(product: Product, steps: int | None = None) -> bool:
    return following.work(product.shop, Piece(steps))


def carry_wanted(product: Product, steps: int | None = None) -> bool:
    return wanted.work(product.shop, Piece(steps))


def look_for_gone(product: Product, steps: int | None = None) -> bool:
    return gone.work(product.shop, Piece(steps))


def waiting(product: Product) -> tuple[int, int]:
    """How many are wanted: of logged interactions, and changed."""
    kept = WantedContacts(product.redis)
    return kept.count("logged"), kept.count("changed")
