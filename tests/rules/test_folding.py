from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.events import KNOWN_EVENTS, Event, parse, read_envelope
from rules.folding import fold
from rules.kinds import Kind
from rules.records import Agent, Arrival, Call, Choice, Comment, Line, Message, Tag, Version
from rules.summaries import facts

CALL_EVENTS = sorted(name for name in KNOWN_EVENTS if name.startswith("call."))
MESSAGE_EVENTS = ["message.sent", "message.received", "message.status_updated"]
GROUP_EVENTS = [f"group_{name}" for name in MESSAGE_EVENTS]


def made(name="call.ended", timestamp=100, arrived=1000, source="webhook", revision=1, **data):
    event = {"event": name, "timestamp": timestamp, "data": {"id": 1, **data}}
    envelope = {"arrived": arrived, "revision": revision, "source": source, "event": event}
    parsed = parse(envelope)
    assert isinstance(parsed, Event)
    return parsed


def sometimes(strategy):
    return st.none() | strategy


NUMBER = st.fixed_dictionaries(
    {"id": st.sampled_from([1001, 1002])},
    optional={
        "name": st.sampled_from(["Sales", "Support"]),
        "country": st.sampled_from(["FR", "DE"]),
        "open": st.booleans(),
        "availability_status": st.sampled_from(["open", "custom", "closed"]),
    },
)
USER = st.fixed_dictionaries({"id": st.integers(1, 2), "name": st.sampled_from(["A", "B"])})
COMMENT = st.fixed_dictionaries(
    {"id": st.integers(1, 3), "content": st.sampled_from(["x", "yy"])},
    optional={"posted_at": st.integers(1, 3), "posted_by": USER},
)
CHOICE = st.fixed_dictionaries({"id": st.sampled_from("ab"), "title": st.sampled_from(["S", "T"])})
PERSON = st.fixed_dictionaries(
    {"id": st.integers(1, 2)},
    optional={
        "first_name": st.sampled_from(["Claire", "Max"]),
        "emails": st.lists(st.just({"value": "a@example.com"}), max_size=1),
    },
)
PHONE = st.sampled_from(["+33199004567", "+44 20 7946 0018", "anonymous"])
CALL_DATA = {
    "raw_digits": sometimes(PHONE),
    "started_at": sometimes(st.integers(1, 2)),
    "missed_call_reason": sometimes(st.sampled_from(["short_abandoned", "x"])),
    "asset": sometimes(st.sampled_from(["https://assets.aircall.io/a", "https://x.example/"])),
    "contact": sometimes(PERSON),
    "assigned_to": sometimes(USER),
    "transferred_by": sometimes(USER),
    "transferred_to": sometimes(USER),
    "external_transferred_to": sometimes(PHONE),
    "direction": sometimes(st.sampled_from(["inbound", "outbound"])),
    "answered_at": sometimes(st.integers(1, 3)),
    "ended_at": sometimes(st.integers(4, 6)),
    "status": sometimes(st.just("done")),
    "hangup_cause": sometimes(st.sampled_from(["busy", "x"])),
    "voicemail": sometimes(st.just("https://x.example/v.mp3")),
    "recording": sometimes(st.just("https://x.example/r.mp3")),
    "number": sometimes(NUMBER),
    "user": sometimes(USER),
    "tags": sometimes(st.lists(USER, max_size=2)),
    "comments": sometimes(st.lists(COMMENT, max_size=3)),
    "ivr_options_selected": sometimes(st.lists(CHOICE, max_size=2)),
}
MESSAGE_DATA = {
    "external_number": sometimes(PHONE),
    "channel": sometimes(st.sampled_from(["whatsapp", "sms"])),
    "template_content": sometimes(st.sampled_from(["t", "u"])),
    "participants": sometimes(st.lists(PHONE, max_size=2)),
    "contact": sometimes(PERSON),
    "direction": sometimes(st.sampled_from(["inbound", "outbound"])),
    "body": sometimes(st.sampled_from(["", "a", "b"])),
    "status": sometimes(st.sampled_from(["sent", "failed"])),
    "media_url": sometimes(st.lists(st.sampled_from(["/a.png", "/b.png"]), max_size=2)),
    "sent_at": sometimes(st.integers(1, 3)),
    "number": sometimes(NUMBER),
    "user": sometimes(USER),
}


def events_of(names, data, sources):
    return st.lists(
        st.builds(
            made,
            name=st.sampled_from(names),
            timestamp=st.integers(1, 4),
            arrived=st.integers(1000, 1003),
            revision=st.integers(1, 2),
            source=st.sampled_from(sources),
        ).flatmap(
            lambda drawn: st.fixed_dictionaries({}, optional=data).map(
                lambda fields: made(
                    drawn.name if drawn.name != "call.read" else "call.ended",
                    drawn.version.timestamp,
                    drawn.arrival.at,
                    drawn.arrival.source,
                    drawn.arrival.revision,
                    **fields,
                )
            )
        ),
        min_size=1,
        max_size=6,
    )


EVENTS = events_of(CALL_EVENTS, CALL_DATA, ["webhook", "webhook", "api", "gap", "backfill"])
EVENTS |= events_of(MESSAGE_EVENTS, MESSAGE_DATA, ["webhook"])
EVENTS |= events_of(GROUP_EVENTS, MESSAGE_DATA, ["webhook"])


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(EVENTS, st.data())
def test_any_order_any_repeats_and_any_steps_give_the_same(events, data):
    expected = fold(None, events)
    shuffled = data.draw(st.permutations(events + data.draw(st.lists(st.sampled_from(events)))))
    assert fold(None, shuffled) == expected
    known = None
    while shuffled:
        step = data.draw(st.integers(1, len(shuffled)))
        known = fold(known, shuffled[:step])
        shuffled = shuffled[step:]
    assert known == expected
    assert fold(known, events) == expected


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(EVENTS)
def test_each_field_is_that_of_the_newest_event_carrying_it(events):
    folded = fold(None, events)
    ordered = sorted(events, key=lambda event: event.version)
    versions = [event.version for event in ordered]
    if len(set(versions)) < len(versions):
        return
    for name in ("direction", "answered_at", "hangup_cause", "tags", "agent", "body", "status"):
        if not hasattr(folded, name):
            continue
        told = [getattr(event.snapshot, name) for event in ordered]
        told = [value for value in told if value is not None]
        assert getattr(folded, name) == (
            told[-1] if told else type(folded)(id="x").__getattribute__(name)
        )
    arrivals = [event.arrival for event in events if event.ended]
    assert folded.accepted == min(arrivals, default=None)
    assert folded.as_of == versions[-1]


def test_the_samples_of_one_call_fold_alike_in_every_order(event):
    names = [
        *("call_inbound_answered_1_created", "call_inbound_answered_3_answered"),
        *("call_inbound_answered_5_ended", "call_tagged", "call_untagged", "call_commented"),
    ]
    events = [event(name, arrived=1_790_000_500_000 + at) for at, name in enumerate(names)]
    results = {repr(fold(None, order)) for order in map(list, itertools.permutations(events))}
    assert len({repr(sorted(result)) for result in results}) == 1
    call = fold(None, events)
    assert call.id == "call-4001"
    assert call.own_id == "4001"
    assert call.tags == (Tag(31, "Quote"),)
    assert [comment.id for comment in call.comments] == [735, 736]
    assert call.ended
    assert call.as_of.timestamp == 1_790_000_400
    assert call.accepted == Arrival(1_790_000_500_002, 3, "webhook")


def test_an_older_event_that_comes_late_changes_only_what_nothing_newer_told():
    newer = made("call.tagged", timestamp=200, direction="inbound", tags=[])
    older = made(
        "call.answered", timestamp=100, direction="outbound", answered_at=7, tags=[{"id": 1}]
    )
    call = fold(fold(None, [newer]), [older])
    assert (call.direction, call.answered_at, call.tags) == ("inbound", 7, ())
    assert call.as_of == newer.version
    assert call.versions == {"answered_at": older.version}


def test_tags_never_carried_are_not_taken_for_none_left():
    call = fold(None, [made("call.archived", timestamp=200)])
    assert call.tags == ()
    assert fold(call, [made("call.tagged", timestamp=100, tags=[{"id": 1}])]).tags == (Tag(1),)


def test_in_one_second_the_later_stage_wins_then_the_later_arrival():
    ended = made("call.ended", arrived=1000, hangup_cause="busy")
    answered = made("call.answered", arrived=2000, hangup_cause="late")
    assert fold(None, [ended, answered]).hangup_cause == "busy"
    again = made("call.ended", arrived=3000, hangup_cause="again")
    assert fold(None, [again, ended]).hangup_cause == "again"


def test_a_null_never_erases_a_value():
    call = fold(
        None, [made(timestamp=1, user={"id": 4, "name": "A"}), made(timestamp=2, user=None)]
    )
    assert call.agent == Agent(4, "A")


def test_an_abridged_line_keeps_what_fuller_events_told_of_the_same_line():
    full = made("call.created", timestamp=1, number={"id": 5, "name": "S", "country": "FR"})
    short = made(timestamp=2, number={"id": 5, "open": False})
    assert fold(None, [full, short]).line == Line(id=5, name="S", country="FR", open=False)


def test_two_lines_of_one_call_are_not_mixed_and_the_newest_counts():
    parent = made("call.created", timestamp=1, number={"id": 5, "country": "FR", "open": True})
    child = made(timestamp=2, number={"id": 6, "name": "Child"})
    call = fold(fold(None, [child]), [parent])
    assert call.line == Line(id=6, name="Child")
    assert call.other_lines == (Line(id=5, country="FR", open=True),)
    back = fold(call, [made("call.tagged", timestamp=3, number={"id": 5, "name": "Parent"})])
    assert back.line == Line(id=5, name="Parent", country="FR", open=True)
    assert back.other_lines == (Line(id=6, name="Child"),)


def test_a_transfer_that_did_not_succeed_is_none():
    omar, jeanne = {"id": 2, "name": "Omar"}, {"id": 1, "name": "Jeanne"}
    tried = made("call.transferred", timestamp=1, transferred_by=jeanne, transferred_to=omar)
    failed = made(
        "call.unsuccessful_transfer", timestamp=2, transferred_by=jeanne, transferred_to=omar
    )
    ended = made(timestamp=3)
    for order in itertools.permutations([tried, failed, ended]):
        call = None
        for event in order:
            call = fold(call, [event])
        assert (call.transferred_by, call.transferred_to) == (Agent(), Agent())
        assert call == fold(None, order)
        assert not any(fact.label == "Transferred" for fact in facts(call, Kind.INBOUND_ANSWERED))
    again = made("call.transferred", timestamp=4, transferred_by=jeanne, transferred_to=omar)
    assert fold(fold(None, [again]), [failed, tried]).transferred_to == Agent(2, "Omar")


def test_comments_are_united_by_id_in_the_order_of_their_time():
    late = {"id": 1, "content": "late", "posted_at": 9}
    early = {"id": 2, "content": "early", "posted_at": 3}
    first = made(comments=[late, {"id": 3, "content": "undated"}])
    second = made(comments=[early, late | {"posted_by": {"name": "A"}}])
    assert fold(None, [first, second]).comments == (
        Comment(2, "early", 3),
        Comment(1, "late", 9, "A"),
        Comment(3, "undated"),
    )


def test_ivr_choices_of_several_events_are_united():
    first = made(ivr_options_selected=[{"id": "b", "title": "Quotes", "created_at": 200}])
    second = made(ivr_options_selected=[{"id": "a", "title": "Sales", "created_at": 100}])
    assert fold(None, [first, second]).ivr_choices == (
        Choice("a", "Sales", 100),
        Choice("b", "Quotes", 200),
    )


@pytest.mark.parametrize("field", ["voicemail", "recording", "hung_up", "ended"])
def test_what_was_once_seen_stays(field):
    seen = {
        "voicemail": made("call.voicemail_left", timestamp=1),
        "recording": made("call.created", timestamp=1, recording="https://x.example/r.mp3"),
        "hung_up": made("call.hungup", timestamp=1),
        "ended": made("call.ended", timestamp=1),
    }[field]
    later = made("call.archived", timestamp=2)
    assert not getattr(fold(None, [later]), field)
    assert getattr(fold(fold(None, [seen]), [later]), field)
    assert getattr(fold(fold(None, [later]), [seen]), field)


def test_a_call_is_accepted_at_the_first_arrival_of_an_end():
    ended = made(arrived=2000, revision=4)
    again = made(arrived=1500, revision=3)
    hungup = made("call.hungup", arrived=1000)
    assert fold(None, [hungup]).accepted is None
    assert fold(fold(None, [ended, hungup]), [again]).accepted == Arrival(1500, 3, "webhook")


def test_a_backfill_is_remembered_beside_the_first_arrival():
    ended = made(arrived=1000)
    read = parse(read_envelope({"id": 1, "status": "done", "ended_at": 5}, 9000, 8, "backfill"))
    call = fold(None, [ended, read])
    assert call.accepted == Arrival(1000, 1, "webhook")
    assert call.backfilled == Arrival(9000, 8, "backfill")
    assert fold(call, [ended]).backfilled == call.backfilled
    again = parse(read_envelope({"id": 1, "status": "done", "ended_at": 5}, 9500, 9, "backfill"))
    assert fold(None, [again, read]).backfilled == fold(call, [again]).backfilled == call.backfilled
    assert fold(None, [ended]).backfilled is None


def test_a_message_folds_its_status_over_what_was_sent(event):
    sent = event("message_sent_sms", arrived=1)
    failed = event("message_status_updated", arrived=2, status="undelivered", sent_at=None, body="")
    message = fold(fold(None, [failed]), [sent])
    assert isinstance(message, Message)
    assert (message.status, message.body) == ("undelivered", "Sure, in ten minutes.")
    assert message.accepted.at == 1
    assert not message.group
    assert message.own_id == "9a1b2c3d-0000-4000-8000-000000000002"


def test_a_group_message_is_one_interaction(interaction):
    message = interaction("group_message_received")
    assert message.group
    assert message.id == "group-b1b2c3d4-0000-4000-8000-000000000001"
    assert message.participants == ("+33199004567", "+33199004568")


def test_nothing_new_leaves_what_is_known_as_it_is():
    call = Call(id="call-1")
    assert fold(call, []) is call


def test_nothing_at_all_or_two_interactions_cannot_be_folded():
    with pytest.raises(ValueError, match="nothing to fold"):
        fold(None, [])
    other = parse(read_envelope({"id": 2}, 9000, 8, "api"))
    with pytest.raises(ValueError, match="several interactions"):
        fold(None, [made(), other])
    with pytest.raises(ValueError, match="several interactions"):
        fold(Call(id="call-2"), [made()])


def test_the_start_is_the_nearest_known_moment():
    assert Call(id="call-1", started_at=5, ended_at=9).start == 5
    assert Call(id="call-1", ended_at=9).start == 9
    assert Call(id="call-1", accepted=Arrival(7000, 1)).start == 7
    assert Call(id="call-1", as_of=Version(8, 0, 0)).start == 8
    assert Call(id="call-1", started_at=5, ended_at=9).finish == 9
    assert Call(id="call-1", started_at=5).finish == 5
    assert Message(id="message-1", sent_at=5).finish == 5
    assert Message(id="message-1", as_of=Version(8, 0, 0)).start == 8
