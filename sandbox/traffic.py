"""Aircall's webhook events as pure data: whole calls of all seven kinds, and hints."""

from collections.abc import Iterable, Mapping
from typing import Literal

from sandbox.aircall import company
from sandbox.aircall.webhooks import SEEDED_TOKEN
from sandbox.answer import Json
from sandbox.envelopes import envelope, webhook_number
from sandbox.messages import group_events, message_events
from sandbox.story import CALL_KINDS, PLAIN, CallKind, Story, shown_digits, steps_of

__all__ = [
    "CALL_KINDS",
    "CallKind",
    "Story",
    "aircall_contact",
    "call_events",
    "ended_of",
    "group_events",
    "message_events",
    "number_event",
]


def call_events(  # noqa: PLR0913 - the facts every call has
    call_id: int,
    kind: CallKind,
    *,
    start: int,
    phone: str,
    number: int = 1001,
    user: int | None = 456,
    contact: Json | None = None,
    story: Story = PLAIN,
    token: str = SEEDED_TOKEN,
) -> list[Json]:
    """Return all deliveries of one call in the order of their timestamps.

    `start` in UNIX seconds; `phone` in E.164 or `anonymous`; `user` is who takes or makes the
    call (on a missed call: whose phone rings). The last `call.ended` tells the whole call.
    """
    line = webhook_number(number, is_open=story.number_open)
    data = {
        **_created(call_id, kind, start),
        "raw_digits": shown_digits(phone),
        "contact": contact,
        "number": line,
    }
    if kind.startswith("outbound") and user is not None:
        data["user"] = company.nested(company.USERS[user])
    steps = steps_of(
        call_id, kind, start=start, phone=phone, user=user, contact=contact, story=story
    )
    events: list[Json] = []
    for name, at, changes in steps:
        data = {**data, **changes}
        events.append(envelope(f"call.{name}", at, data, token))
    return events


def ended_of(events: Iterable[Json]) -> Json:
    """Return the `call.ended` among the deliveries of one call."""
    return next(one for one in events if one["event"] == "call.ended")


def _created(call_id: int, kind: CallKind, start: int) -> Json:
    """Return a call as it is in its first second; line and caller are still to be filled in."""
    inbound = kind.startswith("inbound")
    return {
        "id": call_id,
        "direct_link": f"{company.API}/v1/calls/{call_id}",
        "direction": "inbound" if inbound else "outbound",
        "call_uuid": f"CA{call_id:032x}",
        "status": "initial",
        "missed_call_reason": None,
        "started_at": start,
        "answered_at": None,
        "ended_at": None,
        "duration": 0,
        "cost": "0",
        "hangup_cause": None,
        "voicemail": None,
        "recording": None,
        "asset": None,
        "raw_digits": None,
        "user": None,
        "contact": None,
        "archived": False,
        "assigned_to": None,
        "transferred_by": None,
        "transferred_to": None,
        "teams": list(company.TEAMS.values()) if inbound else [],
        "number": None,
        "comments": [],
        "tags": [],
        "participants": [],
    }


def number_event(
    name: Literal["opened", "closed", "created", "deleted"],
    number: int,
    at: int,
    token: str = SEEDED_TOKEN,
) -> Json:
    """Return a `number.*` delivery at `at` (UNIX seconds)."""
    user = company.USERS.get(company.NUMBER_USERS[number])
    users = [company.brief(user)] if user else []
    data = {**webhook_number(number, is_open=name != "closed"), "users": users}
    return envelope(f"number.{name}", at, data, token)


def aircall_contact(id_: int, first: str, last: str, phone: str, **more: object) -> Json:
    """Return an Aircall contact as webhooks of calls show it; `more` replaces fields."""
    made: Mapping[str, object] = {
        "id": id_,
        "direct_link": f"{company.API}/v1/contacts/{id_}",
        "first_name": first,
        "last_name": last,
        "company_name": None,
        "information": None,
        "is_shared": True,
        "created_at": 1781360000,
        "updated_at": 1789913600,
        "phone_numbers": [{"id": id_ * 10 + 1, "label": "Work", "value": phone}],
        "emails": [],
    }
    return {**made, **more}
