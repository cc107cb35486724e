"""Name the other party of an interaction, for titles and subjects."""

from __future__ import annotations

from rules.phones import country_of, parse_phone, unusable_because
from rules.records import Interaction, Message


def name_of(interaction: Interaction) -> str:
    """Return the name Aircall has of the other party, else the company's, else the phone.

    Who hides the phone is an anonymous caller; a group is named by its first members' phones.
    """
    if isinstance(interaction, Message) and interaction.group:
        return _several(tuple(phone_text(raw, interaction) for raw in interaction.participants))
    person = interaction.person
    name = (person.name or person.company) if person else ""
    return name or phone_text(interaction.phone, interaction)


def phone_text(raw: str | None, interaction: Interaction) -> str:
    """Return a phone as people read it, else as it was sent, else that it is hidden or unknown."""
    country = country_of(interaction.line)
    phone = parse_phone(raw, country)
    if phone is not None:
        return phone.pretty
    reason = unusable_because(raw, country)
    if reason == "anonymous":
        return "anonymous caller"
    return raw if raw and reason != "empty" else "unknown number"


def _several(names: tuple[str, ...]) -> str:
    if not names:
        return "a group"
    shown = ", ".join(names[:3])
    return f"{shown} and {len(names) - 3} more" if len(names) > 3 else shown
