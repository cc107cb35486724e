"""A small day of calls and messages of every kind, always the same, and its sending."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from time import sleep

import requests

from sandbox.answer import Json
from sandbox.traffic import (
    Story,
    aircall_contact,
    call_events,
    group_events,
    message_events,
)

CLAIRE = "+33199004567"
TRIES = 5
PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class Interaction:
    """One call or message of the day: what it shows, and its deliveries in order."""

    name: str
    kind: str
    events: tuple[Json, ...]


def small_day(start: int) -> tuple[Interaction, ...]:
    """Return about 30 interactions from `start` (UNIX seconds) on, two minutes apart."""
    return (*_calls(start), *_after_work(start + 2_400), *_messages(start + 3_000))


def _calls(start: int) -> tuple[Interaction, ...]:
    claire = aircall_contact(710, "Claire", "Dubois", CLAIRE)
    rows = (
        ("known caller", "inbound_answered", CLAIRE, 1001, 456, claire, Story()),
        ("known, odd spelling", "inbound_answered", "+33199004571", 1001, 456, None, Story()),
        ("mobile phone", "outbound_answered", "+33639980012", 1001, 457, None, Story(talk=62)),
        ("unknown caller", "inbound_answered", "+33199008801", 1001, 456, None, Story()),
        ("the same again", "inbound_missed", "+33199008801", 1001, 456, None, Story()),
        ("unknown in Aircall's book", "inbound_answered", "+442079460955", 1001, 457,
         aircall_contact(711, "Ada", "King", "+442079460955"), Story()),
        ("anonymous", "inbound_answered", "anonymous", 1001, 457, None, Story(talk=60)),
        ("anonymous, missed", "inbound_missed", "anonymous", 1002, None, None, Story()),
        ("shared phone", "inbound_answered", "+33199004580", 1001, 456, None, Story()),
        ("company phone", "inbound_answered", "+493023125014", 1003, 458, None, Story()),
        ("no answer", "outbound_unanswered", CLAIRE, 1001, 456, claire, Story()),
        ("busy", "outbound_busy", "+33199004568", 1001, 457, None, Story()),
        ("wrong number", "outbound_wrong_number", "+33199000000", 1001, 457, None, Story()),
        ("voicemail", "inbound_voicemail", "+12025550177", 1002, 457, None, Story()),
        ("late voicemail", "inbound_voicemail", "+12025550178", 1002, 457, None,
         Story(late_voicemail=True)),
        ("out of hours", "inbound_missed", "+12025550199", 1002, None, None,
         Story(missed_reason="out_of_opening_hours", number_open=False)),
        ("given up in the menu", "inbound_missed", "+33199004570", 1001, None, None,
         Story(missed_reason="abandoned_in_ivr", ivr="Sales")),
    )  # fmt: skip
    return tuple(
        Interaction(
            name,
            kind,
            tuple(
                call_events(
                    5001 + at,
                    kind,  # type: ignore[arg-type]  # a literal in the table above
                    start=start + 120 * at,
                    phone=phone,
                    number=number,
                    user=user,
                    contact=contact,
                    story=story,
                )
            ),
        )
        for at, (name, kind, phone, number, user, contact, story) in enumerate(rows)
    )


def _after_work(start: int) -> tuple[Interaction, ...]:
    rows = (
        ("tagged at once", Story(tags=(33,))),
        ("tagged later", Story(later_tags=(31,))),
        ("tag taken away", Story(tags=(32,), untagged=True)),
        ("commented", Story(comments=("Wants a quote <soon> & cheap",), later_comments=("Sent",))),
        ("transferred", Story(transferred_to=457)),
        ("transferred outside", Story(external_transfer="+33199009999")),
        ("assigned", Story(assigned_to=458, recorded=False)),
    )
    return tuple(
        Interaction(
            name,
            "inbound_answered",
            tuple(
                call_events(
                    5101 + at,
                    "inbound_answered",
                    start=start + 60 * at,
                    phone="+49302312501" + str(7 + at % 2),
                    number=1003,
                    story=story,
                )
            ),
        )
        for at, (name, story) in enumerate(rows)
    )


def _messages(start: int) -> tuple[Interaction, ...]:
    def key(at: int) -> str:
        return f"9a1b2c3d-0000-4000-8000-{at:012d}"

    rows = (
        ("SMS in", message_events(key(1), "inbound", start=start, phone=CLAIRE)),
        (
            "SMS out, delivered",
            message_events(
                key(2), "outbound", start=start + 60, phone=CLAIRE, statuses=("delivered",)
            ),
        ),
        (
            "SMS out, failed",
            message_events(
                key(3), "outbound", start=start + 120, phone="+33199000000", statuses=("failed",)
            ),
        ),
        (
            "SMS of somebody unknown",
            message_events(key(4), "inbound", start=start + 180, phone="+33199008802"),
        ),
        (
            "MMS",
            message_events(
                key(5),
                "inbound",
                start=start + 240,
                phone="+12025550179",
                number=1002,
                body="The broken part",
                media=("part.jpg", "invoice.pdf"),
            ),
        ),
        (
            "WhatsApp in",
            message_events(
                key(6), "inbound", start=start + 300, phone="+33639980012", channel="whatsapp"
            ),
        ),
        (
            "WhatsApp template",
            message_events(
                key(7),
                "outbound",
                start=start + 360,
                phone="+33639980013",
                channel="whatsapp",
                template="Hello {{1}}, your order is ready",
            ),
        ),
        (
            "group",
            group_events(key(8), "inbound", start=start + 420, phones=(CLAIRE, "+33199004568")),
        ),
    )
    return tuple(
        Interaction(
            name,
            "inbound_message"
            if events[0]["data"]["direction"] == "inbound"
            else "outbound_message",
            tuple(events),
        )
        for name, events in rows
    )


def deliveries(day: Iterable[Interaction]) -> list[Json]:
    """Return all events of a day by their timestamps, as Aircall would send them."""
    events = [event for interaction in day for event in interaction.events]
    return sorted(events, key=lambda event: int(event["timestamp"]))


def send(day: Iterable[Interaction], url: str, token: str) -> dict[int, int]:
    """Post a day to the product's door (its full URL) and count the answers by status.

    `token` replaces that of the events. As Aircall does, a delivery is sent again (5 times at
    most) after no answer or one that is not 2xx; status 0 counts those never answered.
    """
    answers: Counter[int] = Counter()
    with requests.Session() as session:
        for event in deliveries(day):
            answers[_deliver(session, url, {**event, "token": token})] += 1
    return dict(answers)


def _deliver(session: requests.Session, url: str, event: Json) -> int:
    status = 0
    for attempt in range(TRIES):
        sleep(0.2 * attempt)
        try:
            status = session.post(url, json=event, timeout=PATIENCE).status_code
        except requests.RequestException:
            status = 0
        if 200 <= status < 300 or status == 401:
            break
    return status
