from __future__ import annotations

import pytest

from rules.events import parse
from rules.folding import fold
from rules.records import FIRST_VERSION, Call, Line, Message, Version, with_known_line

SALES = Line(1001, "Sales France", "+33199000123", "FR")
LINES = {1001: SALES, 1002: Line(1002, "Support", "+442079460018", "GB")}


def delivery(timestamp: int, **data: object) -> object:
    event = {"event": "call.ended", "timestamp": timestamp, "data": {"id": 1, **data}}
    return parse({"arrived": timestamp * 1000, "revision": 1, "source": "webhook", "event": event})


@pytest.mark.parametrize("kind", [Call, Message])
def test_a_line_known_by_its_id_alone_is_filled_in(kind):
    known = with_known_line(kind("x-1", line=Line(1001)), LINES)
    assert known.line == SALES


def test_what_an_event_told_of_the_line_stays():
    told = Line(1001, "Vente", "", "BE", time_zone="Europe/Paris", open=True)
    known = with_known_line(Call("call-1", line=told), LINES)
    assert known.line == Line(1001, "Vente", "+33199000123", "BE", "Europe/Paris", None, open=True)
    assert dict(known.versions) == {"line.1001.digits": FIRST_VERSION}


@pytest.mark.parametrize("line", [None, Line(), Line(1003), SALES])
def test_nothing_is_filled_in_where_nothing_is_known_or_missing(line):
    call = Call("call-1", line=line)
    assert with_known_line(call, LINES) is call


def test_what_was_filled_in_gives_way_to_any_event_and_survives_those_that_say_nothing():
    known = with_known_line(fold(None, [delivery(2_000_000_000, number=1001)]), LINES)
    silent = fold(known, [delivery(2_000_000_001, number={"id": 1001})])
    assert silent.line == SALES
    older = fold(silent, [delivery(1_900_000_000, number={"id": 1001, "name": "Before"})])
    assert older.line == Line(1001, "Before", "+33199000123", "FR")
    assert older.versions["line.1001.name"] == Version(1_900_000_000, 6, 1_900_000_000_000)
