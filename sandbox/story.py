"""What happens in a call, step by step: from the first ring to the last comment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, parse

from sandbox.aircall import company
from sandbox.answer import Json

CallKind = Literal[
    "outbound_answered",
    "outbound_unanswered",
    "outbound_busy",
    "outbound_wrong_number",
    "inbound_answered",
    "inbound_missed",
    "inbound_voicemail",
]
CALL_KINDS: tuple[CallKind, ...] = (
    "outbound_answered",
    "outbound_unanswered",
    "outbound_busy",
    "outbound_wrong_number",
    "inbound_answered",
    "inbound_missed",
    "inbound_voicemail",
)
HANGUP_CAUSES = {"outbound_busy": "busy", "outbound_wrong_number": "unallocated_number"}
RINGING = {
    "outbound_unanswered": 31,
    "outbound_busy": 4,
    "outbound_wrong_number": 2,
    "inbound_missed": 25,
    "inbound_voicemail": 58,
}
STORE = "https://recordings.example-aircall-storage.com"
SIGNED = "X-Amz-Expires=3600&X-Amz-Signature=abc"


@dataclass(frozen=True, slots=True)
class Story:
    """What happens in a call beyond its kind; times are seconds, ids are Aircall's.

    `wait` (at least 1) passes before the answer, `talk` after it. Tags and comments of the call
    itself come with `call.ended`; `later_tags`, `untagged` (all taken away) and `later_comments`
    come minutes after. `late_voicemail` leaves the voicemail out of `call.ended`.
    `missed_reason` None takes the usual one, `hangup_cause` None the one of the kind.
    """

    wait: int = 9
    talk: int = 180
    tags: tuple[int, ...] = ()
    later_tags: tuple[int, ...] = ()
    untagged: bool = False
    comments: tuple[str, ...] = ()
    later_comments: tuple[str, ...] = ()
    late_voicemail: bool = False
    missed_reason: str | None = None
    hangup_cause: str | None = None
    transferred_to: int | None = None
    external_transfer: str | None = None
    ivr: str | None = None
    assigned_to: int | None = None
    recorded: bool = True
    number_open: bool = True


PLAIN = Story()


def shown_digits(phone: str) -> str:
    """Return E.164 as Aircall shows it (`+33 1 99 00 45 67`); what is none stays as it is."""
    try:
        return format_number(parse(phone), PhoneNumberFormat.INTERNATIONAL)
    except NumberParseException:
        return phone


Step = tuple[str, int, Json]


def iso(seconds: int) -> str:
    """Return UNIX seconds as ISO 8601 with milliseconds, as Aircall writes texts of time."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.000Z"


def steps_of(  # noqa: PLR0913 - the facts every call has
    call_id: int,
    kind: CallKind,
    *,
    start: int,
    phone: str,
    user: int | None,
    contact: Json | None,
    story: Story,
) -> list[Step]:
    """Return (event name, UNIX seconds, fields of the call that change) in order of time."""
    answered = kind.endswith("_answered")
    ended = start + (story.wait + story.talk if answered else RINGING[kind])
    steps: list[Step] = [("created", start + 1, {})]
    if kind.startswith("inbound"):
        steps += _ringing(start, user, story)
    if answered:
        steps += _talking(start, phone, user, contact, story)
    hungup: Json = {"status": "done", "ended_at": ended, "duration": ended - start}
    hungup["hangup_cause"] = story.hangup_cause or HANGUP_CAUSES.get(kind)
    if kind in ("inbound_missed", "inbound_voicemail"):
        hungup["missed_call_reason"] = story.missed_reason or "agents_did_not_answer"
        hungup["user"] = None
    if answered and story.transferred_to is not None:
        hungup["user"] = company.nested(company.USERS[story.transferred_to])
    steps.append(("hungup", ended, hungup))
    steps += _gathered(call_id, kind, ended, user, story)
    return steps + _afterwards(call_id, ended, user, story)


def _ringing(start: int, user: int | None, story: Story) -> list[Step]:
    steps: list[Step] = []
    if story.ivr:
        moment = iso(start + 2)
        option = {
            "id": f"ivr-{start}",
            "title": story.ivr,
            "key": "1",
            "branch": "1",
            "created_at": moment,
            "transition_started_at": moment,
            "transition_ended_at": iso(start + 3),
        }
        steps.append(
            ("ivr_option_selected", start + min(2, story.wait), {"ivr_options_selected": [option]})
        )
    if user is not None:
        rings: Json = {"user": company.nested(company.USERS[user])}
        steps.append(("ringing_on_agent", start + min(4, story.wait), rings))
    return steps


def _talking(
    start: int, phone: str, user: int | None, contact: Json | None, story: Story
) -> list[Step]:
    at = start + story.wait
    changes: Json = {"status": "answered", "answered_at": at}
    if user is not None:
        agent = company.USERS[user]
        changes["user"] = company.nested(agent)
        here = {"id": str(user), "type": "user", "name": agent["name"]}
        changes["participants"] = [here, _other_side(phone, contact)]
    steps: list[Step] = [("answered", at, changes)]
    if user is not None and story.transferred_to is not None:
        target = company.nested(company.USERS[story.transferred_to])
        moved = {"transferred_by": company.nested(company.USERS[user]), "transferred_to": target}
        steps.append(("transferred", at + min(30, story.talk), moved))
    if user is not None and story.external_transfer:
        outside: Json = {
            "transferred_by": company.nested(company.USERS[user]),
            "external_transferred_to": shown_digits(story.external_transfer),
            "external_caller_number": shown_digits(phone),
        }
        steps.append(("external_transferred", at + min(40, story.talk), outside))
    return steps


def _other_side(phone: str, contact: Json | None) -> Json:
    if phone == "anonymous":
        return {"type": "external"}
    if contact is None:
        return {"type": "external", "phone_number": shown_digits(phone)}
    name = f"{contact['first_name']} {contact['last_name']}"
    return {
        "id": str(contact["id"]),
        "type": "contact",
        "name": name,
        "phone_number": shown_digits(phone),
    }


def _gathered(call_id: int, kind: str, ended: int, user: int | None, story: Story) -> list[Step]:
    """Return what comes in the minute after hanging up: voicemail, end, assets."""
    whole: Json = {
        "tags": [_tag(tag, ended - 5, user) for tag in story.tags],
        "comments": _comments(call_id, story.comments, ended - 10, user),
    }
    if kind == "inbound_voicemail":
        left: Json = {
            "voicemail": f"{STORE}/{call_id}/voicemail.mp3?{SIGNED}",
            "asset": f"https://assets.aircall.io/calls/{call_id}/voicemail/info",
        }
        if story.late_voicemail:
            return [("ended", ended + 30, whole), ("voicemail_left", ended + 37, left)]
        return [
            ("voicemail_left", ended + 8, left),
            ("ended", ended + 30, whole),
            ("comm_assets_generated", ended + 60, {}),
        ]
    if not kind.endswith("_answered"):
        return [("ended", ended + 30, whole)]
    if not story.recorded:
        return [("ended", ended + 30, {**whole, "cost": "1.10"})]
    kept: Json = {
        "cost": "2.34",
        "recording": f"{STORE}/{call_id}/recording.mp3?{SIGNED}",
        "asset": f"https://assets.aircall.io/calls/{call_id}/recording/info",
    }
    return [("ended", ended + 30, {**whole, **kept}), ("comm_assets_generated", ended + 71, {})]


def _afterwards(call_id: int, ended: int, user: int | None, story: Story) -> list[Step]:
    steps: list[Step] = []
    tags = [_tag(tag, ended - 5, user) for tag in story.tags]
    if story.later_tags:
        tags = tags + [_tag(tag, ended + 120, user) for tag in story.later_tags]
        steps.append(("tagged", ended + 120, {"tags": tags}))
    if story.later_comments:
        early = _comments(call_id, story.comments, ended - 10, user)
        late = _comments(call_id + 50, story.later_comments, ended + 150, user)
        steps.append(("commented", ended + 150, {"comments": early + late}))
    if story.untagged:
        steps.append(("untagged", ended + 180, {"tags": []}))
    if story.assigned_to is not None:
        person = company.nested(company.USERS[story.assigned_to])
        steps.append(("assigned", ended + 240, {"assigned_to": person}))
    return steps


def _tag(tag_id: int, at: int, user: int | None) -> Json:
    by = company.brief(company.USERS[user]) if user is not None else None
    name = company.TAGS[tag_id]["name"]
    return {"id": tag_id, "name": name, "created_at": at, "tagged_at": at, "tagged_by": by}


def _comments(call_id: int, texts: Iterable[str], at: int, user: int | None) -> list[Json]:
    by = company.brief(company.USERS[user]) if user is not None else None
    return [
        {"id": call_id * 100 + order + 1, "content": text, "posted_at": at, "posted_by": by}
        for order, text in enumerate(texts)
    ]
