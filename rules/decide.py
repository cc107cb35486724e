"""Decide what one interaction becomes in HubSpot: from facts to a frozen plan, touching nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from rules.activities import call_properties, message_properties
from rules.contacts import ContactChoice, new_contact, reduced_contact
from rules.hours import Hours
from rules.kinds import Kind, stage_setting
from rules.outcomes import OutcomeChoice, outcome_of
from rules.owners import Owners, owner_of, takes_contact_owner
from rules.parties import Party
from rules.plan import NewContact, Plan
from rules.records import Call, Interaction, Message
from rules.settings import Settings
from rules.tickets import ticket_properties
from rules.who import name_of


@dataclass(frozen=True, slots=True)
class World:
    """What the rules need to know besides the interaction itself."""

    settings: Settings
    revision: int
    owners: Owners
    outcomes: Mapping[str, str]
    """The portal's call outcomes, GUID -> label."""
    unique: Mapping[str, bool]
    """Object type -> whether the portal let us make our unique property there."""
    new_contact_last_name: str = "Aircall new contact"


@dataclass(frozen=True, slots=True)
class Others:
    """Who was found for the outside parties, in their order."""

    parties: tuple[Party, ...]
    contacts: tuple[ContactChoice, ...]
    companies: tuple[ContactChoice | None, ...]


def decide(  # noqa: PLR0913, PLR0917 - the facts of the rules, each of another kind
    id_: str, interaction: Interaction, kind: Kind, others: Others, hours: Hours, world: World
) -> Plan:
    """Return the complete plan of an interaction that is to be written.

    `id_` is `call-4001`. The contact's owner counts only for missed calls and inbound messages
    that no agent had.
    """
    settings = world.settings
    if kind.missed:
        # Nobody took it: the agent that older events tell of is one whose phone only rang.
        interaction = replace(interaction, agent=None)
    first = next((each for each in others.contacts if each.id), ContactChoice())
    agent = interaction.agent.email if interaction.agent else None
    theirs = first.owner if takes_contact_owner(interaction, kind) else None
    owner = owner_of(agent, theirs, world.owners, settings.fallback_owner)
    new = _new_contact(interaction, others, world)
    outcome = _outcome(interaction, kind, world)
    if isinstance(interaction, Call):
        properties = call_properties(
            interaction,
            kind,
            disposition=outcome.disposition,
            owner=owner.id,
            integration=settings.name,
        )
    else:
        properties = message_properties(
            interaction, kind, owner=owner.id, integration=settings.name
        )
    stage = getattr(settings.tickets.stages, stage_setting(kind))
    ticket = None
    if settings.tickets.pipeline and stage:
        ticket = ticket_properties(
            interaction,
            kind,
            pipeline=settings.tickets.pipeline,
            stage=stage,
            owner=owner.id,
            who=name_of(interaction),
        )
    contacts = tuple(dict.fromkeys(each.id for each in others.contacts if each.id))
    companies = [first.company, *(each.id for each in others.companies if each)]
    plan = Plan(
        id=id_,
        kind=kind,
        type="calls" if isinstance(interaction, Call) else "communications",
        properties=properties,
        ticket=ticket,
        contacts=contacts,
        new_contact=new,
        company=next(filter(None, companies), None),
        contact_owner=first.owner,
        choices={
            "contact": _contact_in_words(interaction, others, new, settings),
            "outcome": outcome.because,
            "owner": owner.because,
            "ticket": _ticket_in_words(settings, stage),
            "hours": hours.because,
        },
        revision=world.revision,
    )
    return without_keys(plan, world.unique)


def without_keys(plan: Plan, unique: Mapping[str, bool]) -> Plan:
    """Leave out our unique properties where the portal does not have them."""

    def kept(object_type: str, properties: Mapping[str, str]) -> Mapping[str, str]:
        if unique.get(object_type):
            return properties
        ours = ("aircall_id", "aircall_phone")
        return {name: text for name, text in properties.items() if name not in ours}

    new = plan.new_contact
    return replace(
        plan,
        properties=kept(plan.type, plan.properties),
        ticket=None if plan.ticket is None else kept("tickets", plan.ticket),
        new_contact=new
        and replace(
            new,
            properties=kept("contacts", new.properties),
            reduced=kept("contacts", new.reduced),
        ),
    )


def _new_contact(interaction: Interaction, others: Others, world: World) -> NewContact | None:
    """A contact for the one unknown partner; never for a group, a company's or a hidden phone."""
    in_group = isinstance(interaction, Message) and interaction.group
    if not world.settings.create_contacts or in_group or not others.parties:
        return None
    party, found, company = others.parties[0], others.contacts[0], others.companies[0]
    if found.id or (company and company.id) or party.never or party.phone is None:
        return None
    agent = interaction.agent.email if interaction.agent else None
    owner = owner_of(agent, None, world.owners, world.settings.fallback_owner)
    full = new_contact(interaction.person, party.phone, owner.id, world.new_contact_last_name)
    return NewContact(party.phone.e164, full, reduced_contact(full))


def _outcome(interaction: Interaction, kind: Kind, world: World) -> OutcomeChoice:
    return outcome_of(
        kind,
        interaction.tags if isinstance(interaction, Call) else (),
        world.settings.outcomes.model_dump(),
        world.settings.tag_outcomes,
        world.outcomes,
    )


def _ticket_in_words(settings: Settings, stage: str | None) -> str:
    if not stage:
        return "no ticket for this kind"
    chosen = settings.tickets.pipeline
    return "the kind has a stage" if chosen else "no ticket, as no pipeline is chosen"


def _contact_in_words(
    interaction: Interaction, others: Others, new: NewContact | None, settings: Settings
) -> str:
    if not others.parties:
        return "nobody outside took part"
    if isinstance(interaction, Message) and interaction.group:
        found_ones = sum(each.id is not None for each in others.contacts)
        return f"{found_ones} of {len(others.parties)} participants found; none is made of a group"
    party, found, company = others.parties[0], others.contacts[0], others.companies[0]
    if found.id:
        return found.because
    if company and company.id:
        return "a company has this phone: no contact is made"
    if new:
        return "unknown phone: a contact is made"
    if party.never:
        return f"no contact is made of: {party.never}"
    return "unknown phone; making contacts is " + ("on" if settings.create_contacts else "off")
