"""What a later event changes in HubSpot: only what differs, and only what no person changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from rules.activities import appended
from rules.plan import (
    BODIES,
    GUARDED,
    STAGE,
    TICKET_TEXTS,
    Change,
    Mark,
    Plan,
    Written,
    digest,
    wanted,
)

IN_WORDS: Final[Mapping[str, str]] = {
    "hubspot_owner_id": "owner",
    "hs_call_disposition": "outcome",
    "hs_call_title": "title",
    "hs_call_body": "text",
    "hs_communication_body": "text",
    STAGE: "ticket's stage",
    "subject": "ticket's subject",
    "content": "ticket's text",
}
"""How a person calls the properties that we leave to people once they changed them."""

Held = Mapping[str, str | None]
"""Properties of a record as HubSpot holds them now."""


def change(plan: Plan, written: Written, current: Held, ticket: Held | None) -> Change:
    """Return what may be sent, given what HubSpot holds now.

    A guarded property is left alone when a person changed it; a body that a person edited gets
    our new lines at its end. `ticket` is None if there is no ticket of ours, or it need not change.
    """
    properties: dict[str, str] = {}
    planned = wanted(plan, written)
    for name, value in planned.items():
        if name not in GUARDED or written.holds(name, current.get(name)):
            properties[name] = value
        elif name in BODIES:
            # Half a sign (a lone surrogate), by another program, can be neither kept nor sent.
            now = (current.get(name) or "").encode(errors="ignore").decode()
            longer = appended(now, written.properties.get(name, ""), value)
            if longer != now:
                properties[name] = longer
    # Where we do not remember what we wrote, nobody can tell who changed it.
    kept = [
        name
        for name, value in planned.items()
        if written.properties and name not in properties and (current.get(name) or "") != value
    ]
    if plan.kind == written.kind or plan.ticket is None or ticket is None:
        return Change(properties, kept=tuple(kept))
    told, theirs = _ticket_change(plan.ticket, written, ticket)
    return Change(properties, told, (*kept, *theirs))


def _ticket_change(
    planned: Mapping[str, str], written: Written, current: Held
) -> tuple[Mapping[str, str], list[str]]:
    """Return what our ticket becomes with its new kind, and what of it a person keeps."""
    ours: dict[str, str | None] = {name: written.ticket_texts.get(name) for name in TICKET_TEXTS}
    held: dict[str, str | None] = {name: digest(current.get(name)) for name in TICKET_TEXTS}
    ours[STAGE], held[STAGE] = written.stage, current.get(STAGE)
    differing = [name for name in ours if ours[name] and (current.get(name) or "") != planned[name]]
    told = {name: planned[name] for name in differing if held[name] == ours[name]}
    if STAGE in told:
        # The pipeline as well: admins may have chosen another one since the ticket was made.
        told["hs_pipeline"] = planned["hs_pipeline"]
    return told, [name for name in differing if name not in told]


def as_marked(written: Written, mark: Mark, current: Held, ticket: Held | None) -> Written:
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
    told = {n: text for n, text in mark.change.ticket.items() if (ticket or {}).get(n) == text}
    texts: dict[str, str] = {n: digest(told[n]) for n in TICKET_TEXTS if n in told}
    return replace(
        written,
        properties=properties,
        answered=answered,
        stage=told.get(STAGE, written.stage),
        ticket_texts={**written.ticket_texts, **texts},
    )


def kept_in_words(change: Change) -> tuple[str, ...]:
    """Say of each property that a person changed that we left it alone."""
    words = dict.fromkeys(IN_WORDS[name] for name in change.kept)
    return tuple(f"a person changed the {each}, it was left alone" for each in words)
