"""What is to be written of one interaction, and what changed since: frozen values, no writing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from rules.activities import appended
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
    ticket_refused: bool = False
    contacts: tuple[str, ...] = ()
    company: str | None = None
    contact_owner: str | None = None

    def holds(self, name: str, value: str | None) -> bool:
        """Tell whether HubSpot's `value` of a property is the one we wrote."""
        ours = self.answered.get(name, self.properties.get(name, ""))
        return (value or "") == ours


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
    """What a later event changes: properties of the activity, and the ticket's stage."""

    properties: Mapping[str, str]
    ticket: Mapping[str, str] = field(default_factory=dict)
    """Pipeline and stage to move our ticket to; empty leaves it where it is."""


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


def change(
    plan: Plan, written: Written, current: Mapping[str, str | None], current_stage: str | None
) -> Change:
    """Return what may be sent, given what HubSpot holds now.

    A guarded property is left alone when a person changed it; a body that a person edited gets
    our new lines at its end. `current_stage` is the ticket's, None if there is no ticket of ours.
    """
    properties: dict[str, str] = {}
    for name, value in wanted(plan, written).items():
        if name not in GUARDED or written.holds(name, current.get(name)):
            properties[name] = value
        elif name in BODIES:
            now = current.get(name) or ""
            longer = appended(now, written.properties.get(name, ""), value)
            if longer != now:
                properties[name] = longer
    return Change(properties, _moved(plan, written, current_stage))


def _moved(plan: Plan, written: Written, current_stage: str | None) -> Mapping[str, str]:
    """Return where our ticket moves to: only if the kind changed and nobody else moved it."""
    if plan.kind == written.kind or plan.ticket is None or current_stage is None:
        return {}
    if not current_stage == written.stage != plan.ticket["hs_pipeline_stage"]:
        return {}
    # The pipeline as well: admins may have chosen another one since the ticket was made.
    return {name: plan.ticket[name] for name in ("hs_pipeline", "hs_pipeline_stage")}


def as_marked(
    written: Written, mark: Mark, current: Mapping[str, str | None], current_stage: str | None
) -> Written:
    """Reckon with a former try that may have sent its change: what HubSpot holds now tells.

    A guarded property that holds what the try sent counts as planned then: a body to which our
    lines were only added stays a person's. What is not guarded counts as not written, so that it
    is sent again.
    """
    if mark.change is None:
        return written
    properties = dict(written.properties)
    answered = dict(written.answered)
    for name, text in mark.change.properties.items():
        if name not in GUARDED:
            properties.pop(name, None)
        elif (current.get(name) or "") == text:
            properties[name] = mark.plan.properties.get(name, "")
            answered.pop(name, None)
    stage = mark.change.ticket.get("hs_pipeline_stage")
    moved = stage is not None and current_stage == stage
    return replace(
        written,
        properties=properties,
        answered=answered,
        stage=stage if moved else written.stage,
    )


def needs_ticket(plan: Plan, written: Written) -> bool:
    """Tell whether a later event makes a ticket: the new kind has a stage and there is none yet.

    A ticket that HubSpot refused is tried again; one that its kind did not have at first is not
    made by a tag that comes years later.
    """
    if plan.ticket is None or written.ticket is not None:
        return False
    return written.ticket_refused or plan.kind != written.kind
