"""Worlds at the extremes: very many of everything, and names that would call, break or mirror."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Final

from rules.plan import Decision, Record
from rules.settings import with_values
from sandbox.hubspot.people import add_pipeline
from sandbox.hubspot.records import Owner
from sandbox.story import Story
from sandbox.traffic import aircall_contact, call_events, group_events, message_events
from store import keys
from store.records import record_json
from store.settings import Author
from tests.bot.modals.drafts import WILD, wild
from tests.bot.team import ADMIN, GERMAN, GUEST, MEMBER, OTHER_MEMBER, OWNER, Team
from tests.worker.product import KNOWN, START, UNKNOWN

NOW: Final = 1_790_000_000.0
NAME: Final = "<!channel> & *Ö* `x` 📞👩‍👩‍👧 שירות לקוחות <@U0OWNER> very long name of this"[
    :80
].strip()
"""A name that the settings take."""
KINDS: Final = (
    "outbound_answered", "outbound_unanswered", "inbound_answered", "inbound_missed",
    "inbound_voicemail", "outbound_message", "inbound_message",
)  # fmt: skip
OUTCOMES: Final = (
    "outbound_answered", "outbound_unanswered", "outbound_busy", "outbound_wrong_number",
    "inbound_answered", "inbound_missed", "inbound_voicemail",
)  # fmt: skip
BUSY: Final = 300
"""Failures that have a cause of their own."""


@dataclass(frozen=True)
class Size:
    """How many there are of each."""

    numbers: int = 0
    pipelines: int = 0
    stages: int = 0
    owners: int = 0
    tags: int = 0
    outcomes: int = 0
    revisions: int = 0
    failures: int = 0


SIZES: Final = {
    "nothing": Size(),
    "one of each": Size(1, 1, 1, 1, 1, 1, 1, 1),
    "a hundred and one": Size(101, 40, 30, 300, 101, 101, 100, 101),
    "a thousand": Size(1000, 40, 30, 300, 300, 300, 100, 1000),
}


def make_wild(team: Team, size: Size) -> None:
    """Put a world of this size at the vendors, read it, and choose all of it."""
    _aircall(team, size)
    _hubspot(team, size)
    _people(team)
    team.product.read_directory()
    _settings(team, size)
    _failures(team, size.failures)
    _alerts(team)
    _calls(team)


def _aircall(team: Team, size: Size) -> None:
    office = team.product.aircall.office
    number, tag = office.numbers[1001], office.tags[33]
    office.numbers.clear()
    office.messaging.clear()
    office.tags.clear()
    for n in range(1, size.numbers + 1):
        office.numbers[n] = {**number, "id": n, "name": wild(n), "digits": f"+33 1 99 {n:06}"}
        office.messaging[n] = "native"
    for n in range(1, size.tags + 1):
        office.tags[n] = {**tag, "id": n, "name": wild(n)}


def _hubspot(team: Team, size: Size) -> None:
    portal = team.product.hubspot.portal
    portal.pipelines.clear()
    portal.owners.clear()
    for p in range(1, size.pipelines + 1):
        stages = {f"p{p}s{s}": wild(s) for s in range(1, size.stages + 1)}
        add_pipeline(portal, f"p{p}", wild(p), stages, NOW)
    for n in range(1, size.owners + 1):
        portal.owners[f"{n}"] = Owner(f"{n}", f"{n}@example.com", wild(n)[:90], WILD[:90], n)
    kept = portal.properties["calls"]["hs_call_disposition"]
    options = tuple((wild(n), f"guid-{n}") for n in range(1, size.outcomes + 1))
    portal.properties["calls"]["hs_call_disposition"] = replace(kept, options=options)


def _people(team: Team) -> None:
    """Give everybody in Slack a name that would do harm."""
    for n, user in enumerate((ADMIN, OWNER, MEMBER, OTHER_MEMBER, GERMAN, GUEST)):
        team.slack.person(user).name = wild(n)


def _settings(team: Team, size: Size) -> None:
    """Choose everything by name, in so many revisions by people of such names."""
    revisions = team.product.shop.revisions
    chosen: dict[str, object] = {
        "name": NAME,
        "numbers": list(range(1, size.numbers + 1)) or "all",
        "tag_outcomes": {f"{n}": "guid-1" for n in range(1, size.tags + 1)},
        **{f"outcomes.{kind}": None for kind in OUTCOMES},
    }
    if size.stages:
        last = size.pipelines
        chosen["tickets.pipeline"] = f"p{last}"
        chosen |= {f"tickets.stages.{k}": f"p{last}s{n}" for n, k in enumerate(KINDS, 1)}
        chosen |= {f"tickets.stages.{k}": f"p{last}s1" for k in KINDS if size.stages < 7}
    if size.owners:
        chosen["fallback_owner"] = f"{size.owners}"
    for n in range(size.revisions):
        author = Author("cli", name=wild(n)) if n % 2 else Author("admin", ADMIN, wild(n))
        current = revisions.current()
        wanted = with_values(current.settings, {"name": f"{n} {NAME}"[:80].strip()})
        revisions.save(wanted, author, current.number, WILD if n % 3 else "")
    current = revisions.current()
    wanted = with_values(current.settings, chosen)
    revisions.save(wanted, Author("admin", OWNER, WILD), current.number)


def _failures(team: Team, count: int) -> None:
    pipeline = team.redis.pipeline()
    for n in range(1, count + 1):
        said = f"{'x' * (n % BUSY)} {WILD} <b>no</b>" * 3
        kept = Decision("failed", "HubSpot refused it", errors=(said,) * 5, notes=(WILD,) * 9, at=n)
        pipeline.set(keys.record(f"call-{n}"), record_json(Record(decision=kept)))
        pipeline.zadd(keys.FAILURES, {f"call-{n}": int(NOW) * 1000 + n})
    pipeline.execute()


def _alerts(team: Team) -> None:
    about = {"pipeline": WILD, "stage": WILD, "kinds": ",".join(OUTCOMES)}
    for name in ("stage missing x", "pipeline missing x", "number x", "owner x", "tag x", "odd"):
        for n in range(4):
            team.product.shop.alerts.raise_(f"{name}{n}", f"{WILD} " * 9, about)
    for n in range(40):
        team.redis.hset(keys.CAUSES, f"{n}{WILD}", n)
    quarter = int(team.redis.time()[0]) // 900
    for reason in ("disabled", WILD, "number not connected"):
        team.redis.hincrby(keys.quarter(quarter), f"ignored|{reason}", 10**6)


def _calls(team: Team) -> None:
    """Log calls and messages of people, lines and tags with such names."""
    person = aircall_contact(900, wild(1), "X" * 300, UNKNOWN)
    story = Story(tags=(33,), comments=(WILD,) * 3, ivr=WILD)
    odd: list[tuple[list[dict[str, object]], str]] = [
        (call_events(90_001, "inbound_answered", start=START, phone=UNKNOWN, contact=person,
                     story=story), "90001"),
        (call_events(90_002, "inbound_voicemail", start=START, phone=KNOWN), "90002"),
        (message_events("m-9", "inbound", start=START, phone=UNKNOWN, body=WILD * 9,
                        contact=person), "m-9"),
        (group_events("g-9", "inbound", start=START, phones=[KNOWN, UNKNOWN]), "g-9"),
    ]  # fmt: skip
    for events, _ in odd:
        for event in events:
            _rename(event["data"])
        team.product.log(events)


def _rename(data: dict[str, object]) -> None:
    for name in ("number", "user", "assigned_to"):
        there = data.get(name)
        if isinstance(there, dict) and "name" in there:
            data[name] = {**there, "name": WILD, **({"id": 1} if name == "number" else {})}
    tags = data.get("tags")
    if isinstance(tags, list):
        data["tags"] = [{**each, "name": wild(n)} for n, each in enumerate(tags * 20)]


def give_up_all(team: Team) -> None:
    """Let two be given up with such a reason by somebody of such a name."""
    from rules.plan import Dismissal  # noqa: PLC0415 - only here

    gone = Dismissal("U0ADMIN?", WILD, WILD * 3, 1)
    kept = Decision("failed", "HubSpot refused it", errors=(WILD,), dismissed=gone)
    team.redis.set(keys.record("call-80001"), record_json(Record(decision=kept)))
    team.redis.zadd(keys.DISMISSED, {"call-80001": 1})
    team.redis.hset(keys.GRANTS, MEMBER, json.dumps({"by": WILD, "at": 1}))
