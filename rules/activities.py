"""The HubSpot call or communication of an interaction: its properties, title and body."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from html import escape, unescape
from typing import Final

from rules.kinds import Kind
from rules.phones import country_of, parse_phone
from rules.records import Call, Interaction, Message
from rules.summaries import Fact, facts, heading, title

BODY_LIMIT: Final = 60_000
"""Characters, safely below HubSpot's 65,536."""
EDITED_LIMIT: Final = 65_000
"""Characters that a body which a person edited may grow to by our lines."""
TITLE_LIMIT: Final = 250
_FACT_LIMIT: Final = 10_000
_TEXT_LIMIT: Final = 30_000
_STATUS: Final = {
    Kind.OUTBOUND_ANSWERED: "COMPLETED",
    Kind.INBOUND_ANSWERED: "COMPLETED",
    Kind.OUTBOUND_BUSY: "BUSY",
    Kind.OUTBOUND_WRONG_NUMBER: "FAILED",
}
_LINE_END = re.compile(r"<br\s*/?>|</p>|</div>|</li>|\n", re.IGNORECASE)
_MARKUP = re.compile(r"<[^<>]*>")
_CUT_ENTITY = re.compile(r"&[^;\s]{0,8}$")


def call_properties(
    call: Call, kind: Kind, *, disposition: str | None, owner: str | None, integration: str
) -> Mapping[str, str]:
    """Return the complete properties of a HubSpot call; phones in E.164 where they parse.

    `disposition` is an outcome's GUID, `owner` an owner's id, `integration` our name as admins
    chose it; None leaves a property out.
    https://developers.hubspot.com/docs/api-reference/latest/crm/activities/calls/guide
    """
    line = call.line.digits if call.line else ""
    ends = _e164(call.phone, call), _e164(line, call)
    from_number, to_number = ends if kind.inbound else reversed(ends)
    talked = max(0, call.ended_at - call.answered_at) if call.answered_at and call.ended_at else 0
    properties = {
        "hs_timestamp": iso(call.start),
        "hs_call_title": title(call, kind)[:TITLE_LIMIT],
        "hs_call_body": body(call, kind, integration),
        "hs_call_direction": "INBOUND" if kind.inbound else "OUTBOUND",
        "hs_call_duration": str(talked * 1000),
        "hs_call_status": _STATUS.get(kind, "NO_ANSWER"),
        "hs_call_disposition": disposition,
        "hs_call_from_number": from_number,
        "hs_call_to_number": to_number,
        "hubspot_owner_id": owner,
        "hs_call_has_voicemail": str(call.voicemail).lower() if kind.inbound else None,
        "hs_call_external_id": call.own_id,
        "aircall_id": call.id,
    }
    return {name: value for name, value in properties.items() if value}


def message_properties(
    message: Message, kind: Kind, *, owner: str | None, integration: str
) -> Mapping[str, str]:
    """Return the complete properties of a HubSpot communication; MMS are logged as SMS.

    https://developers.hubspot.com/docs/api-reference/latest/crm/activities/communications/guide
    """
    whatsapp = (message.channel or "").casefold() == "whatsapp"
    properties = {
        "hs_communication_channel_type": "WHATS_APP" if whatsapp else "SMS",
        "hs_communication_logged_from": "CRM",
        "hs_communication_body": body(message, kind, integration),
        "hs_timestamp": iso(message.start),
        "hubspot_owner_id": owner,
        "aircall_id": message.id,
    }
    return {name: value for name, value in properties.items() if value}


def body(interaction: Interaction, kind: Kind, integration: str) -> str:
    """Write the body as short HTML of at most `BODY_LIMIT` characters; long texts are cut.

    The lines that must not be missing (the first, the integration's name and the id) are kept.
    """
    *told, last = facts(interaction, kind)
    first = f"<strong>{escape(heading(interaction, kind))}</strong>"
    ending = [f"<strong>Logged by:</strong> {escape(integration)}", escape(last.text)]
    room = BODY_LIMIT - len("<br>".join([first, *ending]))
    return "<br>".join([first, *_fitting(told, room), *ending])


def body_lines(text: str) -> tuple[str, ...]:
    """Split a body into its lines, whichever way HubSpot or a person broke them; none is empty."""
    lines = (line.strip() for line in _LINE_END.split(text))
    return tuple(line for line in lines if _said(line))


def appended(current: str, written: str, planned: str) -> str:
    """Append to a body that a person edited the lines of `planned` that `written` did not have.

    Lines are compared by what they say, as HubSpot may write their HTML another way. What stands
    in `current` already is not added twice, so that appending again changes nothing.
    """
    old = Counter(map(_said, body_lines(written)))
    there = Counter(map(_said, body_lines(current)))
    due: Counter[str] = Counter()
    longer = current
    for line in body_lines(planned):
        said = _said(line)
        due[said] += 1
        if due[said] <= old[said] or due[said] <= there[said]:
            continue
        separated = f"{longer}<br>{line}" if longer else line
        if len(separated) <= EDITED_LIMIT:
            longer = separated
    return longer


def iso(seconds: int) -> str:
    """Write UNIX seconds as HubSpot takes them: `2026-09-21T14:13:20Z`."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _said(line: str) -> str:
    return " ".join(unescape(_MARKUP.sub(" ", line)).split())


def _fitting(told: Iterable[Fact], room: int) -> list[str]:
    """Write the facts as lines of HTML until the room (in characters) is used up."""
    lines = []
    for fact in told:
        line = _html(fact, min(room - len("<br>"), _FACT_LIMIT if fact.label else _TEXT_LIMIT))
        if line:
            lines.append(line)
            room -= len("<br>") + len(line)
    return lines


def _html(fact: Fact, room: int) -> str:
    """Write one fact, at most `room` characters long; an empty line if it cannot fit.

    A link is never cut: parsed ones are short enough for a place before all that may be long.
    """
    label = f"<strong>{escape(fact.label)}:</strong> " if fact.label else ""
    if fact.link:
        return f'{label}<a href="{escape(fact.link)}">{escape(fact.text)}</a>'
    line = label + "<br>".join(map(escape, fact.text.split("\n")))
    if len(line) <= room:
        return line
    if room < len(label) + 20:
        return ""
    # Cut after escaping, then drop what is left of an entity or a tag cut through.
    kept = _CUT_ENTITY.sub("", line[: room - 1])
    return kept[: kept.rfind("<")] + "…" if kept.rfind("<") > kept.rfind(">") else f"{kept}…"


def _e164(raw: str | None, call: Call) -> str | None:
    phone = parse_phone(raw, country_of(call.line))
    return phone.e164 if phone else raw
