"""Aircall's events of one message: SMS, MMS, WhatsApp, template or group."""

from copy import deepcopy
from datetime import UTC, datetime
from random import Random
from typing import Any

from tests.chaos.calls import SAID, Event, agent_payload, line_payload
from tests.chaos.cast import AGENTS, Line, Party


def message_events(
    own: str, shape: str, party: Party, line: Line, *, start: int, dice: Random
) -> list[Event]:
    """Events of one message; shape: direction, then sms, mms, whatsapp or template."""
    direction, _, form = shape.partition("_")
    moment = start * 1000 if dice.random() < 0.5 else _iso(start)
    data: dict[str, Any] = {
        "id": own,
        "direction": direction,
        "external_number": party.raw,
        "raw_digits": party.raw,
        "body": "" if form in ("mms", "template") else dice.choice(SAID),
        "status": "received" if direction == "inbound" else "sent",
        "channel": "whatsapp" if form in ("whatsapp", "template") else None,
        "media_details": [],
        "created_at": moment,
        "sent_at": moment,
        "updated_at": moment,
        "number": line_payload(line),
        "contact": party.person,
    }
    if form == "mms":
        link = f"https://media.example-storage.com/{own}.jpg?X=1"
        data["media_details"] = [
            {"file_name": f"photo-{own[:8]}.jpg", "file_type": "image/jpeg", "presigned_url": link}
        ]
    if form == "template":
        data["template_content"] = "Hello {{1}}, your order is ready"
    if direction == "outbound":
        data["user"] = agent_payload(dice.choice(AGENTS))
    first = "received" if direction == "inbound" else "sent"
    events = [_told("message", first, start, data)]
    if direction == "outbound" and dice.random() < 0.6:
        later = {name: value for name, value in data.items() if name != "user"}
        later["status"] = dice.choice(("delivered", "delivered", "failed", "undelivered"))
        events.append(_told("message", "status_updated", start + dice.randint(2, 90), later))
    return events


def group_events(
    own: str, direction: str, phones: list[str], line: Line, *, start: int, dice: Random
) -> list[Event]:
    """The one event of a group message."""
    data = {
        "group_message_id": own,
        "group_conversation_id": f"c-{own}",
        "direction": direction,
        "status": "received" if direction == "inbound" else "sent",
        "participants": phones,
        "body": dice.choice(SAID),
        "media_url": [],
        "created_at": start * 1000,
        "updated_at": start * 1000,
        "sent_at": start * 1000,
        "number": line_payload(line),
    }
    return [_told("group_message", "received" if direction == "inbound" else "sent", start, data)]


def _told(resource: str, what: str, at: int, data: dict[str, Any]) -> Event:
    return {
        "resource": resource,
        "event": f"{resource}.{what}",
        "timestamp": at,
        "data": deepcopy(data),
    }


def _iso(moment: int) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%S}.000Z"
