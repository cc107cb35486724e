"""What HubSpot must hold of each interaction in the end, told from the sent events alone.

Written a second time on purpose: nothing here knows the product's rules, folding or store.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from tests.chaos.cast import AGENTS, FALLBACK, LINES
from tests.chaos.wishes import (
    BUSY_CAUSES,
    FAILED,
    OUTCOMES,
    STAGES,
    STATUSES,
    TAG_OUTCOMES,
    WRONG_CAUSES,
)


@dataclass(frozen=True)
class Book:
    """Whom HubSpot knew before the first event; phones as `+` and digits, ids as HubSpot's."""

    phones: Mapping[str, str]
    emails: Mapping[str, str]
    companies: Mapping[str, str]
    """Phone -> company."""
    company_of: Mapping[str, str]
    """Contact -> its primary company."""


@dataclass(frozen=True)
class Expected:
    """What one interaction must have become."""

    id: str
    kind: str
    fate: str
    """`logged`, `pending`, or why it was ignored."""
    type: str = "calls"
    properties: Mapping[str, str] = field(default_factory=dict)
    says: tuple[str, ...] = ()
    """What the body tells, as plain text."""
    hides: tuple[str, ...] = ()
    """What stands nowhere in it."""
    owners: frozenset[str] = frozenset()
    takes_contact_owner: bool = False
    """A contact's owner is right as well: there was no agent."""
    contacts: frozenset[str] = frozenset()
    """HubSpot ids of those known before."""
    new_contact: str | None = None
    """E.164 of the one contact that this phone has made."""
    person: Mapping[str, Any] | None = None
    company: str | None = None
    stage: str | None = None
    outcomes: tuple[frozenset[str], ...] = ()
    """Right outcomes in the order of the events, as newer ones came to be known."""


def digits(raw: str) -> str | None:
    """E.164 of what Aircall shows; None where it is no phone that could be called back."""
    figures = "".join(sign for sign in raw if sign.isdigit())
    return f"+{figures}" if raw.startswith("+") and len(figures) > 8 else None


def expected(events: Iterable[Mapping[str, Any]], own: str, book: Book) -> Expected:
    """Fold the sent events of one interaction and tell what must come of them."""
    ordered = sorted(events, key=lambda one: (one["timestamp"], _STAGE.get(one["event"], 9)))
    now: dict[str, Any] = {}
    for event in ordered:
        now |= {name: value for name, value in event["data"].items() if value is not None}
    names = {event["event"] for event in ordered}
    if own.startswith("call-"):
        return _call(own, now, names, ordered, book)
    return _message(own, now, book)


_STAGE = {
    "call.created": 0,
    "call.ringing_on_agent": 1,
    "call.ivr_option_selected": 2,
    "call.answered": 3,
    "call.transferred": 4,
    "call.hungup": 5,
    "call.ended": 6,
    "message.status_updated": 8,
}


def _call(
    own: str, now: dict[str, Any], names: set[str], events: list[Mapping[str, Any]], book: Book
) -> Expected:
    kind = _kind(now, names)
    if "call.ended" not in names:
        return Expected(own, kind, "pending")
    if ignored := _ignored(now):
        return Expected(own, kind, ignored)
    tags = [tag["name"] for tag in now.get("tags", [])]
    gone = {tag["name"] for event in events for tag in event["data"].get("tags", [])} - {*tags}
    agent = now.get("user")
    answered = now.get("answered_at")
    phone, line = digits(now["raw_digits"]), digits(now["number"]["digits"])
    inbound = now["direction"] == "inbound"
    properties = {
        "hs_call_external_id": str(now["id"]),
        "hs_call_direction": now["direction"].upper(),
        "hs_call_duration": str((now["ended_at"] - answered) * 1000 if answered else 0),
        "hs_call_status": "COMPLETED" if answered else STATUSES.get(kind, "NO_ANSWER"),
        "hs_call_disposition": _outcome(kind, tags),
        "hs_timestamp": str(now["started_at"]),
        ("hs_call_to_number" if inbound else "hs_call_from_number"): line or "",
    }
    if phone:
        properties["hs_call_from_number" if inbound else "hs_call_to_number"] = phone
    if inbound:
        properties["hs_call_has_voicemail"] = "true" if kind == "inbound_voicemail" else "false"
    says = [
        *(f"Call ID: {now['id']}", now["number"]["name"], "Chaos", *tags),
        *(comment["content"] for comment in now["comments"]),
        *([agent["name"]] if agent else []),
        *([now["transferred_to"]["name"]] if now.get("transferred_to") else []),
        *(choice["title"] for choice in now.get("ivr_options_selected", [])),
    ]
    return Expected(
        own,
        kind,
        "logged",
        properties=properties,
        says=tuple(says),
        hides=("recordings.example-storage", *gone),
        owners=_owners(agent),
        takes_contact_owner=agent is None,
        stage=STAGES.get(kind),
        outcomes=_outcomes(kind, events),
        **_who([now["raw_digits"]], now.get("contact"), book),
    )


def _message(own: str, now: dict[str, Any], book: Book) -> Expected:
    inbound = now["direction"] == "inbound"
    kind = f"{now['direction']}_message"
    if ignored := _ignored(now):
        return Expected(own, kind, ignored, type="communications")
    whatsapp = now.get("channel") == "whatsapp"
    body = [now.get("body"), now.get("template_content")]
    body += [detail["file_name"] for detail in now.get("media_details", [])]
    lost = ["not delivered"] if now["status"] in FAILED else []
    agent = now.get("user")
    group = now.get("participants")
    return Expected(
        own,
        kind,
        "logged",
        type="communications",
        properties={
            "hs_communication_channel_type": "WHATS_APP" if whatsapp else "SMS",
            "hs_communication_logged_from": "CRM",
            "hs_timestamp": str(_seconds(now["sent_at"])),
        },
        says=(
            f"Message ID: {own.partition('-')[2]}",
            *(now["number"]["name"], "Chaos", *filter(None, body), *lost),
        ),
        hides=("media.example-storage", *([] if lost else ["not delivered", "Not delivered"])),
        owners=_owners(agent),
        takes_contact_owner=inbound and agent is None,
        stage=STAGES.get(kind),
        **_who(group or [now["raw_digits"]], now.get("contact"), book, is_group=bool(group)),
    )


def _seconds(sent: str | int) -> int:
    return int(datetime.fromisoformat(sent).timestamp()) if isinstance(sent, str) else sent // 1000


def _ignored(now: Mapping[str, Any]) -> str:
    if now["number"]["id"] not in {line.id for line in LINES.values()}:
        return "number not connected"
    return "outside hours" if now.get("missed_call_reason") == "out_of_opening_hours" else ""


def _kind(now: Mapping[str, Any], names: set[str]) -> str:
    if now.get("answered_at"):
        return f"{now['direction']}_answered"
    if now["direction"] == "inbound":
        left = now.get("voicemail") or "call.voicemail_left" in names
        return "inbound_voicemail" if left else "inbound_missed"
    cause = str(now.get("hangup_cause")).lower()
    if cause in BUSY_CAUSES:
        return "outbound_busy"
    return "outbound_wrong_number" if cause in WRONG_CAUSES else "outbound_unanswered"


def _outcome(kind: str, tags: Iterable[str]) -> str:
    mapped = {TAG_OUTCOMES[tag] for tag in tags if tag in TAG_OUTCOMES}
    return mapped.pop() if len(mapped) == 1 else OUTCOMES[kind]


def _outcomes(last: str, events: list[Mapping[str, Any]]) -> tuple[frozenset[str], ...]:
    """Outcomes that were right after each event; a voicemail may become known before or after."""
    kinds = {last, "inbound_missed"} if last == "inbound_voicemail" else {last}
    steps = (
        frozenset(_outcome(kind, [tag["name"] for tag in event["data"]["tags"]]) for kind in kinds)
        for event in events
    )
    return tuple(step for step, _ in groupby(steps))


def _owners(agent: Mapping[str, Any] | None) -> frozenset[str]:
    emails = {one.email.lower(): one.owner for one in AGENTS}
    return frozenset({(emails[agent["email"].lower()] if agent else None) or FALLBACK})


def _who(
    raws: list[str], person: Mapping[str, Any] | None, book: Book, *, is_group: bool = False
) -> dict[str, Any]:
    """The contacts and the company it is linked with, and the phone that makes a new contact."""
    phones = [digits(raw) for raw in raws]
    known = frozenset(book.phones[phone] for phone in phones if phone in book.phones)
    if is_group:
        return {"contacts": known}
    for email in (one["value"] for one in (person or {}).get("emails", [])):
        if not known and email in book.emails:
            known = frozenset({book.emails[email]})
    if known:
        return {"contacts": known, "company": book.company_of.get(*known)}
    phone = phones[0]
    if phone is None or phone in {digits(line.digits) for line in LINES.values()}:
        return {}
    if phone in book.companies:
        return {"company": book.companies[phone]}
    return {"new_contact": phone, "person": person}
