"""The chaos' traffic from one seed: every kind of interaction, and how its events are delivered."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Any
from uuid import UUID

from tests.chaos.calls import CALL_KINDS, Event, call_events
from tests.chaos.cast import LINES, UNCONNECTED, Cast, Line, Party
from tests.chaos.messages import group_events, message_events

TOKEN = "sandbox-webhook-token"
MESSAGE_SHAPES = (
    *("inbound_sms", "inbound_sms", "inbound_mms", "inbound_whatsapp"),
    *("outbound_sms", "outbound_sms", "outbound_mms", "outbound_whatsapp", "outbound_template"),
)
ROLES = {
    "known": 40,
    "unknown": 33,
    "shared": 6,
    "company": 5,
    "mail": 6,
    "anonymous": 3,
    "short": 1,
    "own line": 1,
    "unconnected": 3,
    "closed": 2,
}


@dataclass(frozen=True)
class Interaction:
    """One call or message: its id as the product names it, and its events in their order."""

    id: str
    kind: str
    party: Party
    events: tuple[Event, ...]
    at: float
    """When its first event goes out, in parts of the run: 0 to 1."""


@dataclass(frozen=True)
class Delivery:
    """One POST of a webhook and the answer it must get in the end."""

    at: float
    """Seconds from the start of the run."""
    body: bytes
    answer: int = 200
    about: str = ""


def interactions(cast: Cast, count: int, started: int, seed: int) -> list[Interaction]:
    """`count` interactions of every kind and role; `started` (UNIX seconds) dates the first."""
    dice = Random(seed)
    made: list[Interaction] = []
    for n in range(count):
        role = dice.choices(list(ROLES), list(ROLES.values()))[0]
        party = dice.choice(cast.parties["untold" if role in ("unconnected", "closed") else role])
        line = UNCONNECTED if role == "unconnected" else LINES[party.country]
        start = started + 3 * n
        own = 9_000_000 + n
        if role == "closed":
            kind, events = "inbound_missed", _out_of_hours(own, party, line, start=start, dice=dice)
        elif role in ("short", "own line") or dice.random() < 0.75:
            kinds = [kind for kind in CALL_KINDS if role != "anonymous" or "inbound" in kind]
            kind = "outbound_answered" if role == "short" else dice.choice(kinds)
            events = call_events(own, kind, party, line, start=start, dice=dice)
        else:
            kind = dice.choice(MESSAGE_SHAPES)
            if role == "anonymous":
                kind = "inbound_sms"
            uuid = str(UUID(int=dice.getrandbits(128)))
            if role in ("known", "unconnected") and dice.random() < 0.2:
                kind, several = "group", [party.raw, dice.choice(cast.parties["untold"]).raw]
                several += [dice.choice(cast.parties["known"]).raw]
                direction = dice.choice(("inbound", "outbound"))
                events = group_events(uuid, direction, several, line, start=start, dice=dice)
            else:
                events = message_events(uuid, kind, party, line, start=start, dice=dice)
        early = [one for one in events if one["event"] in ("call.created", "call.hungup")]
        if early and n % 40 == 39 and role != "unknown":
            kind, events = "never ended", early
        made.append(Interaction(_name(events[0]), kind, party, tuple(events), dice.random()))
    return _crowded(made)


def _out_of_hours(own: int, party: Party, line: Line, *, start: int, dice: Random) -> list[Event]:
    events = call_events(own, "inbound_missed", party, line, start=start, dice=dice)
    for event in events:
        event["data"]["missed_call_reason"] = "out_of_opening_hours"
    return events


def _name(event: Event) -> str:
    data = event["data"]
    if event["resource"] == "group_message":
        return f"group-{data['group_message_id']}"
    return f"{event['resource']}-{data['id']}"


def _crowded(made: list[Interaction]) -> list[Interaction]:
    """Every second one from a phone unknown so far goes out at the same moment as its first."""
    first: dict[str, float] = {}
    crowded: list[Interaction] = []
    for n, one in enumerate(made):
        at = one.at
        if one.party.role == "unknown" and n % 2:
            at = first.setdefault(one.party.raw, at)
        crowded.append(replace(one, at=at))
    return crowded


def deliveries(made: list[Interaction], seconds: float, seed: int) -> list[Delivery]:
    """Each event at least once within `seconds`: shuffled, delayed, doubled; and 2 % rubbish."""
    dice = Random(seed)
    sent: list[Delivery] = []
    for one in made:
        at = one.at * seconds * 0.75
        for event in one.events:
            at += dice.uniform(0, 0.3)
            is_late = event["event"] in ("call.tagged", "call.commented", "call.untagged")
            at += dice.uniform(1, seconds * 0.08) if is_late else 0
            moment = at + (dice.uniform(0, 2) if dice.random() < 0.3 else 0)
            moment += dice.uniform(3, seconds * 0.2) if dice.random() < 0.05 else 0
            body = json.dumps({**event, "token": TOKEN}).encode()
            sent.append(Delivery(min(moment, seconds), body, about=one.id))
            if dice.random() < 0.1:
                again = min(moment + dice.uniform(0, 6), seconds)
                sent.append(Delivery(again, body, about=one.id))
    sent += _rubbish(len(sent) // 50, seconds, dice)
    return sorted(sent, key=lambda one: one.at)


def _rubbish(count: int, seconds: float, dice: Random) -> Iterator[Delivery]:
    """Deliveries that are malformed, foreign or of no use, with the answers they deserve."""

    def told(event: str, resource: str, data: Any, **more: Any) -> bytes:
        whole = {"resource": resource, "event": event, "timestamp": 1_790_000_000, "data": data}
        return json.dumps({**whole, "token": TOKEN, **more}).encode()

    choices = (
        (b"", 400),
        (b"not JSON", 400),
        (b"[" * 100_000, 400),
        (b'{"token": "sandbox-webhook-token", "data": NaN}', 400),
        (b'["sandbox-webhook-token"]', 400),
        (b'{"token": "x", "token": "sandbox-webhook-token"}', 400),
        (b"\xff\xfe\x00", 400),
        (told("call.ended", "call", {"id": 9_000_001}, token="somebody else's"), 401),
        (told("call.ended", "call", {"id": 9_000_002}, token=None), 401),
        (told("call.ended", "call", {}), 200),
        (told("call.ended", "call", None), 200),
        (told("call.ended", "call", {"id": {"no": "id"}}), 200),
        (told("call.ended", "call", [1, 2]), 200),
        (told("message.received", "message", {"id": ""}), 200),
        (told("call.teleported", "call", {"id": 9_000_003, "raw_digits": "+33199"}), 200),
        (told("transcription.created", "transcription", {"id": 5, "call_id": 9_000_004}), 200),
        (told("summary.created", "call", {"id": 9_000_005, "call_id": 9_000_005}), 200),
        (told("user.connected.v2", "user", {"id": 456}), 200),
        (told("number.created", "number", {"id": 1001, "name": "Sales France"}), 200),
        (told("contact.updated", "contact", {"id": 710}), 200),
        (json.dumps({"token": TOKEN, "nothing": "else"}).encode(), 200),
    )
    for _ in range(count):
        body, answer = dice.choice(choices)
        yield Delivery(dice.uniform(0, seconds), body, answer, about="rubbish")
