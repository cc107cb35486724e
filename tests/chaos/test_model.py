"""The model itself: a few interactions by hand, and comparisons that must find what is wrong."""

from copy import deepcopy
from random import Random

import pytest

from tests.chaos.calls import CALL_KINDS, Script, call_events
from tests.chaos.cast import AMERICA, FALLBACK, FRANCE, UNCONNECTED, Party, cast, person
from tests.chaos.messages import group_events, message_events
from tests.chaos.model import Book, digits, expected
from tests.chaos.traffic import deliveries, interactions
from tests.chaos.wishes import DEMO_BOOKED, LEFT_MESSAGE, NO_ANSWER

CLAIRE = Party("known", "+33 1 99 21 00 00")
STRANGER = Party("unknown", "+33 1 99 25 30 00")
BOOK = Book(
    phones={"+33199210000": "501"},
    emails={"by.mail@example.org": "502"},
    companies={"+33199230000": "801"},
    company_of={"501": "802"},
)


def call(kind, party=CLAIRE, line=FRANCE, seed=1):
    return call_events(4001, kind, party, line, start=1_790_000_000, dice=Random(seed))


def model(events, own="call-4001"):
    return expected(events, own, BOOK)


@pytest.mark.parametrize("kind", CALL_KINDS)
@pytest.mark.parametrize("seed", range(40))
def test_a_call_is_of_the_kind_it_was_built_as_in_whatever_order_it_is_told(kind, seed):
    events = call(kind, seed=seed)
    shuffled = [*events, *events]
    Random(seed).shuffle(shuffled)
    assert model(events).kind == kind
    assert model(shuffled) == model(events)


def test_a_missed_call_belongs_to_the_contact_with_a_ticket_and_no_answer():
    wanted = model([one for one in call("inbound_missed") if one["event"] == "call.ended"])
    assert (wanted.contacts, wanted.company, wanted.stage) == ({"501"}, "802", "1")
    assert wanted.properties["hs_call_disposition"] == NO_ANSWER
    assert wanted.properties["hs_call_status"] == "NO_ANSWER"
    assert wanted.properties["hs_call_from_number"] == "+33199210000"
    assert wanted.properties["hs_call_has_voicemail"] == "false"
    assert (wanted.owners, wanted.takes_contact_owner) == ({FALLBACK}, True)


def test_an_answered_call_lasts_from_the_answer_to_the_end_in_milliseconds():
    events = call("inbound_answered")
    data = events[-1]["data"]
    talked = (data["ended_at"] - data["answered_at"]) * 1000
    wanted = model(events)
    assert (wanted.properties["hs_call_duration"], wanted.stage) == (str(talked), None)
    assert wanted.properties["hs_call_status"] == "COMPLETED"


def tagged(*steps):
    """An ended call, then its tags as they were after each step."""
    events = [one for one in call("inbound_missed") if one["event"] == "call.ended"]
    script = Script(deepcopy(events[-1]["data"]), events[-1]["timestamp"], events)
    for names in steps:
        script.data["tags"] = [{"id": n, "name": name} for n, name in enumerate(names)]
        script.tell("call.tagged", after=5)
    return events


def test_the_newest_tags_choose_the_outcome_and_two_that_disagree_choose_none():
    assert model(tagged(["VIP"])).properties["hs_call_disposition"] == DEMO_BOOKED
    assert model(tagged(["VIP"], ["Hot lead"])).properties["hs_call_disposition"] == LEFT_MESSAGE
    both = model(tagged(["VIP"], ["VIP", "Hot lead"]))
    assert both.properties["hs_call_disposition"] == NO_ANSWER
    gone = model(tagged(["VIP"], []))
    assert gone.properties["hs_call_disposition"] == NO_ANSWER
    assert "VIP" in gone.hides


def test_a_voicemail_after_the_end_changes_kind_and_stage():
    events = next(
        made
        for made in (call("inbound_voicemail", seed=seed) for seed in range(99))
        if [one["event"] for one in made].index("call.ended")
        < max(n for n, one in enumerate(made) if one["event"] == "call.voicemail_left" or n == 0)
    )
    wanted = model(events)
    assert (wanted.kind, wanted.stage) == ("inbound_voicemail", "3")


def test_what_is_not_connected_out_of_hours_or_not_ended_is_not_logged():
    assert model(call("inbound_missed", line=UNCONNECTED)).fate == "number not connected"
    closed = call("inbound_missed")
    closed[-1]["data"]["missed_call_reason"] = "out_of_opening_hours"
    assert model(closed).fate == "outside hours"
    open_ = [one for one in call("outbound_busy") if one["event"] == "call.created"]
    assert model(open_).fate == "pending"


def test_an_unknown_phone_makes_a_contact_and_firms_own_lines_and_the_anonymous_none():
    assert model(call("inbound_missed", STRANGER)).new_contact == "+33199253000"
    firm = model(call("inbound_missed", Party("company", "+33 1 99 23 00 00")))
    assert (firm.company, firm.new_contact, firm.contacts) == ("801", None, frozenset())
    for raw in ("anonymous", "112", FRANCE.digits, AMERICA.digits):
        nobody = model(call("inbound_missed", Party("nobody", raw)))
        assert (nobody.company, nobody.new_contact, nobody.contacts) == (None, None, frozenset())


def test_an_unknown_phone_of_a_known_mail_belongs_to_that_contact():
    mail = person(1, "By", "Mail", "+33199240000", "by.mail@example.org")
    party = Party("mail", "+33 1 99 24 00 00", person=mail)
    assert model(call("inbound_missed", party)).contacts == {"502"}


def test_a_message_that_failed_says_so_and_one_of_a_group_makes_no_contact():
    events = message_events(
        "a-1", "outbound_sms", STRANGER, FRANCE, start=1_790_000_000, dice=Random(3)
    )[:1]
    failed = deepcopy(events[0])
    failed |= {"event": "message.status_updated", "timestamp": 1_790_000_009}
    failed["data"]["status"] = "failed"
    assert "not delivered" in model([failed, *events], "message-a-1").says
    assert "not delivered" in model(events, "message-a-1").hides
    phones = [CLAIRE.raw, STRANGER.raw]
    group = model(
        group_events("g", "inbound", phones, FRANCE, start=1_790_000_000, dice=Random(1)), "group-g"
    )
    assert (group.contacts, group.new_contact, group.stage) == ({"501"}, None, "4")


def test_what_aircall_shows_is_read_as_a_phone_only_if_it_is_one():
    assert digits("+1 202-555-0142") == "+12025550142"
    assert [digits(raw) for raw in ("anonymous", "112", "3631")] == [None] * 3


def test_the_traffic_holds_every_kind_and_role_and_is_the_same_from_the_same_seed():
    people = cast(5)
    made = interactions(people, 1000, 1_790_000_000, 5)
    sent = deliveries(made, 70, 5)
    assert sent == deliveries(interactions(cast(5), 1000, 1_790_000_000, 5), 70, 5)
    assert len(made) == len({one.id for one in made}) == 1000
    assert 3000 < len(sent) < 4000
    assert {one.kind for one in made} >= {*CALL_KINDS, "group", "never ended", "outbound_template"}
    assert {one.party.role for one in made} == set(people.parties)
    assert 0.015 < sum(one.about == "rubbish" for one in sent) / len(sent) < 0.025
    assert sent[-1].at <= 70
    for one in made:
        told = [(event["timestamp"], event["event"]) for event in one.events]
        assert told == sorted(told, key=lambda each: each[0])
