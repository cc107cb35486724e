"""What is to be written of one interaction, and what changed since: frozen values, no writing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final, Literal

from rules.kinds import Kind
from rules.records import Call, Interaction, Message

ObjectType = Literal["calls", "communications"]

GUARDED: Final = frozenset(
    {
        "hubspot_owner_id",
        "hs_call_disposition",
        "hs_call_title",
        "hs_call_body",
        "hs_communication_body",
    }
)
"""Properties that people edit: changed by us only while HubSpot holds what we wrote."""
BODIES: Final = frozenset({"hs_call_body", "hs_communication_body"})
STAGE: Final = "hs_pipeline_stage"
TICKET_TEXTS: Final = ("subject", "content")
"""What a ticket says; it follows a change of kind while HubSpot holds what we wrote."""


@dataclass(frozen=True, slots=True)
class NewContact:
    """A contact to make for an unknown phone (E.164), and the plainest form HubSpot must take."""

    phone: str
    properties: Mapping[str, str]
    reduced: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that one interaction becomes in HubSpot, complete."""

    id: str
    """`call-4001`: the value of the unique property `aircall_id` as well."""
    kind: Kind
    type: ObjectType
    properties: Mapping[str, str]
    ticket: Mapping[str, str] | None = None
    contacts: tuple[str, ...] = ()
    """HubSpot ids of the contacts that it is linked with."""
    new_contact: NewContact | None = None
    company: str | None = None
    contact_owner: str | None = None
    """The contact's owner, who steps in where no agent was."""
    choices: Mapping[str, str] = field(default_factory=dict)
    """Why: `contact`, `outcome`, `owner`, `ticket`, `hours`, each one sentence."""
    revision: int = 0
    """The settings revision that planned it."""


@dataclass(frozen=True, slots=True)
class Written:
    """What HubSpot holds of one interaction by our hand."""

    type: ObjectType
    kind: Kind
    activity: str | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    """As we sent them."""
    answered: Mapping[str, str] = field(default_factory=dict)
    """Where HubSpot's answer differed from what we sent."""
    deleted: bool = False
    """A person deleted the activity: it is never made again."""
    ticket: str | None = None
    stage: str | None = None
    """The ticket's stage as we set it last."""
    ticket_texts: Mapping[str, str] = field(default_factory=dict)
    """Digest of each of `TICKET_TEXTS` as HubSpot holds it by our hand; none where unknown."""
    ticket_refused: bool = False
    ticket_left_out: bool = False
    """What its ticket needed was missing in HubSpot; made later only if an admin asks for it."""
    ticket_deleted: bool = False
    """A person deleted the ticket: it is never made again."""
    contacts: tuple[str, ...] = ()
    company: str | None = None
    contact_owner: str | None = None

    def holds(self, name: str, value: str | None) -> bool:
        """Tell whether HubSpot's `value` of a property is the one we wrote."""
        ours = self.answered.get(name, self.properties.get(name, ""))
        return (value or "") == ours


@dataclass(frozen=True, slots=True)
class Dismissal:
    """An admin's word that a failure is not to be tried again, and why."""

    by: str
    """Slack id, or the name of a shell's user."""
    name: str
    reason: str
    at: int
    """Milliseconds since 1970."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What the rules said of one interaction, with the reasons; read back by `explain`."""

    result: Literal["logged", "ignored", "failed", "pending"]
    reason: str = ""
    kind: Kind | None = None
    accepted_revision: int | None = None
    planned_revision: int | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    """What went differently from the plan, in words."""
    errors: tuple[str, ...] = ()
    """The vendor's own words."""
    tries: int = 0
    at: int = 0
    """Milliseconds since 1970."""
    dismissed: Dismissal | None = None
    """Of a failure that was given up; the next decision knows nothing of it."""


@dataclass(frozen=True, slots=True)
class Record:
    """All that is kept of one interaction: facts, what was written, what was decided."""

    call: Call | None = None
    message: Message | None = None
    written: Written | None = None
    decision: Decision | None = None

    @property
    def interaction(self) -> Interaction | None:
        """The call or the message, whichever it is."""
        return self.call or self.message


@dataclass(frozen=True, slots=True)
class Change:
    """What a later event changes: properties of the activity and of its ticket."""

    properties: Mapping[str, str]
    ticket: Mapping[str, str] = field(default_factory=dict)
    """Pipeline and stage to move our ticket to, and what it says now; empty leaves it alone."""
    kept: tuple[str, ...] = ()
    """Properties that stay other than planned, because a person changed them."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Noted before the first write: what may have reached HubSpot if we die now."""

    plan: Plan
    change: Change | None = None
    """None: the activity itself is being created."""
    written: Written | None = None
    """What HubSpot held by our hand before this change, as far as a former try was understood."""
    at: int = 0
    """Milliseconds since 1970."""


def wanted(plan: Plan, written: Written) -> Mapping[str, str]:
    """Return the properties whose planned value differs from what we last wrote.

    A planned None clears an outcome; an owner is never cleared by a later event.
    """
    changed = {
        name: value
        for name, value in plan.properties.items()
        if written.properties.get(name) != value
    }
    if (
        written.properties.get("hs_call_disposition")
        and "hs_call_disposition" not in plan.properties
    ):
        changed["hs_call_disposition"] = ""
    return changed


def needs_ticket(plan: Plan, written: Written, *, wanted: bool = False) -> bool:
    """Tell whether a later event makes a ticket: the new kind has a stage and there is none yet.

    A ticket that HubSpot refused is tried again; one that its kind did not have at first is not
    made by a tag that comes years later. `wanted` is one that was left out and an admin asks for.
    """
    if plan.ticket is None or written.ticket is not None or written.ticket_deleted:
        return False
    return wanted or written.ticket_refused or plan.kind != written.kind


def digest(text: str | None) -> str:
    """Return what is remembered of a text in place of the text itself."""
    # HubSpot may hold half a sign (a lone surrogate) that another program wrote.
    return blake2b((text or "").encode(errors="surrogatepass"), digest_size=8).hexdigest()
