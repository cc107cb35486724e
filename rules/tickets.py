"""The HubSpot ticket of an interaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rules.kinds import Kind
from rules.records import Interaction
from rules.summaries import facts, heading, plain

SUBJECT_LIMIT: Final = 250
CONTENT_LIMIT: Final = 60_000


def ticket_properties(  # noqa: PLR0913  one keyword for each thing chosen elsewhere
    interaction: Interaction,
    kind: Kind,
    *,
    pipeline: str,
    stage: str,
    owner: str | None,
    who: str,
) -> Mapping[str, str]:
    """Return the complete properties of a new ticket; its content is plain text.

    `pipeline`, `stage` and `owner` are HubSpot ids, `who` names the other party.
    https://developers.hubspot.com/docs/api-reference/latest/crm/objects/tickets/guide
    """
    subject = plain(f"{heading(interaction, kind)} – {who}")[:SUBJECT_LIMIT]
    if kind is Kind.INBOUND_VOICEMAIL:
        subject += " (voicemail)"
    properties = {
        "subject": subject,
        "content": _content(interaction, kind),
        "hs_pipeline": pipeline,
        "hs_pipeline_stage": stage,
        "hubspot_owner_id": owner,
        "source_type": "PHONE",
        "aircall_id": interaction.id,
    }
    return {name: value for name, value in properties.items() if value}


def _content(interaction: Interaction, kind: Kind) -> str:
    *told, last = facts(interaction, kind)
    lines = [heading(interaction, kind)]
    for fact in told:
        text = fact.link or fact.text
        lines.append(f"{fact.label}: {text}" if fact.label else text)
    room = CONTENT_LIMIT - len(last.text) - 2
    summary = plain("\n".join(lines))
    if len(summary) > room:
        summary = f"{summary[:room]}…"
    return f"{summary}\n{last.text}"
