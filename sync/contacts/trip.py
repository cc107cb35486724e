"""One HubSpot contact on its way to Aircall: joined with the contact there, or changed in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeVar

import structlog

from clients.aircall.contacts import Contacts
from clients.errors import NotFound, Rejected, Unavailable
from clients.hubspot.records import Record
from rules.aircall_contacts import (
    NO_PHONE,
    AircallContact,
    Wanted,
    digits_of,
    links_to,
    theirs_of,
)
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
    reconciled,
    steps,
)
from store.aircall_contacts import AircallContacts, Entry, Hold, LostHoldError, contact_name
from store.wanted_contacts import WantedContacts
from sync.contacts.ours import lost, remove
from sync.contacts.sharing import Claims, Shares, shares_of
from sync.contacts.source import Place
from worker.workshop import Workshop

Find = Callable[[str], Sequence[AircallContact]]
"""Finds the Aircall contacts that have a phone (E.164)."""
Told = TypeVar("Told")
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
        self._aircall: Contacts = shop.aircall.in_background().contacts
        self._find = find or self._aircall.search
        self._link = place.link(record.id)
        self._before = self._contacts.of([record.id]).get(record.id)
        self._entry = self._before or Entry()
        self._claims: Claims = {}
        self._refusal = ""
        self._digest = ""
        self._deleted: set[int] = set()
        """Aircall contacts that are gone, whatever its search says."""
        self._sure = False
        """Whatever was sent before is noted: only the request that is sent now may be in doubt."""

    def carry(self) -> Outcome:
        """Do what is to be done; raises LostHoldError beside what `carry` raises."""
        shares = shares_of(self._shop, self._place, self._record, self._entry)
        wanted = self._place.wanted(self._record)
        own = wanted.only(shares.mine)
        same = own.digest == self._entry.digest and not self._entry.doubt
        self._digest, self._claims = own.digest, shares.claims
        # Before it is kept: after a kill in between they are only looked at in vain.
        WantedContacts(self._shop.connection).add("changed", shares.again)
        self._keep(replace(self._entry, shared=shares.others))
        found = self._find_lost(own)
        if not own.phones:
            return self._without_phones(wanted, shares)
        if same:
            return as_noted(self._entry)
        own = self._with_company(own)
        if self._entry.aircall is None:
            return self._join(own)
        return self._change(own, "created" if found else "changed")

    def _find_lost(self, wanted: Wanted) -> bool:
        """Have what a try of ours made whose answer was lost; False if there is none."""
        if self._entry.aircall is not None or not self._entry.doubt:
            return False
        there = lost(self._shop, self._hold, self._record.id, self._entry)
        if there is None:
            self._keep(replace(self._entry, held=Held(), doubt=False))
            return False
        # Nobody else can have written there yet.
        held = reconciled(Held(), there, wanted).all_ours()
        self._keep(replace(self._entry, aircall=there.id, ours=True, held=held, doubt=False))
        return True

    def _keep(self, entry: Entry) -> None:
        self._contacts.keep(self._record.id, entry, self._before, self._claims)
        self._before = self._entry = entry

    def _settle(self, outcome: Literal["created", "adopted", "changed", "unchanged"]) -> Outcome:
        """Note that it is as HubSpot has it, but for what Aircall refused."""
        refusal = self._refusal
        self._keep(
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
        self._keep(replace(entry, digest=self._digest, reason=reason, refused=False))
        return Outcome("skipped", reason)

    def _with_company(self, wanted: Wanted) -> Wanted:
        """Fill in the name of the company that the contact belongs to, where it tells none."""
        if not wanted.company:
            return wanted
        try:
            found = self._shop.hubspot.read("companies", [wanted.company], ("name",))
        except (Rejected, NotFound) as error:
            log.warning("company not read", because=error.sentence)
            return wanted
        company = found.get(wanted.company)
        return wanted.of_company(company.properties.get("name") if company else None)

    def _join(self, wanted: Wanted) -> Outcome:
        """Find the contact in Aircall by each of its phones; make it if there is none."""
        mine = frozenset(each.value for each in wanted.phones)
        for phone in wanted.phones:
            found = self._usable(self._search(phone.value), mine)
            if not found:
                continue
            there, holder = found
            if holder is not None:
                self._take_over(holder)
                return self._change(wanted, "changed")
            theirs = theirs_of(there, self._link)
            held = reconciled(Held(), there, wanted.beside(theirs))
            entry = replace(self._entry, aircall=there.id, ours=False, held=held, theirs=theirs)
            self._keep(replace(entry, digest=""))
            return self._change(wanted, "adopted")
        return self._create(wanted)

    def _search(self, phone: str) -> Sequence[AircallContact]:
        self._hold.keep()
        return [each for each in self._find(phone) if digits_of(phone) in each.digits]

    def _usable(
        self, found: Sequence[AircallContact], mine: frozenset[str]
    ) -> tuple[AircallContact, str | None] | None:
        """Choose of the contacts found: one with our link, one whose phones are mine, the oldest.

        Also whose it was: None if nobody's.
        """
        holders = self._contacts.holders([each.id for each in found])
        usable: list[tuple[bool, bool, int, AircallContact, str | None]] = []
        for there in found:
            if there.id in self._deleted:
                continue
            holder = holders.get(there.id)
            if holder in {None, self._record.id}:
                usable.append((not links_to(there, self._link), True, there.id, there, None))
            elif holder is not None and not self._stays(holder, mine):
                usable.append((False, False, there.id, there, holder))
        if not usable:
            return None
        *_, there, holder = min(usable, key=lambda each: each[:3])
        return there, holder

    def _stays(self, holder: str, mine: frozenset[str]) -> bool:
        """Whether another HubSpot contact keeps its Aircall contact: it has a phone of its own."""
        entry = self._contacts.of([holder]).get(holder)
        if entry is None:
            return False
        claims = self._contacts.claims(entry.phones)
        return any(ids[:1] == (holder,) for phone, ids in claims.items() if phone not in mine)

    def _take_over(self, holder: str) -> None:
        """Have the Aircall contact of one that has no phone of its own any more."""
        with Hold(self._shop.connection, [contact_name(holder)]) as hold:
            if not hold.held:
                raise LostHoldError
            self._take(holder)

    def _take(self, holder: str) -> None:
        other = self._contacts.of([holder]).get(holder) or Entry()
        taken = replace(
            self._entry,
            aircall=other.aircall,
            ours=other.ours,
            held=other.held,
            theirs=other.theirs,
            doubt=other.doubt,
            digest="",
        )
        left = replace(
            other, aircall=None, ours=False, held=Held(), theirs="", doubt=False, digest=""
        )
        WantedContacts(self._shop.connection).add("changed", [holder])
        self._contacts.give(holder, self._record.id, (left, taken))
        self._before = self._entry = taken

    def _create(self, wanted: Wanted) -> Outcome:
        self._sure = not self._entry.doubt
        # What is sent is known before: after a lost answer it is found, whatever changed meanwhile.
        sent = made_of(wanted, None)
        self._keep(replace(self._entry, doubt=True, digest="", held=sent))
        try:
            made = self._send(
                lambda: self._aircall.create(wanted.texts, wanted.phones, wanted.emails)
            )
        except (Rejected, NotFound) as error:
            self._refusal = error.sentence
            self._keep(replace(self._entry, held=Held()))
            return self._settle("created")
        self._keep(
            replace(self._entry, aircall=made.id, ours=True, held=made_of(wanted, made), theirs="")
        )
        return self._settle("created")

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
            self._keep(replace(self._entry, doubt=True))
            self._sure = True
            for step in todo:
                self._do(step)
        except NotFound:
            return self._gone(wanted, outcome, last=last)
        return self._settle(outcome)

    def _look(self, wanted: Wanted) -> None:
        """Read Aircall's contact where it is not known what is there. Raises NotFound."""
        entry = self._entry
        if entry.doubt or entry.held.nameless:
            there = self._send(lambda: self._aircall.read(entry.aircall or 0))
            held = reconciled(entry.held, there, wanted)
            self._keep(replace(entry, held=held, doubt=False))

    def _gone(
        self, wanted: Wanted, outcome: Literal["created", "adopted", "changed"], *, last: bool
    ) -> Outcome:
        """A part of the contact, or all of it, was removed in Aircall: look once, or begin anew."""
        entry, wished = self._entry, wanted.beside(self._entry.theirs)
        try:
            there = self._send(lambda: self._aircall.read(entry.aircall or 0))
        except NotFound:
            # A person deleted it there. As HubSpot's has changed since, it is wanted again.
            self._deleted.add(entry.aircall or 0)
            anew = replace(entry, aircall=None, ours=False, held=Held(), theirs="")
            self._keep(replace(anew, doubt=False, digest=""))
            return self._join(wanted)
        held = reconciled(entry.held, there, wished)
        self._keep(replace(entry, held=held, doubt=False))
        if last:
            self._refusal = PART_GONE
            return self._settle(outcome)
        return self._change(wanted, outcome, last=True)

    def _do(self, step: Step) -> None:
        """Do one step, and note what is there after it. Raises NotFound."""
        before = self._entry.held
        if isinstance(step, Add):
            # Known as ours before it is there: after a kill nobody takes it for a person's.
            self._keep(replace(self._entry, held=after(before, step, None)))
        try:
            told = self._send(lambda: self._sent(step))
        except Rejected as error:
            self._refusal = error.sentence
            self._keep(replace(self._entry, held=before))
            return
        held = after(before, step, told)
        self._keep(replace(self._entry, held=held))
        if isinstance(step, Add) and (twice := doubled(told, step.part, step.value)):
            self._undo(step, *twice)

    def _undo(self, step: Add, first: int, ours: int) -> None:
        """Leave what a person had added in Aircall before, and take ours away."""
        contact = self._entry.aircall or 0
        self._send(lambda: self._aircall.remove(contact, step.part, ours))
        kept = [
            replace(one, id=first, ours=False) if one.id == ours else one
            for one in self._entry.held.details(step.part)
        ]
        self._keep(replace(self._entry, held=self._entry.held.with_details(step.part, kept)))

    def _sent(self, step: Step) -> AircallContact | None:
        contact = self._entry.aircall or 0
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
                self._keep(replace(self._entry, doubt=False))
            raise
