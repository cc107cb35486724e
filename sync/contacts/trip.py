"""One HubSpot contact on its way to Aircall: joined with the contact there, or changed in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import structlog

from clients.errors import NotFound
from clients.hubspot.records import Record
from rules.aircall_contacts import NO_PHONE, AircallContact, Wanted, digits_of, theirs_of
from rules.aircall_steps import Held, reconciled, steps
from store.aircall_contacts import AircallContacts
from store.aircall_entries import Entry
from store.contact_holds import Hold, LostHoldError, contact_name
from store.wanted_contacts import WantedContacts
from sync.contacts.choosing import choose
from sync.contacts.companies import named, named_by_hubspot
from sync.contacts.ours import lost, remove
from sync.contacts.sending import Sending
from sync.contacts.sharing import Shares, shares_of
from sync.contacts.source import Place
from worker.workshop import Workshop

Find = Callable[[str], Sequence[AircallContact]]
"""Finds the Aircall contacts that have a phone (E.164)."""
SHARED: Final = "another contact of HubSpot has its phone in Aircall"
PART_GONE: Final = "Aircall does not find a part of it"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a contact."""

    kind: Literal["created", "adopted", "changed", "unchanged", "skipped"]
    reason: str = ""
    """Why it was skipped, or what of it Aircall did not take."""


def as_noted(entry: Entry) -> Outcome:
    """Tell what becomes of a contact that is as it was when it was last carried."""
    return Outcome("skipped" if entry.reason else "unchanged", entry.reason)


class Trip:
    """One go at one contact, by whoever holds it and its phones."""

    def __init__(
        self, shop: Workshop, place: Place, hold: Hold, record: Record, find: Find | None
    ) -> None:
        self._shop = shop
        self._place = place
        self._hold = hold
        self._record = record
        self._contacts = AircallContacts(shop.connection)
        self._find = find or shop.aircall.in_background().contacts.search
        self._link = place.link(record.id)
        self._sending = Sending(shop, hold, record.id)
        self._digest = ""
        self._deleted: set[int] = set()
        """Aircall contacts that turned out to be gone."""

    @property
    def _entry(self) -> Entry:
        """What is known of it by now."""
        return self._sending.entry

    def carry(self) -> Outcome:
        """Do what is to be done; raises LostHoldError beside what `carry` raises."""
        shares = shares_of(self._shop, self._place, self._record, self._entry)
        wanted = named(self._shop, self._place.wanted(self._record))
        own = wanted.only(shares.mine)
        same = own.digest == self._entry.digest and not self._entry.doubt
        self._digest, self._sending.claims = own.digest, shares.claims
        # Before it is kept: after a kill in between they are only looked at in vain.
        WantedContacts(self._shop.connection).add("changed", shares.again)
        self._sending.keep(replace(self._entry, shared=shares.others))
        found = self._find_lost(own)
        if not own.phones:
            return self._without_phones(wanted, shares)
        if same:
            return as_noted(self._entry)
        own = named_by_hubspot(self._shop, own)
        self._digest = own.digest
        if self._entry.aircall is None:
            return self._join(own)
        return self._change(own, "created" if found else "changed")

    def _find_lost(self, wanted: Wanted) -> bool:
        """Have what a try of ours made whose answer was lost; False if there is none."""
        if self._entry.aircall is not None or not self._entry.doubt:
            return False
        there = lost(self._shop, self._hold, self._record.id, self._entry)
        if there is None:
            self._sending.keep(replace(self._entry, held=Held(), doubt=False))
            return False
        # Nobody else can have written there yet.
        held = reconciled(Held(), there, wanted).all_ours()
        self._sending.keep(
            replace(self._entry, aircall=there.id, ours=True, held=held, doubt=False)
        )
        return True

    def _settle(self, outcome: Literal["created", "adopted", "changed", "unchanged"]) -> Outcome:
        """Note that it is as HubSpot has it, but for what Aircall refused."""
        refusal = self._sending.refusal
        self._sending.keep(
            replace(
                self._entry,
                digest=self._digest,
                doubt=False,
                reason=refusal,
                refused=bool(refusal),
            )
        )
        if refusal and (outcome == "unchanged" or self._entry.aircall is None):
            return Outcome("skipped", refusal)
        return Outcome(outcome, refusal)

    def _without_phones(self, wanted: Wanted, shares: Shares) -> Outcome:
        """Without a phone there is no contact in Aircall; one that is there stays as it was.

        But not beside the one that has its phone now, if we made it.
        """
        reason = SHARED if wanted.phones else NO_PHONE
        entry = self._entry
        if reason is SHARED and entry.ours:
            winners = {shares.claims[phone][0] for phone in shares.others}
            if any(each.aircall for each in self._contacts.of(sorted(winners)).values()):
                what = remove(self._shop, self._hold, self._record.id, entry)
                if what != "refused":
                    entry = replace(entry, aircall=None, ours=False, theirs="")
        if entry.aircall is None:
            entry = replace(entry, held=Held())
        self._sending.keep(replace(entry, digest=self._digest, reason=reason, refused=False))
        return Outcome("skipped", reason)

    def _join(self, wanted: Wanted) -> Outcome:
        """Find the contact in Aircall by each of its phones; make it if there is none."""
        mine = frozenset(each.value for each in wanted.phones)
        for phone in wanted.phones:
            found = self._search(phone.value)
            chosen = choose(self._contacts, found, self._record.id, self._link, mine)
            if chosen is None:
                continue
            there = chosen.there
            if chosen.holder is not None:
                self._take_over(chosen.holder, there.id)
                return self._change(wanted, "changed")
            theirs = theirs_of(there, self._link)
            held = reconciled(Held(), there, wanted.beside(theirs))
            entry = replace(self._entry, aircall=there.id, ours=False, held=held, theirs=theirs)
            self._sending.keep(replace(entry, digest=""))
            return self._change(wanted, "adopted")
        self._sending.create(wanted)
        return self._settle("created")

    def _search(self, phone: str) -> list[AircallContact]:
        """Find those that have a phone, but for those that are gone whatever a search says."""
        self._hold.keep()
        digits = digits_of(phone)
        found = [each for each in self._find(phone) if digits in each.digits]
        return [each for each in found if each.id not in self._deleted]

    def _take_over(self, holder: str, aircall: int) -> None:
        """Have the Aircall contact of one that has no phone of its own any more."""
        with Hold(self._shop.connection, [contact_name(holder)]) as hold:
            other = self._contacts.of([holder]).get(holder)
            if not hold.held or other is None or other.aircall != aircall:
                raise LostHoldError
            self._take(holder, other)

    def _take(self, holder: str, other: Entry) -> None:
        taken = replace(
            self._entry,
            aircall=other.aircall,
            ours=other.ours,
            held=other.held,
            theirs=other.theirs,
            doubt=other.doubt,
            digest="",
        )
        # It is still listed with its phones, and has to know of which ones.
        phones = tuple(dict.fromkeys((*other.shared, *other.phones)))
        left = Entry(shared=phones, reason=other.reason, refused=other.refused)
        WantedContacts(self._shop.connection).add("changed", [holder])
        self._contacts.give(holder, self._record.id, (left, taken))
        self._sending.given(taken)

    def _change(
        self,
        wanted: Wanted,
        outcome: Literal["created", "adopted", "changed"],
        *,
        last: bool = False,
    ) -> Outcome:
        """Send the few requests that make Aircall's contact as wanted."""
        wished = wanted.beside(self._entry.theirs)
        try:
            self._look(wished)
            todo = steps(self._entry.held, wished)
            if not todo:
                return self._settle("unchanged" if outcome == "changed" else outcome)
            self._sending.do(todo)
        except NotFound:
            return self._gone(wanted, outcome, last=last)
        return self._settle(outcome)

    def _look(self, wanted: Wanted) -> None:
        """Read Aircall's contact where it is not known what is there. Raises NotFound."""
        entry = self._entry
        if entry.doubt or entry.held.nameless:
            there = self._sending.read()
            held = reconciled(entry.held, there, wanted)
            self._sending.keep(replace(entry, held=held, doubt=False))

    def _gone(
        self, wanted: Wanted, outcome: Literal["created", "adopted", "changed"], *, last: bool
    ) -> Outcome:
        """A part of the contact, or all of it, was removed in Aircall: look once, or begin anew."""
        entry, wished = self._entry, wanted.beside(self._entry.theirs)
        try:
            there = self._sending.read()
        except NotFound:
            # A person deleted it there. As HubSpot's has changed since, it is wanted again.
            self._deleted.add(entry.aircall or 0)
            anew = replace(entry, aircall=None, ours=False, held=Held(), theirs="")
            self._sending.keep(replace(anew, doubt=False, digest=""))
            return self._join(wanted)
        held = reconciled(entry.held, there, wished)
        self._sending.keep(replace(entry, held=held, doubt=False))
        if last:
            self._sending.refusal = PART_GONE
            return self._settle(outcome)
        return self._change(wanted, outcome, last=True)
