"""Sum an interaction up for a person: labelled facts, from which bodies of any kind are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from rules.kinds import Kind, missed_reason_in_words
from rules.records import Agent, Call, Interaction, Line, Message
from rules.who import name_of, phone_text

_FAILED: Final = re.compile(
    "fail|undeliver|not.?deliver|reject|expired|error|blocked|bounced", re.IGNORECASE
)
_HEADINGS: Final = {
    Kind.OUTBOUND_ANSWERED: "Outbound answered call",
    Kind.OUTBOUND_UNANSWERED: "Outbound unanswered call",
    Kind.OUTBOUND_BUSY: "Outbound call, busy",
    Kind.OUTBOUND_WRONG_NUMBER: "Outbound call, wrong number",
    Kind.INBOUND_ANSWERED: "Inbound answered call",
    Kind.INBOUND_MISSED: "Missed call",
    Kind.INBOUND_VOICEMAIL: "Missed call",
}


class Fact(NamedTuple):
    """One line of a summary, as plain text; without a label it is a text by itself."""

    label: str
    text: str
    link: str = ""


def heading(interaction: Interaction, kind: Kind) -> str:
    """Say what it is: `Inbound answered call`, `Inbound WhatsApp message`."""
    if isinstance(interaction, Call):
        return _HEADINGS[kind]
    way = "Inbound" if kind.inbound else "Outbound"
    group = "group " if interaction.group else ""
    if (interaction.channel or "").casefold() == "whatsapp":
        return f"{way} {group}WhatsApp message"
    return f"{way} {group}{'MMS' if interaction.media else 'SMS'}"


def title(interaction: Interaction, kind: Kind) -> str:
    """Say what it is and with whom, in one plain line: `Missed call – Claire Dubois (voicemail)`.

    Angle brackets of a name become typographic ones: a title is shown as text here, as HTML there.
    """
    text = f"{heading(interaction, kind)} – {name_of(interaction)}"
    if kind is Kind.INBOUND_VOICEMAIL:
        text += " (voicemail)"
    return plain(text)


def plain(text: str) -> str:
    """Take HTML's brackets out of a plain text."""
    return text.replace("<", "‹").replace(">", "›")


def facts(interaction: Interaction, kind: Kind) -> tuple[Fact, ...]:
    """Everything worth telling, in reading order, without empty lines; the id comes last."""
    if isinstance(interaction, Call):
        told = _call_facts(interaction, kind)
        last = Fact("", f"Call ID: {interaction.own_id}")
    else:
        told = _message_facts(interaction, kind)
        last = Fact("", f"Message ID: {interaction.own_id}")
    return (*(fact for fact in told if fact.text), last)


def duration_in_words(seconds: int) -> str:
    """Put seconds in words: `3 min 12 s`, `45 s`, `1 h 0 min 5 s`."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min {rest} s"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def not_delivered(status: str | None) -> bool:
    """Tell whether a message's status is a failure; Aircall does not document the values."""
    return status is not None and _FAILED.search(status) is not None


def _call_facts(call: Call, kind: Kind) -> Iterator[Fact]:
    yield Fact("With", _party(call))
    yield Fact("Line", _line(call.line))
    yield Fact("Agent", _agent(call.agent))
    if call.answered_at is not None:
        yield Fact("Talk time", _span(call.answered_at, call.ended_at))
    waited = _span(call.started_at, call.answered_at or call.ended_at)
    yield Fact("Waiting time" if kind.inbound else "Ringing time", waited)
    if call.missed_reason and kind.inbound and not kind.answered:
        yield Fact("Reason", missed_reason_in_words(call.missed_reason))
    yield Fact("Voice menu", " › ".join(choice.title for choice in call.ivr_choices))
    yield Fact("Transferred", _transfer(call))
    yield Fact("Assigned to", _agent(call.assigned_to))
    yield Fact("Tags", ", ".join(tag.name or str(tag.id) for tag in call.tags))
    yield _asset(call, kind)
    # Comments come last: they alone may be long enough to be cut.
    for comment in call.comments:
        yield Fact(f"Comment by {comment.author}" if comment.author else "Comment", comment.text)


def _message_facts(message: Message, kind: Kind) -> Iterator[Fact]:
    yield Fact("", message.body)
    yield Fact("Template", message.template)
    yield Fact("Attachments", ", ".join(message.media))
    if not_delivered(message.status):
        yield Fact("Status", f"not delivered ({message.status})")
    people = ", ".join(phone_text(raw, message) for raw in message.participants)
    yield Fact("From" if kind.inbound else "To", people if message.group else _party(message))
    yield Fact("Line", _line(message.line))
    yield Fact("Agent", _agent(message.agent))


def _party(interaction: Interaction) -> str:
    name, phone = name_of(interaction), phone_text(interaction.phone, interaction)
    return name if name == phone else f"{name} ({phone})"


def _asset(call: Call, kind: Kind) -> Fact:
    voicemail = kind is Kind.INBOUND_VOICEMAIL
    what = "Voicemail" if voicemail else "Recording"
    if call.asset:
        return Fact(what, "Listen in Aircall", call.asset)
    return Fact(what, "in Aircall" if voicemail or call.recording else "")


def _line(line: Line | None) -> str:
    if line is None:
        return ""
    if line.name and line.digits:
        return f"{line.name} ({line.digits})"
    return line.name or line.digits


def _agent(agent: Agent | None) -> str:
    return (agent.name or agent.email) if agent else ""


def _transfer(call: Call) -> str:
    by, to = _agent(call.transferred_by), _agent(call.transferred_to)
    if call.transferred_to_phone:
        to = phone_text(call.transferred_to_phone, call)
    return " ".join(filter(None, (by and f"by {by}", to and f"to {to}")))


def _span(start: int | None, end: int | None) -> str:
    if start is None or end is None:
        return ""
    return duration_in_words(max(0, end - start))
