"""Whatever the rules and the worker say of an interaction is listed for the catalogue."""

from __future__ import annotations

import itertools
import re

import pytest

from bot.words.retold import PARTS, RETOLD
from rules.contacts import Candidate, choose_contact
from rules.hours import LineHours, hours_of
from rules.kinds import Kind
from rules.outcomes import DEFAULT_OUTCOMES, outcome_of
from rules.owners import Owner, owner_of, owners_by
from rules.phones import parse_phone, unusable_because
from rules.records import Call, Line, Tag
from sandbox.story import Story
from sandbox.traffic import CALL_KINDS, call_events, group_events, message_events
from tests.worker.product import KNOWN, START, UNKNOWN, call

HOLE = re.compile(r"\\\{\w+\\\}")
PATTERNS = [re.compile(HOLE.sub(".+?", re.escape(each)), re.DOTALL) for each in RETOLD]


def is_listed(said):
    return any(pattern.fullmatch(said) for pattern in PATTERNS)


def unlisted(*said):
    parts = [part for each in said for part in each.split(PARTS)]
    return sorted({part for part in parts if part and not is_listed(part)})


def told_by(decision):
    reason = "" if decision.result == "logged" and decision.kind else decision.reason
    return [*decision.choices.values(), *decision.notes, reason]


def test_no_sentence_is_listed_twice():
    assert len(set(RETOLD)) == len(RETOLD)


def test_every_reason_for_an_owner_is_listed():
    on = Owner("1", "a@b.fr", "Ada", active=True)
    off = Owner("2", "gone@b.fr", "Eve", active=False)
    said = [
        owner_of(agent, contact, owners_by(owners), fallback).because
        for agent, contact, owners, fallback in itertools.product(
            [None, "a@b.fr", "gone@b.fr", "x@y.z"],
            [None, "1", "2"],
            [(), (on, off)],
            [None, "1", "2"],
        )
    ]
    assert len(set(said)) > 12
    assert unlisted(*said) == []


def test_every_reason_for_an_outcome_is_listed():
    portal = {guid: label for label, guid in DEFAULT_OUTCOMES.items() if label != "Busy"}
    said = [
        outcome_of(kind, tags, {kind.value: label}, mapped, portal).because
        for kind, tags, label, mapped in itertools.product(
            [Kind.INBOUND_MISSED, Kind.OUTBOUND_BUSY, Kind.INBOUND_MESSAGE],
            [(), (Tag(1, "A"),), (Tag(1, "A"), Tag(2, "B"))],
            ["Connected", "Busy", "None", None],
            [{}, {"1": "Busy"}, {"1": "Connected", "2": "No answer"}],
        )
    ]
    assert len(set(said)) > 12
    assert unlisted(*said) == []


def test_every_word_on_business_hours_is_listed():
    lines = [None, *(Line(1, availability=each) for each in ("open", "closed", None))]
    lines += [Line(1, open=each) for each in (True, False)]
    seen = [
        None,
        *(LineHours(state, at) for state in (True, False) for at in (1, 900_000, 2_000_000)),
    ]
    reasons = [None, "out_of_opening_hours"]
    said = [
        hours_of(Call("call-1", line=line, started_at=1_000, missed_reason=reason), hours).because
        for line, hours, reason in itertools.product(lines, seen, reasons)
    ]
    assert len(set(said)) >= 7
    assert unlisted(*said) == []


@pytest.mark.parametrize("raw", ["anonymous", "", "112", "12", "7", "abc", ";ext=4", "12345"])
def test_every_phone_of_whom_no_contact_is_made_is_listed(raw):
    reason = unusable_because(raw, "FR")
    assert reason
    assert unlisted(f"no contact is made of: {reason}") == []


def test_every_way_to_find_a_contact_is_listed():
    phone = parse_phone(KNOWN, None)
    two = [Candidate("1", (KNOWN,), "a@b.fr"), Candidate("2", (KNOWN,), "a@b.fr")]
    for found in ([], two[:1], two):
        assert unlisted(choose_contact(phone, (), found, "FR").because) == []
        assert unlisted(choose_contact(None, ("a@b.fr",), found, "FR").because) == []


def test_all_that_is_said_of_a_busy_day_is_listed(team):
    product = team.product
    product.set(
        tickets__pipeline="0",
        tickets__stages__inbound_missed="1",
        tag_outcomes={"VIP": "Connected"},
    )
    for n, kind in enumerate(CALL_KINDS, 1):
        product.log(call_events(n, kind, start=START, phone=UNKNOWN if n % 2 else KNOWN))
    product.log(call(Story(tags=(33,), untagged=True), id_=20))
    product.log(call(id_=21, phone="anonymous"))
    product.log(message_events("m", "inbound", start=START, phone=KNOWN))
    product.log(group_events("g", "inbound", start=START, phones=[KNOWN, UNKNOWN]))
    product.log(call(id_=22)[:2])
    product.hubspot.fault("partial", path="*/calls/batch/create", which="every", permanent=True)
    product.log(call(id_=23))
    product.set(create_contacts=False, business_hours_only=True)
    product.log(call(id_=24, phone="+33199887700"))
    product.log(call(Story(missed_reason="out_of_opening_hours"), id_=25))
    product.set(numbers=[1002])
    product.log(call(id_=26))
    product.set(enabled=False)
    product.log(call(id_=27))
    ids = [key.decode().removeprefix("ah:record:") for key in team.redis.keys("ah:record:*")]
    said = [each for id_ in ids for each in told_by(product.decision(id_))]
    assert len(set(said)) > 15
    assert unlisted(*said) == []
