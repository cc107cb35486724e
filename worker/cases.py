"""All that is known of one interaction: its record, where it waits, and links to what it became."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

import redis

from rules.plan import Decision, Record, Written
from rules.records import Call
from store import keys
from store.backfills import Backfill, Backfills
from store.connection import now_ms, text
from store.directory import Account, DirectoryStore
from store.due import Due, Loaded
from store.left_out import is_left_out
from store.records import DamagedError, Ids, read_ids, read_record
from worker.meaning import RECORD_TYPES

WAITING: Final[Mapping[str, str]] = {
    "hubspot": "waits for HubSpot",
    "aircall": "waits for Aircall",
    "disabled": "waits until the integration is enabled",
}
"""What it waits for, in words."""

Place = Literal[
    "", "worked", "hubspot", "aircall", "disabled", "due", "later", "failed", "dismissed"
]


@dataclass(frozen=True, slots=True)
class State:
    """Where an interaction is in our work: settled (nothing), or waiting, or given up."""

    place: Place = ""
    at: int = 0
    """Since when it is there; of `later`, when it is looked at next (ms)."""
    reason: str = ""
    """Why its vendor is paused, in a word."""

    def in_words(self) -> str:
        """Say it to a person at a shell."""
        match self.place:
            case "worked":
                return "being worked on"
            case "hubspot" | "aircall" | "disabled":
                words = WAITING[self.place]
                return f"{words} ({self.reason})" if self.reason else words
            case "due":
                return f"due since {moment(self.at)}"
            case "later":
                return f"looked at {moment(self.at)}"
            case "failed":
                return "among the failures: see python -m worker failures"
            case "dismissed":
                return "given up by an admin"
            case _:
                return ""


@dataclass(frozen=True, slots=True)
class Case:
    """All that is known of one interaction."""

    id: str
    record: Record
    ids: Ids | None
    state: State
    account: Account
    unread: int = 0
    """Events that arrived and were not looked at yet."""
    ticket: Literal["", "left out", "asked for"] = ""
    """Whether its ticket was left out, and whether an admin asks for it since."""
    backfill: Backfill | None = None
    """What brought it, where somebody had its time logged on purpose."""

    @property
    def decision(self) -> Decision:
        """What was decided; where the record has expired, what the map of ids remembers."""
        return self.record.decision or Decision(_result(self.ids))

    @property
    def hubspot(self) -> Mapping[str, str | None]:
        """HubSpot's ids by what they are: activity, ticket, contact, company."""
        return _hubspot(self.record.written, self.ids)

    @property
    def links(self) -> Mapping[str, str]:
        """Addresses that a person can open, by what is there."""
        return dict(_links(self))


def case_of(connection: redis.Redis, id_: str) -> Case | None:
    """Read all that is known of `call-4001`; None if nothing is. Raises redis-py's errors."""
    (loaded,) = Due(connection).load([id_])
    return _case(connection, loaded, DirectoryStore(connection).read().account or Account())


def _case(connection: redis.Redis, loaded: Loaded, account: Account) -> Case | None:
    if not (loaded.record or loaded.ids or loaded.events):
        return None
    try:
        record, ids = read_record(loaded.record), read_ids(loaded.ids, loaded.id)
    except DamagedError as error:
        record, ids = Record(decision=Decision("pending", str(error))), None
    unread = len(loaded.events)
    state = _state(connection, loaded.id, unread)
    out, wanted = is_left_out(connection, loaded.id)
    ticket = _ticket(out=out, wanted=wanted)
    backfilled = record.interaction.backfilled if record.interaction else None
    backfill = Backfills(connection).at(backfilled.at) if backfilled else None
    return Case(loaded.id, record, ids, state, account, unread, ticket, backfill)


def _ticket(*, out: bool, wanted: bool) -> Literal["", "left out", "asked for"]:
    if not out:
        return ""
    return "asked for" if wanted else "left out"


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


def _links(case: Case) -> Iterator[tuple[str, str]]:
    written, ids, account = case.record.written, case.ids, case.account
    type_ = written.type if written else (ids.type if ids else "")
    records = case.hubspot
    for what, object_type in (
        ("activity", type_),
        ("ticket", "tickets"),
        ("contact", "contacts"),
        ("company", "companies"),
    ):
        id_ = records.get(what)
        number = RECORD_TYPES.get(object_type)
        if id_ and number and account.portal_id:
            yield (
                what,
                f"https://{account.ui_domain}/contacts/{account.portal_id}/record/{number}/{id_}",
            )
    interaction = case.record.interaction
    if isinstance(interaction, Call):
        if interaction.asset:
            yield "recording", interaction.asset
        if interaction.direction == "inbound":
            yield "aircall", f"https://dashboard.aircall.io/calls/{interaction.own_id}/timeline"


def _state(connection: redis.Redis, id_: str, events: int) -> State:
    """Say where it waits, if it does."""
    if connection.hget(keys.OWNER, id_):
        return State("worked")
    for why in keys.WAITS_FOR:
        since = connection.zscore(keys.parked(why), id_)
        if since is not None:
            pause = connection.hget(keys.pause(why), "reason")
            return State(_PLACES[why], int(since), text(pause) if pause else "")
    due = connection.zscore(keys.DUE, id_)
    if due is not None:
        now = events or due <= now_ms(connection)
        return State("due" if now else "later", int(due))
    places: tuple[tuple[str, Place], ...] = (
        (keys.FAILURES, "failed"),
        (keys.DISMISSED, "dismissed"),
    )
    for key, place in places:
        at = connection.zscore(key, id_)
        if at is not None:
            return State(place, int(at))
    return State()


_PLACES: Final[Mapping[str, Place]] = {
    "hubspot": "hubspot",
    "aircall": "aircall",
    "disabled": "disabled",
}


def moment(ms: int) -> str:
    """Write a time (milliseconds) in ISO 8601, UTC; nothing for 0."""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="seconds") if ms else ""
