"""A product that copies contacts, and many contacts at both vendors."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sandbox.aircall.contacts import digits
from store import keys
from store.operations import Operation, Operations
from sync.contacts import copy, removal
from sync.slices import Slice
from tests.patience import PATIENCE
from tests.worker.product import Product

MADE_AT = 1_780_000_000


class Short(Slice):
    """A slice that is over after so many steps."""

    steps = 1_000_000

    def over(self) -> bool:
        self.keep()
        assert self._clock() < self._began + PATIENCE, "the work does not end"
        self.steps -= 1
        return self.steps <= 0


class CopyWorld:
    """Contacts at both vendors, and the copy in slices."""

    def __init__(self, product: Product, *, empty: bool = True) -> None:
        self.product = product
        self.redis = product.redis
        self.shop = product.shop
        self.operations = Operations(product.redis)
        product.set(sync_contacts=True)
        if empty:
            product.hubspot.portal.records["contacts"].clear()
            product.hubspot.portal.ever.clear()
            product.aircall.office.book.contacts.clear()

    @property
    def book(self) -> dict[int, dict[str, Any]]:
        """Aircall's contacts by id."""
        return self.product.aircall.office.book.contacts

    def hubspot_has(self, first: int, count: int, **more: str) -> None:
        """Give HubSpot so many contacts, each with a phone of its own."""
        for n in range(first, first + count):
            values = {"firstname": "Ada", "lastname": f"N{n}", "phone": phone(n), **more}
            self.product.hubspot.portal.add("contacts", values, MADE_AT + n, str(100_000 + n))

    def aircall_has(self, first: int, count: int, apart: int = 60, at: int = MADE_AT) -> None:
        """Give Aircall so many contacts, each with a phone of its own."""
        book = self.product.aircall.office.book
        for n in range(first, first + count):
            made = at + (n - first) * apart
            self.book[book.next_contact] = {
                "id": book.next_contact,
                "direct_link": "",
                "first_name": "Old",
                "last_name": f"A{n}",
                "company_name": None,
                "information": None,
                "is_shared": True,
                "created_at": made,
                "updated_at": made,
                "phone_numbers": [{"id": 50_000 + n, "label": "Work", "value": phone(n)}],
                "emails": [],
            }
            book.next_contact += 1

    def ask(self, total: int | None = None) -> Operation:
        return self.operations.start("contacts", "U1", "Ada", {}, total)

    def now(self) -> Operation:
        found = self.operations.current("contacts")
        assert found is not None
        return found

    def go_on(self, most: int = 1_000) -> Operation:
        """Slices, as the queue and the clock call them, until it has ended."""
        for _ in range(most):
            if not self.now().active:
                break
            copy.go_on()
        return self.now()

    def some_steps(self, steps: int, of: str = copy.JOB) -> bool:
        """One slice of so many steps."""
        lock = self.redis.lock(keys.working(of), timeout=30, thread_local=False)
        assert lock.acquire(blocking=False)
        piece = Short(self.redis, lock)
        piece.steps = steps
        try:
            return (copy if of == copy.JOB else removal).work(self.shop, piece)
        finally:
            lock.release()

    def asked(self, before: int = 0) -> Counter[str]:
        """Aircall's requests since then, by what they do."""
        asked = self.product.aircall.requests[before:]
        return Counter(_name(one) for one in asked if one.path.startswith("/v1/contacts"))

    def doubled(self) -> dict[str, int]:
        """Phones that several contacts of Aircall have."""
        having = Counter(
            digits(each["value"]) for one in self.book.values() for each in one["phone_numbers"]
        )
        return {each: count for each, count in having.items() if count > 1}


def phone(n: int) -> str:
    """A valid French phone in E.164."""
    return f"+336{12_000_000 + n:08d}"


def _name(request: Any) -> str:
    words = request.path.removeprefix("/v1/contacts").strip("/").split("/")
    kind = words[0] if words[0] in {"", "search"} else "one" + ("/" + words[1] if words[1:] else "")
    return f"{request.method} {kind}".strip()
