"""Tell the story of one interaction, rule by rule: what is known, decided and done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import redis

from rules.plan import Decision, Record, Written
from rules.records import Call, Interaction
from store import keys
from store.connection import text
from store.directory import Account, DirectoryStore
from store.due import Due
from store.records import Ids, read_ids, read_record

RECORD_TYPES: Final = {
    "contacts": "0-1",
    "companies": "0-2",
    "tickets": "0-5",
    "calls": "0-48",
    "communications": "0-18",
}
"""HubSpot's numbers of object types, as its addresses name them."""
RULES: Final = ("hours", "contact", "outcome", "owner", "ticket")
"""The choices of a plan, in the order in which the rules make them."""

WAITING: Final[Mapping[str, str]] = {
    "hubspot": "waits for HubSpot",
    "aircall": "waits for Aircall",
    "disabled": "waits until the integration is enabled",
}
"""What it waits for, in words."""


@dataclass(frozen=True, slots=True)
class Story:
    """One interaction's story: as JSON-able values, and as lines for a person."""

    told: Mapping[str, Any]

    def lines(self) -> Iterator[str]:
        """Tell it to a person."""
        told = self.told
        yield f"{told['id']}: {told['result']}" + (f" ({told['reason']})" if told["reason"] else "")
        for label, value in (
            ("kind", told["kind"]),
            ("began", told["began"]),
            ("ended", told["ended"]),
            ("line", told["line"]),
            ("agent", told["agent"]),
            ("tags", ", ".join(told["tags"])),
            ("state", told["state"]),
            ("settings in force at arrival", _revision(told["revisions"]["accepted"])),
            ("settings it was planned by", _revision(told["revisions"]["planned"])),
            *told["choices"].items(),
            *((f"hubspot {what}", id_) for what, id_ in told["hubspot"].items()),
            *((f"link to {what}", link) for what, link in told["links"].items()),
            ("tries", str(told["tries"]) if told["tries"] else ""),
            ("decided", told["at"]),
        ):
            if value:
                yield f"  {label:<28} {value}"
        for note in told["notes"]:
            yield f"  {'note':<28} {note}"
        for error in told["errors"]:
            yield f"  {'HubSpot said':<28} {error}"


def explain(connection: redis.Redis, asked: str) -> Story | None:
    """Find an interaction by `4001`, `call-4001`, `message-<id>` or `group-<id>`; None if unknown.

    Raises redis-py's errors.
    """
    for id_ in possible_ids(asked):
        loaded = Due(connection).load([id_])[0]
        state = _state(connection, id_, len(loaded.events))
        if loaded.record or loaded.ids or loaded.events:
            account = DirectoryStore(connection).read().account or Account()
            record, ids = read_record(loaded.record), read_ids(loaded.ids)
            return Story(_told(id_, record, ids, state, account))
    return None


def possible_ids(asked: str) -> Sequence[str]:
    """Return the ids that a person may mean, likeliest first."""
    own = asked.strip().rstrip("/").rpartition("/")[2]
    if own.startswith(("call-", "message-", "group-")):
        return (own,)
    return tuple(f"{kind}-{own}" for kind in ("call", "message", "group"))


def _told(
    id_: str, record: Record, ids: Ids | None, state: str, account: Account
) -> Mapping[str, Any]:
    interaction = record.interaction
    decision = record.decision or Decision(_result(ids))
    hubspot = _hubspot(record.written, ids)
    return {
        "id": id_,
        "kind": decision.kind and str(decision.kind),
        "result": decision.result,
        "reason": decision.reason,
        "state": state,
        "revisions": {
            "accepted": decision.accepted_revision,
            "planned": decision.planned_revision,
        },
        "hubspot": hubspot,
        "choices": {rule: decision.choices[rule] for rule in RULES if rule in decision.choices},
        "notes": list(decision.notes),
        "errors": list(decision.errors),
        "tries": decision.tries,
        "at": moment(decision.at),
        **_facts(interaction),
        "links": dict(_links(record.written, ids, interaction, account)),
    }


def _result(ids: Ids | None) -> Any:  # noqa: ANN401  one of Decision's results, as the map kept it
    return ids.result if ids else "pending"


def _hubspot(written: Written | None, ids: Ids | None) -> Mapping[str, str | None]:
    if written is not None:
        contact = written.contacts[0] if written.contacts else None
        return {
            "activity": written.activity,
            "ticket": written.ticket,
            "contact": contact,
            "company": written.company,
        }
    if ids is not None:
        return {"activity": ids.activity, "ticket": ids.ticket, "contact": ids.contact}
    return {"activity": None, "ticket": None, "contact": None}


def _facts(interaction: Interaction | None) -> Mapping[str, Any]:
    if interaction is None:
        return {"began": "", "ended": "", "line": "", "agent": "", "tags": []}
    call = interaction if isinstance(interaction, Call) else None
    return {
        "began": moment(interaction.start * 1000),
        "ended": moment(call.finish * 1000) if call and call.ended_at else "",
        "line": interaction.line.name if interaction.line else "",
        "agent": interaction.agent.name if interaction.agent else "",
        "tags": [tag.name for tag in call.tags] if call else [],
    }


def _links(
    written: Written | None, ids: Ids | None, interaction: Interaction | None, account: Account
) -> Iterator[tuple[str, str]]:
    type_ = written.type if written else (ids.type if ids else "")
    records = _hubspot(written, ids)
    for what, object_type in (
        ("activity", type_),
        ("ticket", "tickets"),
        ("contact", "contacts"),
        ("company", "companies"),
    ):
        id_ = records.get(what)
        if id_ and account.portal_id:
            number = RECORD_TYPES[object_type]
            yield (
                what,
                f"https://{account.ui_domain}/contacts/{account.portal_id}/record/{number}/{id_}",
            )
    if isinstance(interaction, Call) and interaction.asset:
        yield "recording", interaction.asset


def _state(connection: redis.Redis, id_: str, events: int) -> str:
    """Say where it waits, if it does."""
    if connection.hget(keys.OWNER, id_):
        return "being worked on"
    for why in keys.WAITS_FOR:
        if connection.zscore(keys.parked(why), id_) is not None:
            words = WAITING[why]
            pause = connection.hget(keys.pause(why), "reason")
            return f"{words} ({text(pause)})" if pause else words
    due = connection.zscore(keys.DUE, id_)
    if due is not None:
        return f"due since {moment(int(due))}" if events else f"looked at {moment(int(due))}"
    if connection.zscore(keys.FAILURES, id_) is not None:
        return "among the failures: see python -m worker failures"
    return ""


def moment(ms: int) -> str:
    """Write a time (milliseconds) in ISO 8601, UTC; nothing for 0."""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="seconds") if ms else ""


def _revision(number: int | None) -> str:
    return "" if number is None else f"revision {number}"
