"""The comparison: a right portal is found right, and whatever is wrong with it is found."""

from copy import deepcopy
from random import Random

import pytest

from tests.chaos.calls import SAID, call_events
from tests.chaos.cast import FALLBACK, FRANCE, JEANNE, Party
from tests.chaos.compare import Findings, compare
from tests.chaos.history import check_history, leads_along
from tests.chaos.model import Book, expected
from tests.chaos.wishes import DEMO_BOOKED, NO_ANSWER

BOOK = Book(phones={"+33199210000": "501"}, emails={}, companies={}, company_of={"501": "802"})


def missed():
    """What the model wants of a missed call that HubSpot must hold for contact 501."""
    party = Party("known", "+33 1 99 21 00 00")
    start = 1_790_000_000
    events = call_events(4001, "inbound_missed", party, FRANCE, start=start, dice=Random(1))
    ended = [one for one in events if one["event"] == "call.ended"]
    return expected(ended, "call-4001", BOOK)


def portal(**records):
    kinds = ("contacts", "companies", "calls", "communications", "tickets")
    return {kind: dict(records.get(kind, {})) for kind in kinds}


def held(wanted):
    """A portal that holds exactly what the model wants of a missed call."""
    properties = {
        **wanted.properties,
        "hs_timestamp": "2026-09-21T14:13:20Z",
        "hs_call_title": "Missed call",
        "hs_call_body": "Sales France<br>Chaos<br>Call ID: 4001",
        "hubspot_owner_id": JEANNE,
        "aircall_id": wanted.id,
    }
    ticket = {
        "subject": "Missed",
        "content": "Call ID: 4001",
        "hs_pipeline": "0",
        "hs_pipeline_stage": "1",
        "source_type": "PHONE",
        "hubspot_owner_id": JEANNE,
    }
    links = {"contacts": ["501"], "companies": ["802"], "tickets": ["73"]}
    return portal(
        contacts={"501": record({"firstname": "Claire", "hubspot_owner_id": JEANNE})},
        companies={"802": record({})},
        calls={"71": record(properties, links)},
        tickets={"73": record(ticket, {"calls": ["71"], "contacts": ["501"]})},
    )


def record(properties, associations=None):
    return {"properties": properties, "associations": associations or {}, "archived": False}


def judged(change):
    """What is found wrong after `change` was done to a right portal."""
    wanted = missed()
    right = held(wanted)
    before = portal(contacts=right["contacts"], companies=right["companies"])
    after = deepcopy(right)
    change(after)
    return compare([wanted], after, before).wrong


def test_a_right_portal_is_found_right():
    assert judged(lambda _: None) == {}


def doubled(held_):
    held_["calls"]["72"] = deepcopy(held_["calls"]["71"])


def value(kind, id_, name, text):
    return lambda held_: held_[kind][id_]["properties"].update({name: text})


def unlinked(kind, id_, to):
    return lambda held_: held_[kind][id_]["associations"].pop(to)


@pytest.mark.parametrize(
    "change",
    [
        lambda held_: held_["calls"].clear(),
        doubled,
        value("calls", "71", "hs_call_duration", "1"),
        value("calls", "71", "hs_call_disposition", ""),
        value("calls", "71", "hs_call_title", " "),
        value("calls", "71", "hubspot_owner_id", FALLBACK),
        value("calls", "71", "aircall_id", "call-4002"),
        value("calls", "71", "hs_call_body", "Sales France<br>Call ID: 4001"),
        value("calls", "71", "hs_call_body", "Sales France Chaos <br>Call ID: 4002"),
        value("tickets", "73", "hs_pipeline_stage", "3"),
        value("contacts", "501", "firstname", "Clara"),
        unlinked("calls", "71", "contacts"),
        unlinked("calls", "71", "companies"),
        unlinked("calls", "71", "tickets"),
        unlinked("tickets", "73", "contacts"),
        lambda held_: held_["contacts"].update({"9": record({"phone": "+33199210000"})}),
        lambda held_: held_["tickets"].update({"74": record({"content": "Call ID: 4001"})}),
        lambda held_: held_["calls"]["71"].update(archived=True),
    ],
)
def test_whatever_is_lost_doubled_wrong_or_invented_is_found(change):
    assert judged(change)


def test_values_that_go_back_are_found():
    way = ({"a"}, {"b", "c"}, {"a"})
    assert leads_along(["a", "c", "a"], way)
    assert leads_along(["b", "a"], way)
    assert not leads_along(["a", "b", "a", "c"], way)
    assert not leads_along(["d"], way)


@pytest.mark.parametrize(
    ("name", "ways", "right"),
    [
        ("hs_call_duration", ["0"], True),
        ("hs_call_duration", ["5", "0"], False),
        ("hs_call_has_voicemail", ["true", "false"], False),
        ("hs_call_disposition", [NO_ANSWER, DEMO_BOOKED, NO_ANSWER], False),
        ("hs_call_body", [f"{SAID[0]}<br>Call ID: 4001", "Call ID: 4001"], False),
    ],
)
def test_a_record_that_went_back_on_its_way_is_found(name, ways, right):
    wanted = missed()
    right_portal = held(wanted)
    first = {**right_portal["calls"]["71"]["properties"], name: ways[0]}
    changes = [(0.0, first), *((1.0, {name: way}) for way in ways[1:])]
    history = {"calls": {"71": changes}, "tickets": {"73": [(0.0, {"hs_pipeline_stage": "1"})]}}
    findings = Findings()
    check_history([wanted], right_portal, portal(), history, findings)
    assert (findings.wrong == {}) == right
