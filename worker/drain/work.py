"""One interaction on its way through a batch: what was loaded, is planned, and became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from redis.exceptions import RedisError
from rq.timeouts import BaseTimeoutException

from clients.errors import Rejected, Unavailable
from clients.hubspot.records import Record as HubSpotRecord
from rules.kinds import Kind
from rules.plan import GUARDED, Change, Mark, Plan, Record, Written
from rules.records import Interaction
from store.due import LeaseLostError, Loaded, Settled
from store.records import Ids

NOBODYS_FAULT: Final = (RedisError, LeaseLostError, Unavailable, BaseTimeoutException)
"""What may come up while one interaction is worked on, and is not to be blamed on it: RQ's timeout
falls between any two instructions."""
ANEW: Final = "the contact was deleted in HubSpot: planned once more"
WITHOUT: Final = "the contact was deleted in HubSpot: logged without one"
SPOKEN: Final[Mapping[str, str]] = {
    "calls": "call",
    "communications": "message",
    "tickets": "ticket",
}
"""How a note names one record of each of HubSpot's types."""


@dataclass(slots=True)
class Work:
    """Filled step by step; a step that ends it sets `settled`."""

    id: str
    loaded: Loaded
    record: Record
    ids: Ids | None
    mark: Mark | None
    interaction: Interaction
    kind: Kind
    eaten: int
    plan: Plan | None = None
    change: Change | None = None
    written: Written | None = None
    contacts: tuple[str, ...] = ()
    company: str | None = None
    ticket_missing: bool = False
    ticket_unmoved: bool = False
    """HubSpot refused to move the ticket to the stage of the new kind."""
    owner_refused: bool = False
    change_refused: bool = False
    """HubSpot refused the later change of the activity."""
    failed: bool = False
    """The activity itself could not be written."""
    again: bool = False
    """There are newer facts than those of the plan: look once more."""
    anew: bool = False
    """The contact of its plan is gone and nothing was written: it is planned once more."""
    notes: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    settled: Settled | None = None
    before: Written | None = field(init=False, default=None)
    """What was written before this batch."""

    def __post_init__(self) -> None:
        """Remember where it began."""
        self.before = self.written

    def start_over(self, mark: Mark | None) -> None:
        """Forget this batch's steps; with `mark`, some of its plan may have been written by now."""
        self.mark = mark or self.mark
        self.plan = self.change = None
        self.written, self.contacts, self.company = self.before, (), None
        self.ticket_missing = self.ticket_unmoved = self.owner_refused = False
        self.change_refused = self.failed = self.again = self.anew = False
        self.notes.clear()
        self.errors.clear()

    @property
    def verify(self) -> bool:
        """Whether a former try may have written some of the plan."""
        return self.mark is not None

    @property
    def troubled(self) -> bool:
        """Whether a person must look at it: it stands among the failures."""
        refused = self.written is not None and self.written.ticket_refused
        return self.failed or refused or self.change_refused or self.ticket_unmoved

    @property
    def planned_anew(self) -> bool:
        """Whether the contact of its former plan was gone."""
        before = self.record.decision
        return before is not None and before.reason == ANEW

    def tell_contact(self, words: str) -> None:
        """Say of its contact what really came to be, in place of what was planned."""
        self.plan = replace(self.plan_, choices={**self.plan_.choices, "contact": words})

    def blame(self, refusal: Rejected) -> None:
        """Keep the vendor's own words, with the scopes it misses; ours where it had none."""
        scopes = ", ".join(refusal.scopes)
        missing = f"(missing scopes: {scopes})" if scopes else ""
        if refusal.message:
            self.errors.append(f"{refusal.message} {missing}".rstrip())
        else:
            self.notes.append(f"{refusal.sentence} {missing}".rstrip())

    @property
    def plan_(self) -> Plan:
        """The plan, once there is one."""
        if self.plan is None:
            raise RuntimeError(f"{self.id} has no plan yet")
        return self.plan

    @property
    def written_(self) -> Written:
        """What was written, once it was."""
        if self.written is None:
            raise RuntimeError(f"{self.id} was not written yet")
        return self.written


def sent(written: Written, properties: Mapping[str, str], answer: HubSpotRecord) -> Written:
    """Note what was just sent of the activity, and where HubSpot's answer differs from it."""
    answered = {name: text for name, text in written.answered.items() if name not in properties}
    for name in GUARDED & properties.keys():
        text = answer.properties.get(name, properties[name]) or ""
        if text != properties[name]:
            answered[name] = text
    return replace(written, properties={**written.properties, **properties}, answered=answered)
