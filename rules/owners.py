"""Whose a record becomes in HubSpot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rules.kinds import Kind
from rules.records import Interaction


@dataclass(frozen=True, slots=True)
class Owner:
    """A HubSpot owner; HubSpot refuses to assign anything to one that is not active."""

    id: str
    email: str
    name: str
    active: bool


@dataclass(frozen=True, slots=True)
class Owners:
    """All HubSpot owners, ready to be looked up; empty means that they are not known yet."""

    by_id: Mapping[str, Owner] = field(default_factory=dict)
    by_email: Mapping[str, Owner] = field(default_factory=dict)
    """By case-folded e-mail; an active owner outranks a deactivated one of the same e-mail."""


@dataclass(frozen=True, slots=True)
class OwnerChoice:
    """The owner's id for `hubspot_owner_id`, and why; None leaves it with nobody."""

    id: str | None
    because: str


def owners_by(owners: Iterable[Owner]) -> Owners:
    """Index the owners once, for many look-ups."""
    ordered = sorted(owners, key=lambda owner: (owner.active, owner.id))
    return Owners(
        by_id={owner.id: owner for owner in ordered},
        by_email={owner.email.casefold(): owner for owner in ordered if owner.email},
    )


def takes_contact_owner(interaction: Interaction, kind: Kind) -> bool:
    """Tell whether the contact's owner may step in: a missed call or inbound message, no agent."""
    return interaction.agent is None and (kind.missed or kind is Kind.INBOUND_MESSAGE)


def owner_of(
    agent_email: str | None,
    contact_owner: str | None,
    owners: Owners,
    fallback: str | None,
) -> OwnerChoice:
    """Choose the agent's owner, else the contact's, else the fallback owner, else nobody.

    `contact_owner` is the contact's owner id where `takes_contact_owner`, else None (a new contact
    never has one). Only active owners count; a fallback owner is trusted while none are known.
    """
    agent = owners.by_email.get((agent_email or "").casefold())
    if agent is not None and agent.active:
        return OwnerChoice(agent.id, "the agent's e-mail")
    missing = [_missing(agent_email, agent)]
    if contact_owner:
        if _is_active(contact_owner, owners):
            return OwnerChoice(contact_owner, _because("the contact's owner", *missing))
        missing.append("the contact's owner is not active")
    if not fallback:
        return OwnerChoice(None, _because("nobody", *missing, "there is no fallback owner"))
    if owners.by_id and not _is_active(fallback, owners):
        return OwnerChoice(None, _because("nobody", *missing, "the fallback owner is not active"))
    return OwnerChoice(fallback, _because("the fallback owner", *missing))


def _is_active(owner_id: str, owners: Owners) -> bool:
    owner = owners.by_id.get(owner_id)
    return owner is not None and owner.active


def _because(*parts: str) -> str:
    """Say a choice and its reasons; each part can be said in another language by itself."""
    return "; ".join(parts)


def _missing(agent_email: str | None, agent: Owner | None) -> str:
    if not agent_email:
        return "there is no agent"
    return "the agent's owner is not active" if agent else "no owner has the agent's e-mail"
