"""The requests that change one contact in Aircall, and what is noted before and after each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from clients.aircall.contacts import Contacts
from clients.errors import NotFound, Rejected, Unavailable
from rules.aircall_contacts import AircallContact, Wanted
from rules.aircall_steps import (
    Add,
    Held,
    Put,
    Remove,
    Step,
    WriteTexts,
    after,
    doubled,
    made_of,
)
from store.aircall_contacts import AircallContacts
from store.aircall_entries import Entry
from store.contact_holds import Hold
from sync.contacts.sharing import Claims
from worker.workshop import Workshop

Told = TypeVar("Told")


class Sending:
    """One contact's entry while it is carried; its requests are sent by whoever holds it.

    Whatever was sent is noted before the next is: after a kill in between, the entry is in doubt.
    """

    def __init__(self, shop: Workshop, hold: Hold, id_: str) -> None:
        self._contacts = AircallContacts(shop.connection)
        self._aircall: Contacts = shop.aircall.in_background().contacts
        self._hold = hold
        self._id = id_
        self._before = self._contacts.of([id_]).get(id_)
        self.entry = self._before or Entry()
        self.claims: Claims = {}
        """Kept with the entry: who shares its phones."""
        self.refusal = ""
        """Why Aircall did not take all of it."""
        self._sure = False
        """Whatever was sent before is noted: only the request that is sent now may be in doubt."""

    def keep(self, entry: Entry) -> None:
        """Keep the entry as it is now. Raises redis-py's errors."""
        self._contacts.keep(self._id, entry, self._before, self.claims)
        self._before = self.entry = entry

    def given(self, entry: Entry) -> None:
        """Go on with an entry that was kept together with another contact's."""
        self._before = self.entry = entry

    def read(self) -> AircallContact:
        """Read its contact in Aircall. Raises NotFound, Unavailable and LostHoldError."""
        return self._send(lambda: self._aircall.read(self.entry.aircall or 0))

    def create(self, wanted: Wanted) -> bool:
        """Make its contact; False if Aircall refuses. Raises Unavailable and LostHoldError."""
        self._sure = not self.entry.doubt
        # What is sent is known before: after a lost answer it is found, whatever changed meanwhile.
        sent = made_of(wanted, None)
        self.keep(replace(self.entry, doubt=True, digest="", held=sent))
        try:
            made = self._send(
                lambda: self._aircall.create(wanted.texts, wanted.phones, wanted.emails)
            )
        except (Rejected, NotFound) as error:
            self.refusal = error.sentence
            self.keep(replace(self.entry, held=Held()))
            return False
        held = made_of(wanted, made)
        self.keep(replace(self.entry, aircall=made.id, ours=True, held=held, theirs=""))
        return True

    def do(self, steps: tuple[Step, ...]) -> None:
        """Do these steps. Raises NotFound, Unavailable and LostHoldError."""
        self.keep(replace(self.entry, doubt=True))
        self._sure = True
        for step in steps:
            self._do(step)

    def _do(self, step: Step) -> None:
        """Do one step, and note what is there after it."""
        before = self.entry.held
        if isinstance(step, Add):
            # Known as ours before it is there: after a kill nobody takes it for a person's.
            self.keep(replace(self.entry, held=after(before, step, None)))
        try:
            told = self._send(lambda: self._sent(step))
        except Rejected as error:
            self.refusal = error.sentence
            self.keep(replace(self.entry, held=before))
            return
        held = after(before, step, told)
        self.keep(replace(self.entry, held=held))
        if isinstance(step, Add) and (twice := doubled(told, step.part, step.value)):
            self._undo(step, *twice)

    def _undo(self, step: Add, first: int, ours: int) -> None:
        """Leave what a person had added in Aircall before, and take ours away."""
        contact = self.entry.aircall or 0
        self._send(lambda: self._aircall.remove(contact, step.part, ours))
        kept = [
            replace(one, id=first, ours=False) if one.id == ours else one
            for one in self.entry.held.details(step.part)
        ]
        self.keep(replace(self.entry, held=self.entry.held.with_details(step.part, kept)))

    def _sent(self, step: Step) -> AircallContact | None:
        contact = self.entry.aircall or 0
        match step:
            case WriteTexts(texts):
                return self._aircall.update(contact, texts)
            case Add(part, label, value):
                return self._aircall.add(contact, part, label, value)
            case Put(part, old, label, value):
                return self._aircall.change(contact, part, old.id or 0, label, value)
            case Remove(part, old):
                self._aircall.remove(contact, part, old.id or 0)
                return None

    def _send(self, send: Callable[[], Told]) -> Told:
        """Send one request while the contact is ours to carry.

        What surely was not written leaves no doubt behind.
        """
        self._hold.keep()
        try:
            return send()
        except Unavailable as error:
            if self._sure and not error.maybe_written:
                self.keep(replace(self.entry, doubt=False))
            raise
