"""The phone of the sandbox: lets calls happen and tells the product of them as Aircall would."""

from collections.abc import Mapping
from threading import Lock
from time import time
from uuid import uuid4

from sandbox.aircall import company
from sandbox.aircall.world import AircallWorld
from sandbox.answer import Json, Misunderstood
from sandbox.day import Interaction
from sandbox.shapes import check_fields
from sandbox.story import CALL_KINDS, Story, shown_digits
from sandbox.traffic import aircall_contact, call_events, message_events

CALLERS: tuple[tuple[str, str], ...] = (
    ("Claire Dubois, a customer", "+33199004567"),
    ("Marc Petit, a customer", "+33199004568"),
    ("John Carter, a customer", "+12025550177"),
    ("Nordlicht GmbH, a company", "+493023125014"),
    ("Two customers with one phone", "+33199004580"),
    ("Somebody unknown", "+33199008811"),
    ("A hidden number", "anonymous"),
)
"""What they are called, and their phone in E.164 or `anonymous`."""
KINDS: Mapping[str, tuple[str, str]] = {
    "inbound_answered": ("Incoming call, answered", "Call, answered"),
    "inbound_missed": ("Incoming call, missed", "Call, missed"),
    "inbound_voicemail": ("Incoming call, missed, with voicemail", "Call, voicemail left"),
    "outbound_answered": ("Outgoing call, answered", "Call, answered"),
    "outbound_unanswered": ("Outgoing call, no answer", "Call, no answer"),
    "outbound_busy": ("Outgoing call, busy", "Call, busy"),
    "outbound_wrong_number": ("Outgoing call, wrong number", "Call, wrong number"),
    "inbound_message": ("Incoming SMS", "SMS"),
    "outbound_message": ("Outgoing SMS", "SMS"),
    "inbound_whatsapp": ("Incoming WhatsApp message", "WhatsApp"),
}
"""What can happen: its whole name, and its name below the direction."""
HIDDEN = "anonymous"
IN_THE_BOOK = {"+33199004567": aircall_contact(710, "Claire", "Dubois", "+33199004567")}
"""Whom Aircall's own address book knows."""


class Phone:
    """Makes interactions happen just now. `door` is the full URL of the product's webhook."""

    def __init__(self, aircall: AircallWorld, door: str = "") -> None:
        self.aircall = aircall
        self.door = door
        self._last_id = 0
        self._lock = Lock()

    @property
    def door(self) -> str:
        """Where Aircall's webhooks lead."""
        return self.aircall.deliveries.door

    @door.setter
    def door(self, url: str) -> None:
        self.aircall.deliveries.door = url

    def offer(self) -> Json:
        """Return what can happen: kinds, callers, lines, tags, and where the door is."""
        lines = [
            {"id": str(id_), "name": f"{one['name']} ({one['digits']})"}
            for id_, one in company.NUMBERS.items()
        ]
        return {
            "kinds": [
                {"id": kind, "name": name, "short": short} for kind, (name, short) in KINDS.items()
            ],
            "callers": [{"id": phone, "name": _called(name, phone)} for name, phone in CALLERS],
            "lines": lines,
            "tags": [{"id": str(id_), "name": one["name"]} for id_, one in company.TAGS.items()],
            "door": self.door,
        }

    def happen(self, given: Json) -> Json:
        """Let an interaction of a `kind` with a `caller` on a `line` happen, ending this moment.

        Calls may get a `tag`. Returns the id and how often the door gave which status (0: no
        answer), which is empty where no active webhook leads there. Misunderstood for what cannot
        happen, and where nobody told of a door.
        """
        asked = check_fields(given, "body", {"kind": str, "caller": str, "line": str}, {"tag": str})
        kind, phone, number = asked["kind"], asked["caller"], int(asked["line"])
        tags = (int(asked["tag"]),) if asked.get("tag") else ()
        _check(kind, phone, number, tags)
        if not self.door:
            raise Misunderstood("Nobody said where the product's door is; `make run` does.")
        one = self._made(kind, phone, number, tags)
        answers = self.aircall.happen(one.events)
        return {"id": one.name, "answers": {str(status): n for status, n in answers.items()}}

    def _made(self, kind: str, phone: str, number: int, tags: tuple[int, ...]) -> Interaction:
        now, user, contact = int(time()), company.NUMBER_USERS[number], IN_THE_BOOK.get(phone)
        if kind not in CALL_KINDS:
            id_ = str(uuid4())
            message = message_events(
                id_,
                "outbound" if kind == "outbound_message" else "inbound",
                start=now,
                phone=phone,
                number=number,
                user=user,
                contact=contact,
                channel="whatsapp" if kind == "inbound_whatsapp" else None,
            )
            return Interaction(id_, kind, tuple(message))
        call_id = self._next_id(now)
        story = Story(talk=95, tags=tags)

        def call(start: int) -> list[Json]:
            return call_events(
                call_id,
                kind,
                start=start,
                phone=phone,
                number=number,
                user=user,
                contact=contact,
                story=story,
            )

        took = int(call(0)[-1]["timestamp"])
        return Interaction(str(call_id), kind, tuple(call(now - took)))

    def _next_id(self, now: int) -> int:
        """Return an id that no call had, not even before this sandbox was started again."""
        with self._lock:
            self._last_id = max(self._last_id + 1, now)
            return self._last_id


def _check(kind: str, phone: str, number: int, tags: tuple[int, ...]) -> None:
    known = phone in [one for _, one in CALLERS] and number in company.NUMBERS
    if kind not in KINDS or not known or not set(tags) <= set(company.TAGS):
        raise Misunderstood("That is not among what can happen here.")
    if phone == HIDDEN and kind not in CALL_KINDS:
        raise Misunderstood("A hidden number can neither send nor get a message.")
    if phone == HIDDEN and kind.startswith("outbound"):
        raise Misunderstood("Nobody can call a hidden number.")


def _called(name: str, phone: str) -> str:
    return name if phone == HIDDEN else f"{name} ({shown_digits(phone)})"
