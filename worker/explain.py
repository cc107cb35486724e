"""Tell the story of one interaction, rule by rule: what is known, decided and done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import redis

from rules.records import Call, Interaction
from worker.cases import Case, case_of, moment
from worker.finding import find_here

SOURCES: Final[Mapping[str, str]] = {
    "gap": "found by comparing with Aircall's list of calls",
    "backfill": "brought by a backfill",
    "api": "fetched from Aircall, for its end was not told",
}
"""How an interaction came that was not simply delivered."""
TICKETS: Final[Mapping[str, str]] = {
    "left out": "its pipeline or stage was missing: can be made once its kind has one again",
    "asked for": "an admin asked for it: it is being made",
}
"""What is said of a ticket that was left out."""
RULES: Final = ("hours", "contact", "outcome", "owner", "ticket")
"""The choices of a plan, in the order in which the rules make them."""


@dataclass(frozen=True, slots=True)
class Story:
    """One interaction's story: as JSON-able values, and as lines for a person."""

    told: Mapping[str, Any]

    def lines(self) -> Iterator[str]:
        """Tell it to a person."""
        told = self.told
        yield f"{told['id']}: {told['result']}" + (f" ({told['reason']})" if told["reason"] else "")
        gone = told["dismissed"]
        for label, value in (
            ("kind", told["kind"]),
            ("began", told["began"]),
            ("ended", told["ended"]),
            ("line", told["line"]),
            ("agent", told["agent"]),
            ("tags", ", ".join(told["tags"])),
            ("came", SOURCES.get(told["source"], "")),
            ("state", told["state"]),
            ("left-out ticket", TICKETS.get(told["left_out_ticket"], "")),
            ("settings in force at arrival", _revision(told["revisions"]["accepted"])),
            ("settings it was planned by", _revision(told["revisions"]["planned"])),
            *told["choices"].items(),
            *((f"hubspot {what}", id_) for what, id_ in told["hubspot"].items()),
            *((f"link to {what}", link) for what, link in told["links"].items()),
            ("tries", str(told["tries"]) if told["tries"] else ""),
            ("decided", told["at"]),
            ("dismissed", f"by {gone['name'] or gone['by']}: {gone['reason']}" if gone else ""),
        ):
            if value:
                yield f"  {label:<28} {value}"
        for note in told["notes"]:
            yield f"  {'note':<28} {note}"
        for error in told["errors"]:
            yield f"  {'HubSpot said':<28} {error}"


def story_of(connection: redis.Redis, id_: str) -> Story | None:
    """Tell of `call-4001`; None if nothing is known of it. Raises redis-py's errors."""
    case = case_of(connection, id_)
    return Story(_told(case)) if case else None


def explain(connection: redis.Redis, asked: str) -> Story | None:
    """Tell of what is meant by an id, a link to it or a phone, the newest if there are several.

    None if our store knows nothing of it. Raises redis-py's errors.
    """
    ids = find_here(connection, asked).ids
    return story_of(connection, ids[0]) if ids else None


def _told(case: Case) -> Mapping[str, Any]:
    decision = case.decision
    return {
        "id": case.id,
        "kind": decision.kind and str(decision.kind),
        "result": decision.result,
        "reason": decision.reason,
        "state": case.state.in_words(),
        "left_out_ticket": case.ticket,
        "revisions": {
            "accepted": decision.accepted_revision,
            "planned": decision.planned_revision,
        },
        "hubspot": case.hubspot,
        "choices": {rule: decision.choices[rule] for rule in RULES if rule in decision.choices},
        "notes": list(decision.notes),
        "errors": list(decision.errors),
        "tries": decision.tries,
        "at": moment(decision.at),
        "dismissed": asdict(decision.dismissed) if decision.dismissed else None,
        **_facts(case.record.interaction),
        "links": case.links,
    }


def _facts(interaction: Interaction | None) -> Mapping[str, Any]:
    if interaction is None:
        return {"began": "", "ended": "", "line": "", "agent": "", "tags": [], "source": ""}
    call = interaction if isinstance(interaction, Call) else None
    return {
        "began": moment(interaction.start * 1000),
        "ended": moment(call.finish * 1000) if call and call.ended_at else "",
        "line": interaction.line.name if interaction.line else "",
        "agent": interaction.agent.name if interaction.agent else "",
        "tags": [tag.name for tag in call.tags] if call else [],
        "source": interaction.accepted.source if interaction.accepted else "",
    }


def _revision(number: int | None) -> str:
    return "" if number is None else f"revision {number}"
