"""Who is on the other end of an interaction, and whether a contact may be made of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from rules.contacts import OUR_OWN, no_contact_because
from rules.phones import Phone, country_of, parse_phone
from rules.records import Call, Interaction, Message

MOST_PHONES: Final = 10
"""Participants of a group by whose phones it is found."""


@dataclass(frozen=True, slots=True)
class Party:
    """One outside party: the phone as sent and as parsed, and the e-mails Aircall has of them."""

    raw: str
    phone: Phone | None
    country: str | None
    """Of the line, for phones written without a country code."""
    emails: tuple[str, ...] = ()
    never: str = ""
    """Why no contact is ever made of them (`anonymous`, `one of our own numbers` ...)."""


def parties_of(interaction: Interaction, our_lines: Collection[str]) -> tuple[Party, ...]:
    """Return the other party, or each outside participant of a group.

    `our_lines` are our own numbers in E.164.
    """
    line = interaction.line
    country = country_of(line)
    lines = {*our_lines, line.digits} if line and line.digits else set(our_lines)
    emails = tuple(dict.fromkeys(interaction.person.emails)) if interaction.person else ()
    if isinstance(interaction, Call) or not interaction.group:
        return (_party(interaction.phone or "", country, emails, lines),)
    others = (_party(raw, country, (), lines) for raw in dict.fromkeys(interaction.participants))
    return tuple(each for each in others if each.never != OUR_OWN)


def phones_of(interaction: Interaction) -> tuple[str, ...]:
    """Return the phones (E.164) by which an interaction is looked for; of a group, the first ten.

    Without repetition; none where the other party hid theirs.
    """
    raws: tuple[str | None, ...] = (interaction.phone,)
    if isinstance(interaction, Message) and interaction.group:
        raws = interaction.participants
    country = country_of(interaction.line)
    phones = (parse_phone(raw, country) for raw in raws[:MOST_PHONES])
    return tuple(dict.fromkeys(each.e164 for each in phones if each))


def _party(
    raw: str, country: str | None, emails: tuple[str, ...], our_lines: Collection[str]
) -> Party:
    phone = parse_phone(raw, country)
    never = no_contact_because(raw, phone, our_lines, country)
    return Party(raw, phone, country, emails, never or "")
