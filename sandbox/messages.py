"""Aircall's message events as pure data: SMS, MMS, WhatsApp, group messages."""

from collections.abc import Iterable
from typing import Literal

from sandbox.aircall import company
from sandbox.aircall.webhooks import SEEDED_TOKEN
from sandbox.answer import Json
from sandbox.envelopes import envelope, webhook_number
from sandbox.story import SIGNED, iso, shown_digits


def message_events(  # noqa: PLR0913 - the facts every message has
    message_id: str,
    direction: Literal["inbound", "outbound"],
    *,
    start: int,
    phone: str,
    body: str = "Hello, can you call me back?",
    number: int = 1001,
    user: int | None = 456,
    contact: Json | None = None,
    channel: Literal["whatsapp"] | None = None,
    media: Iterable[str] = (),
    template: str | None = None,
    statuses: Iterable[str] = (),
    token: str = SEEDED_TOKEN,
) -> list[Json]:
    """Return the delivery of one SMS, MMS (with `media` file names) or WhatsApp message.

    `start` in UNIX seconds, `phone` in E.164. Each of `statuses` (`delivered`, `failed` ...) adds
    a `message.status_updated` five seconds after the one before.
    """
    outbound = direction == "outbound"
    data: Json = {
        "id": message_id,
        "direct_link": f"{company.API}/v1/messages/{message_id}",
        "direction": direction,
        "external_number": shown_digits(phone),
        "raw_digits": shown_digits(phone),
        "body": "" if template else body,
        "status": "sent" if outbound else "received",
        "channel": channel,
        "media_details": [_medium(name) for name in media],
        "created_at": iso(start),
        "sent_at": iso(start),
        "updated_at": iso(start + 1),
        "number": _message_number(number),
        "contact": contact,
    }
    if channel == "whatsapp":
        data |= _whatsapp(template)
    if outbound and user is not None:
        data["user"] = company.brief(company.USERS[user])
    events = [envelope(f"message.{'sent' if outbound else 'received'}", start, data, token)]
    for at, status in enumerate(statuses, start=1):
        moment = start + 5 * at
        changed = {**data, "status": status, "updated_at": iso(moment)}
        events.append(envelope("message.status_updated", moment, changed, token))
    return events


def _medium(name: str) -> Json:
    ending = name.rpartition(".")[2].lower()
    kind = {"jpg": "image/jpeg", "png": "image/png", "pdf": "application/pdf"}.get(ending)
    url = f"https://media.example-aircall-storage.com/{name}?{SIGNED}"
    return {"file_name": name, "file_type": kind or "image/jpeg", "presigned_url": url}


def _message_number(number: int) -> Json:
    line = webhook_number(number)
    kept = ("id", "direct_link", "name", "digits", "e164_digits", "country", "time_zone")
    return {name: line[name] for name in kept}


def _whatsapp(template: str | None) -> Json:
    return {
        "type": "template" if template else "text",
        "metadata": None,
        "parent_id": None,
        "template_content": template,
        "whatsapp_message_category": "utility" if template else None,
        "whatsapp_message_type": "regular",
        "recipient_country": "FR",
    }


def group_events(  # noqa: PLR0913 - the facts every group message has
    message_id: str,
    direction: Literal["inbound", "outbound"],
    *,
    start: int,
    phones: Iterable[str],
    body: str = "Hi both",
    number: int = 1001,
    token: str = SEEDED_TOKEN,
) -> list[Json]:
    """Return the delivery of one group message; its times are UNIX milliseconds."""
    outbound = direction == "outbound"
    millis = start * 1000
    data: Json = {
        "group_message_id": message_id,
        "group_conversation_id": f"conversation-{message_id}",
        "direct_link": f"{company.API}/v1/messages/{message_id}",
        "direction": direction,
        "status": "pending" if outbound else "received",
        "participants": list(phones),
        "body": body,
        "media_url": [],
        "created_at": millis,
        "updated_at": millis,
        "sent_at": millis,
        "number": _message_number(number),
    }
    event = f"group_message.{'sent' if outbound else 'received'}"
    return [envelope(event, start, data, token)]
