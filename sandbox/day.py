"""A small day of calls and messages of every kind, always the same, and the days before it."""

from collections.abc import Iterable
from dataclasses import dataclass

from sandbox.answer import Json
from sandbox.traffic import (
    CALL_KINDS,
    Story,
    aircall_contact,
    call_events,
    ended_of,
    group_events,
    message_events,
)

CLAIRE = "+33199004567"
CALLERS = (CLAIRE, "+33199004568", "+12025550177", "+493023125017", "+33199008803")
SIX_HOURS = 21_600


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


def days_before(start: int, count: int = 28) -> tuple[Json, ...]:
    """Return the `call.ended` of calls every six hours before `start`: what a backfill is for."""
    calls = (
        call_events(
            4000 + at,
            CALL_KINDS[at % len(CALL_KINDS)],
            start=start - SIX_HOURS * (count - at),
            phone=CALLERS[at % len(CALLERS)],
            number=1001 + at % 3,
        )
        for at in range(count)
    )
    return tuple(ended_of(events) for events in calls)


def deliveries(day: Iterable[Interaction]) -> list[Json]:
    """Return all events of a day by their timestamps, as Aircall would send them."""
    events = [event for interaction in day for event in interaction.events]
    return sorted(events, key=lambda event: int(event["timestamp"]))
