"""Aircall's events of one call, built from a script of what happened."""

from copy import deepcopy
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.chaos.cast import AGENTS, Agent, Line, Party

CALL_KINDS = (
    "outbound_answered",
    "outbound_unanswered",
    "outbound_busy",
    "outbound_wrong_number",
    "inbound_answered",
    "inbound_missed",
    "inbound_voicemail",
)
TAGS = {31: "Quote", 32: "Hot lead", 33: "VIP"}
SAID = (
    "Wants a quote for 20 seats",
    "Call back <b>tomorrow</b> & bring 3 < 4 offers",
    'She said "yes", see O\'Neil',
    "Ünïcode – früh um 9",
)
CAUSES: dict[str, tuple[str | int | None, ...]] = {
    "outbound_busy": ("busy", "user_busy", "USER_BUSY", 17),
    "outbound_wrong_number": ("unallocated_number", "invalid_number", "no_route"),
    "outbound_unanswered": (None, None, "normal_clearing", "603"),
}
REASONS: dict[str, tuple[str | None, ...]] = {
    "inbound_missed": ("short_abandoned", "no_available_agent", "novel_reason"),
    "inbound_voicemail": ("agents_did_not_answer", "abandoned_in_classic"),
}
Event = dict[str, Any]


def line_payload(line: Line) -> dict[str, Any]:
    return {
        "id": line.id,
        "direct_link": f"https://api.aircall.io/v1/numbers/{line.id}",
        "name": line.name,
        "digits": line.digits,
        "e164_digits": "+" + "".join(sign for sign in line.digits if sign.isdigit()),
        "country": line.country,
        "time_zone": line.time_zone,
        "open": True,
        "availability_status": "custom",
    }


def agent_payload(agent: Agent) -> dict[str, Any]:
    return {"id": agent.id, "name": agent.name, "email": agent.email}


@dataclass
class Script:
    """What happens on one call: `data` is the Call object as it changes, `events` what was told."""

    data: dict[str, Any]
    now: int
    """UNIX seconds."""
    events: list[Event] = field(default_factory=list)

    def tell(self, name: str, *, after: int = 0) -> None:
        """`after` seconds later the event goes out, with the Call object as it is then."""
        self.now += after
        self.events.append(
            {
                "resource": "call",
                "event": name,
                "timestamp": self.now,
                "data": deepcopy(self.data),
            }
        )


def call_events(
    number: int, kind: str, party: Party, line: Line, *, start: int, dice: Random
) -> list[Event]:
    """All events of one call of this kind in their order; `start` in UNIX seconds.

    No two of them have the same second and stage, so that their order is never a matter of chance.
    """
    outbound, answered = kind.startswith("outbound"), kind.endswith("_answered")
    agent = dice.choice(AGENTS)
    data: dict[str, Any] = {
        "id": number,
        "direct_link": f"https://api.aircall.io/v1/calls/{number}",
        "direction": "outbound" if outbound else "inbound",
        "call_uuid": f"CA{number:032x}",
        "status": "initial",
        "missed_call_reason": None,
        "started_at": start,
        "answered_at": None,
        "ended_at": None,
        "duration": 0,
        "hangup_cause": None,
        "voicemail": None,
        "recording": None,
        "asset": None,
        "raw_digits": party.raw,
        "user": agent_payload(agent) if outbound else None,
        "contact": party.person,
        "archived": False,
        "assigned_to": None,
        "transferred_by": None,
        "transferred_to": None,
        "number": line_payload(line),
        "comments": [],
        "tags": [],
        "participants": [],
    }
    script = Script(data, start)
    if dice.random() < 0.8:
        script.tell("call.created")
    if not outbound and dice.random() < 0.3:
        script.tell("call.ringing_on_agent", after=2)
    if not outbound and dice.random() < 0.06:
        data["ivr_options_selected"] = [
            {"id": f"opt-{number}", "title": "Press 2 for billing", "key": "2", "created_at": start}
        ]
        script.tell("call.ivr_option_selected", after=1)
    if answered:
        script.now = start + dice.randint(4, 30)
        data |= {"answered_at": script.now, "status": "answered", "user": agent_payload(agent)}
        if dice.random() < 0.7:
            script.tell("call.answered")
        if dice.random() < 0.08:
            _transfer(script, dice)
        if dice.random() < 0.15:
            _after_call(script, dice)
    _hang_up(script, kind, dice)
    return script.events


def _transfer(script: Script, dice: Random) -> None:
    colleague = dice.choice(AGENTS[2:])
    script.data |= {
        "transferred_by": script.data["user"],
        "transferred_to": agent_payload(colleague),
    }
    script.tell("call.transferred", after=20)


def _hang_up(script: Script, kind: str, dice: Random) -> None:
    """Hang-up, the end 30 seconds later, and what people and Aircall do long after it."""
    data, number = script.data, script.data["id"]
    script.now += dice.randint(5, 400)
    data |= {"ended_at": script.now, "status": "done"}
    data["duration"] = script.now - data["started_at"]
    data["hangup_cause"] = dice.choice(CAUSES.get(kind, (None,)))
    data["missed_call_reason"] = dice.choice(REASONS.get(kind, (None,)))
    if dice.random() < 0.5:
        script.tell("call.hungup")
    late = dice.random() < 0.5
    spoken = kind == "inbound_voicemail"
    recorded = kind.endswith("_answered") and dice.random() < 0.5
    if spoken and not late:
        _voicemail(data)
        if dice.random() < 0.5:
            script.tell("call.voicemail_left", after=10)
    if recorded and not late:
        _recording(data)
    script.tell("call.ended", after=30)
    if spoken and late:
        _voicemail(data)
        script.tell("call.voicemail_left", after=9)
    if recorded and late:
        _recording(data)
        script.tell("call.comm_assets_generated", after=12)
    while dice.random() < 0.47:
        _after_call(script, dice)
    if number % 50 == 0:
        data["archived"] = True
        script.tell("call.archived", after=5)


def _voicemail(data: dict[str, Any]) -> None:
    data["voicemail"] = f"https://recordings.example-storage.com/{data['id']}/voicemail.mp3?X=1"
    data["asset"] = f"https://assets.aircall.io/calls/{data['id']}/voicemail/info"


def _recording(data: dict[str, Any]) -> None:
    data["recording"] = f"https://recordings.example-storage.com/{data['id']}/recording.mp3?X=1"
    data["asset"] = f"https://assets.aircall.io/calls/{data['id']}/recording/info"


def _after_call(script: Script, dice: Random) -> None:
    """One thing a person does: tag, take a tag off, comment, assign."""
    data, agent = script.data, dice.choice(AGENTS[:3])
    held = [tag["id"] for tag in data["tags"]]
    done = dice.random()
    if done < 0.5 and len(held) < len(TAGS):
        tag = dice.choice([tag for tag in TAGS if tag not in held])
        data["tags"] = [*data["tags"], {"id": tag, "name": TAGS[tag], "tagged_at": script.now}]
        script.tell("call.tagged", after=dice.randint(1, 60))
    elif done < 0.65 and held:
        gone = dice.choice(held)
        data["tags"] = [tag for tag in data["tags"] if tag["id"] != gone]
        script.tell("call.untagged", after=dice.randint(1, 60))
    elif done < 0.9 and len(data["comments"]) < 5:
        script.now += dice.randint(1, 60)
        comment = {
            "id": data["id"] * 10 + len(data["comments"]),
            "content": dice.choice(SAID),
            "posted_at": script.now,
            "posted_by": agent_payload(agent),
        }
        data["comments"] = [*data["comments"], comment]
        script.tell("call.commented")
    else:
        data["assigned_to"] = agent_payload(agent)
        script.tell("call.assigned", after=dice.randint(1, 60))
