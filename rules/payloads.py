"""Read Aircall's objects leniently: a value of the wrong type counts as not carried."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from rules.phones import parse_phone
from rules.records import Agent, Choice, Comment, Direction, Line, Person, Tag
from rules.scalars import many_lines, one_line, seconds, text_or_number, whole

ASSETS = "https://assets.aircall.io/"

_ASSET = re.compile(r"https://assets\.aircall\.io/[!#-;=?-~]{1,1000}")


@dataclass(frozen=True, slots=True)
class CallSnapshot:
    """What one payload told of a call; None means that it did not carry the field."""

    direction: Direction | None = None
    phone: str | None = None
    started_at: int | None = None
    answered_at: int | None = None
    ended_at: int | None = None
    missed_reason: str | None = None
    hangup_cause: str | None = None
    asset: str | None = None
    line: Line | None = None
    agent: Agent | None = None
    person: Person | None = None
    assigned_to: Agent | None = None
    transferred_by: Agent | None = None
    transferred_to: Agent | None = None
    transferred_to_phone: str | None = None
    tags: tuple[Tag, ...] | None = None
    """Empty is carried too: the last tag was taken off."""
    comments: tuple[Comment, ...] = ()
    ivr_choices: tuple[Choice, ...] = ()
    voicemail: bool = False
    recording: bool = False


@dataclass(frozen=True, slots=True)
class MessageSnapshot:
    """What one payload told of a message; None means that it did not carry the field."""

    direction: Direction | None = None
    channel: str | None = None
    phone: str | None = None
    participants: tuple[str, ...] | None = None
    body: str | None = None
    template: str | None = None
    media: tuple[str, ...] | None = None
    status: str | None = None
    sent_at: int | None = None
    line: Line | None = None
    agent: Agent | None = None
    person: Person | None = None


def call_snapshot(data: Mapping[str, Any], event_name: str = "") -> CallSnapshot:
    """What a webhook's or the API's Call object tells.

    A transfer that did not succeed is told as one by nobody to nobody: it undoes the one before.
    https://developer.aircall.io/api-references/#call-overview
    """
    failed = event_name == "call.unsuccessful_transfer"
    return CallSnapshot(
        direction=_direction(data.get("direction")),
        phone=text_or_number(data.get("raw_digits")),
        started_at=seconds(data.get("started_at")),
        answered_at=seconds(data.get("answered_at")),
        ended_at=seconds(data.get("ended_at")),
        missed_reason=one_line(data.get("missed_call_reason")),
        hangup_cause=text_or_number(data.get("hangup_cause")),
        asset=_asset(data),
        line=line_of(data.get("number")),
        agent=agent_of(data.get("user")),
        person=_person(data.get("contact")),
        assigned_to=agent_of(data.get("assigned_to")),
        transferred_by=Agent() if failed else agent_of(data.get("transferred_by")),
        transferred_to=Agent() if failed else agent_of(data.get("transferred_to")),
        transferred_to_phone=text_or_number(data.get("external_transferred_to")),
        tags=_tags(data.get("tags")),
        comments=_comments(data.get("comments")),
        ivr_choices=_choices(data.get("ivr_options_selected")),
        voicemail=one_line(data.get("voicemail")) is not None,
        recording=one_line(data.get("recording")) is not None,
    )


def message_snapshot(data: Mapping[str, Any], event_name: str) -> MessageSnapshot:
    """What a message's or a group message's payload tells; the event's name may tell the direction.

    https://developer.aircall.io/api-references/#message-overview
    """
    told = {"sent": "outbound", "received": "inbound"}.get(event_name.partition(".")[2])
    return MessageSnapshot(
        direction=_direction(data.get("direction")) or _direction(told),
        channel=one_line(data.get("channel")),
        phone=text_or_number(data.get("external_number")) or text_or_number(data.get("raw_digits")),
        participants=_phones(data.get("participants")) or None,
        body=many_lines(data.get("body")),
        template=many_lines(data.get("template_content")),
        media=_media(data) or None,
        status=one_line(data.get("status")),
        sent_at=seconds(data.get("sent_at")) or seconds(data.get("created_at")),
        line=line_of(data.get("number")),
        agent=agent_of(data.get("user")),
        person=_person(data.get("contact")),
    )


def line_of(value: object) -> Line | None:
    """Read a line, perhaps abridged to its bare id; one without an id counts as not carried.

    https://developer.aircall.io/api-references/#number-overview
    """
    if isinstance(value, int):
        value = {"id": value}  # Not of a text: its digits might be the line's phone.
    if not isinstance(value, dict) or (number := whole(value.get("id"))) is None:
        return None
    is_open = value.get("open")
    country = one_line(value.get("country"))
    country = country.upper() if country and len(country) == 2 else None
    digits = text_or_number(value.get("e164_digits")) or text_or_number(value.get("digits"))
    phone = parse_phone(digits, country)
    return Line(
        id=number,
        name=one_line(value.get("name")) or "",
        # The API writes them otherwise than webhooks do: that must not look like a change.
        digits=phone.e164 if phone else digits or "",
        country=country,
        time_zone=one_line(value.get("time_zone")),
        availability=one_line(value.get("availability_status")),
        open=is_open if isinstance(is_open, bool) else None,
    )


def agent_of(value: object) -> Agent | None:
    """Read an agent; None if nothing is told of them.

    https://developer.aircall.io/api-references/#user-overview
    """
    if not isinstance(value, dict):
        return None
    agent = Agent(
        id=whole(value.get("id")),
        name=one_line(value.get("name")) or "",
        email=one_line(value.get("email")) or "",
    )
    return agent if agent != Agent() else None


def tag_of(value: object) -> Tag | None:
    """Read a tag; None if nothing is told of it."""
    if not isinstance(value, dict):
        return None
    tag = Tag(id=whole(value.get("id")), name=one_line(value.get("name")) or "")
    return tag if tag != Tag() else None


def _direction(value: object) -> Direction | None:
    if value == "inbound":
        return "inbound"
    if value == "outbound":
        return "outbound"
    return None


def _asset(data: Mapping[str, Any]) -> str | None:
    """The page where a person listens; another field may hold it while `asset` is empty.

    `recording` and `voicemail` never count: what they hold dies within an hour.
    """
    for name in ("asset", *sorted(data.keys() - {"recording", "voicemail"})):
        value = data.get(name)
        if isinstance(value, str) and value.startswith(ASSETS) and _ASSET.fullmatch(value):
            return value
    return None


def _items(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _person(value: object) -> Person | None:
    if not isinstance(value, dict):
        return None
    emails = (one_line(item.get("value")) for item in _items(value.get("emails")))
    person = Person(
        id=whole(value.get("id")),
        first_name=one_line(value.get("first_name")) or "",
        last_name=one_line(value.get("last_name")) or "",
        company=one_line(value.get("company_name")) or "",
        emails=tuple(email for email in emails if email and "@" in email and " " not in email),
    )
    return person if person != Person() else None


def _tags(value: object) -> tuple[Tag, ...] | None:
    if not isinstance(value, list):
        return None
    return tuple(filter(None, map(tag_of, value)))


def _comments(value: object) -> tuple[Comment, ...]:
    comments = []
    for item in _items(value):
        number, text = whole(item.get("id")), many_lines(item.get("content"))
        author = agent_of(item.get("posted_by")) or Agent()
        if number is not None and text is not None:
            at = seconds(item.get("posted_at"))
            comments.append(Comment(number, text, at, author.name or author.email))
    return tuple(comments)


def _choices(value: object) -> tuple[Choice, ...]:
    choices = []
    for item in _items(value):
        key = text_or_number(item.get("key"))
        title = one_line(item.get("title")) or key
        if title:
            own = text_or_number(item.get("id")) or f"{key}-{title}"
            choices.append(Choice(own, title, seconds(item.get("created_at"))))
    return tuple(choices)


def _phones(value: object) -> tuple[str, ...]:
    """Phones of a group message: texts, or (as in a call's participants) objects that hold one."""
    if not isinstance(value, list):
        return ()
    phones = (item.get("phone_number") if isinstance(item, dict) else item for item in value)
    return tuple(filter(None, map(text_or_number, phones)))


def _media(data: Mapping[str, Any]) -> tuple[str, ...]:
    """File names: the links themselves die soon and are not worth keeping."""
    details = (
        one_line(item.get("file_name")) or _file_name(item.get("presigned_url"))
        for item in _items(data.get("media_details"))
    )
    links = data.get("media_url")
    links = links if isinstance(links, list) else [links]
    return tuple(filter(None, details)) or tuple(filter(None, map(_file_name, links)))


def _file_name(url: object) -> str | None:
    if not isinstance(url, str):
        return None
    return one_line(unquote(url.partition("?")[0].rpartition("/")[2]))
