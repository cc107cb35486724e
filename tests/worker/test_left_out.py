"""Tickets that were left out because their stage was missing, and made once when asked for."""

import pytest
from faulty import Crash, Steps, in_haste, interfere, leftovers, let_time_pass, settle
from product import KNOWN, START, Product, call, later, split

from sandbox.traffic import call_events, message_events
from store import keys
from store.left_out import left_out, note_asked
from worker.drain import Drain
from worker.left_out import ALERT, TELL, ready, update_alert
from worker.missing import look

MISSING = "the ticket's pipeline or stage is missing in HubSpot: no ticket"
MADE_LATER = "the ticket that was left out was made when an admin asked for it"
DAY = 86_400


def missed(id_=1):
    return call_events(id_, "inbound_missed", start=START, phone=KNOWN)


@pytest.fixture
def gone(product):
    """Somebody deleted the stage of missed calls and messages; the clock found out."""
    product.set(
        tickets__pipeline="0",
        tickets__stages__inbound_missed="2",
        tickets__stages__inbound_message="2",
        tickets__stages__inbound_answered="3",
    )
    product.hubspot.delete("stages", "2", "0")
    assert not look(product.shop)
    return product


def mend(product, **stages):
    chosen = stages or {"inbound_missed": "1", "inbound_message": "1"}
    product.set(**{f"tickets__stages__{kind}": stage for kind, stage in chosen.items()})


def want(product: Product, ids=None):
    asked, _ = product.shop.due.want_tickets(ready(product.shop) if ids is None else ids)
    return asked


def tickets(product):
    return sorted(each["properties"]["aircall_id"] for each in product.all("tickets"))


def test_what_comes_while_the_stage_is_missing_is_remembered(gone):
    gone.log([*missed(1), *call(id_=2), *message_events("m", "inbound", start=START, phone=KNOWN)])
    assert set(left_out(gone.redis)) == {"call-1", "message-m"}
    assert tickets(gone) == ["call-2"]
    decision = gone.decision("call-1")
    assert decision.result == "logged"
    assert decision.choices["ticket"] == MISSING
    assert MISSING in decision.notes


def test_a_kind_that_never_had_a_stage_is_not_remembered(gone):
    gone.log(call_events(1, "outbound_answered", start=START, phone=KNOWN))
    assert left_out(gone.redis) == ()


def test_once_somebody_decided_for_no_ticket_nothing_more_is_remembered(gone):
    gone.shop.alerts.resolve("stage missing 0/2")
    gone.log(missed(1))
    assert left_out(gone.redis) == ()


def test_a_call_that_becomes_of_a_kind_whose_stage_is_missing_is_remembered(product):
    product.set(tickets__pipeline="0", tickets__stages__inbound_voicemail="2")
    product.hubspot.delete("stages", "2", "0")
    look(product.shop)
    events = call_events(1, "inbound_missed", start=START, phone=KNOWN)
    product.log(events)
    assert left_out(product.redis) == ()
    url = "https://assets.aircall.io/calls/1/voicemail/info"
    product.log([{**later(events[-1], 60, voicemail=url, asset=url),
                  "event": "call.voicemail_left"}])  # fmt: skip
    assert product.decision("call-1").kind == "inbound_voicemail"
    assert left_out(product.redis) == ("call-1",)


def test_nothing_is_ready_before_it_is_mended(gone):
    gone.log(missed())
    assert ready(gone.shop) == ()
    update_alert(gone.shop)
    assert ALERT not in gone.alerts()
    assert want(gone, ["call-1"]) == 1
    gone.drain()
    assert tickets(gone) == []
    assert left_out(gone.redis) == ("call-1",)
    assert not gone.redis.exists(keys.WANTED_TICKETS)


def test_after_mending_an_alert_offers_them_until_all_are_made(gone):
    gone.log([*missed(1), *missed(2)])
    mend(gone)
    update_alert(gone.shop)
    assert "2. Their tickets can be made now" in gone.alerts()[ALERT]
    want(gone)
    gone.drain()
    update_alert(gone.shop)
    assert ALERT not in gone.alerts()


def test_only_those_are_made_whose_kind_has_a_stage_now(gone):
    gone.log([*missed(1), *message_events("m", "inbound", start=START, phone=KNOWN)])
    mend(gone, inbound_message="1")
    assert ready(gone.shop) == ("message-m",)
    want(gone)
    gone.drain()
    assert tickets(gone) == ["message-m"]
    assert left_out(gone.redis) == ("call-1",)


def test_it_is_made_as_any_ticket_with_links_and_a_note(gone):
    gone.log(missed())
    mend(gone)
    want(gone)
    gone.drain()
    ticket = gone.one("tickets", "call-1")
    assert ticket["properties"]["hs_pipeline_stage"] == "1"
    assert ticket["associations"]["calls"] == [gone.one("calls", "call-1")["id"]]
    record = gone.record("call-1")
    assert record.written.ticket == ticket["id"]
    assert not record.written.ticket_left_out
    assert record.decision.notes == (MISSING, MADE_LATER)
    assert record.decision.choices["ticket"] == "the kind has a stage"
    assert left_out(gone.redis) == ()
    assert leftovers(gone.redis) == []


def test_mending_alone_makes_none_not_even_with_a_later_event(gone):
    first, rest = split(missed(), "call.ended")
    gone.log([*first, *rest])
    mend(gone)
    gone.log([later(rest[-1], 60, tags=[{"id": 33, "name": "VIP"}])])
    assert tickets(gone) == []
    assert left_out(gone.redis) == ("call-1",)


def test_twice_asked_for_is_made_once(gone):
    gone.log(missed())
    mend(gone)
    assert want(gone) == 1
    assert want(gone) == 0
    gone.drain()
    assert want(gone, ["call-1"]) == 0
    gone.drain()
    assert tickets(gone) == ["call-1"]


def test_what_is_not_left_out_cannot_be_asked_for(gone):
    gone.log(call(id_=2))
    assert want(gone, ["call-2", "call-99"]) == 0
    assert not gone.redis.exists(keys.DUE)


def test_asked_for_while_a_late_event_is_worked_on_is_not_forgotten(gone, monkeypatch):
    events = missed()
    gone.log(events)
    mend(gone)
    gone.deliver([later(events[-1], 60, tags=[{"id": 33, "name": "VIP"}])])
    real = gone.shop.due.commit

    def commit(*args):
        monkeypatch.setattr(gone.shop.due, "commit", real)
        assert want(gone) == 1
        return real(*args)

    monkeypatch.setattr(gone.shop.due, "commit", commit)
    gone.drain()
    assert tickets(gone) == ["call-1"]


def test_a_call_that_a_person_deleted_gets_none(gone):
    gone.log(missed())
    gone.hubspot.delete("calls", gone.one("calls", "call-1")["id"])
    mend(gone)
    want(gone)
    gone.drain()
    assert tickets(gone) == []
    assert left_out(gone.redis) == ()
    assert gone.decision("call-1").reason == "deleted in HubSpot"


def test_one_whose_record_has_expired_is_left(gone):
    gone.log(missed())
    mend(gone)
    gone.redis.delete(keys.record("call-1"))
    want(gone, ["call-1"])
    gone.drain()
    assert tickets(gone) == []
    assert left_out(gone.redis) == ()
    assert leftovers(gone.redis) == []


def test_its_record_is_kept_as_long_as_it_can_be_asked_for(gone):
    events = missed()
    gone.log(events)
    left = gone.redis.ttl(keys.record("call-1"))
    assert left > 89 * DAY
    gone.log([events[-1]])
    assert gone.redis.ttl(keys.record("call-1")) > 89 * DAY
    mend(gone)
    want(gone)
    gone.drain()
    assert gone.redis.ttl(keys.record("call-1")) <= 30 * DAY


def test_missing_again_it_stays_left_out(gone):
    gone.log(missed())
    mend(gone)
    gone.hubspot.delete("stages", "1", "0")
    want(gone)
    gone.drain()
    assert tickets(gone) == []
    assert left_out(gone.redis) == ("call-1",)
    assert "stage missing 0/1" in gone.alerts()
    assert not gone.redis.exists(keys.WANTED_TICKETS)


def test_refused_for_another_reason_it_is_a_failure_that_retry_makes(gone):
    gone.log(missed())
    mend(gone)
    gone.hubspot.fault("partial", path="*/tickets/batch/create", permanent=True)
    want(gone)
    gone.drain()
    assert gone.failures() == {"call-1"}
    assert left_out(gone.redis) == ()
    gone.retry()
    assert tickets(gone) == ["call-1"]
    assert gone.failures() == set()


def test_while_hubspot_is_down_it_waits_and_is_made_afterwards(gone):
    gone.log(missed())
    mend(gone)
    gone.hubspot.fault("503", times=2)
    want(gone)
    gone.drain()
    assert tickets(gone) == []
    assert gone.redis.smembers(keys.WANTED_TICKETS) == {b"call-1"}
    gone.recover()
    assert tickets(gone) == ["call-1"]
    assert left_out(gone.redis) == ()


def test_while_disabled_it_waits_and_is_made_afterwards(gone):
    gone.log(missed())
    mend(gone)
    gone.set(enabled=False)
    want(gone)
    gone.drain()
    assert tickets(gone) == []
    assert gone.parked("disabled") == {"call-1"}
    gone.set(enabled=True)
    gone.shop.due.resume("disabled")
    gone.drain()
    assert tickets(gone) == ["call-1"]


def test_many_are_made_in_few_requests(gone):
    gone.log([event for id_ in range(1, 121) for event in missed(id_)])
    assert len(left_out(gone.redis)) == 120
    mend(gone)
    assert want(gone) == 120
    with gone.asking("tickets/batch/create") as asked:
        gone.drain()
    assert len(asked) == 2
    assert len(tickets(gone)) == 120
    assert left_out(gone.redis) == ()


def test_who_asked_is_told_when_the_last_is_answered(gone):
    gone.log([*missed(1), *missed(2)])
    mend(gone)
    note_asked(gone.redis, "U1", ["call-1", "call-2"])
    want(gone, ["call-1"])
    gone.redis.delete("rq:queue:background")
    want(gone, ["call-2"])
    gone.drain()
    jobs = gone.redis.lrange("rq:queue:background", 0, -1)
    named = {gone.redis.hget(b"rq:job:" + id_, "description") for id_ in jobs}
    assert TELL.encode() in named


def prepared(product):
    """Leave one ticket out, mend, and ask for it."""
    product.set(tickets__pipeline="0", tickets__stages__inbound_missed="2")
    product.hubspot.delete("stages", "2", "0")
    look(product.shop)
    product.log(missed())
    product.set(tickets__stages__inbound_missed="1")
    product.shop.due.want_tickets(["call-1"])


@pytest.fixture
def steps_of(product):
    """How many steps a drain takes that makes one ticket that was left out."""
    prepared(product)
    steps = Steps()
    undo = interfere(product, steps)
    try:
        Drain(product.shop).run()
    finally:
        undo()
    assert tickets(product) == ["call-1"]
    return steps.counts


def again(product):
    product.redis.flushall()
    product.sandbox.reset()
    product.start()
    prepared(product)


@pytest.mark.parametrize("where", ["redis", "http"])
@pytest.mark.parametrize("side", ["before", "after"])
def test_killed_at_any_step_it_is_made_exactly_once(product, steps_of, where, side):
    in_haste(product)

    def die():
        raise Crash

    for at in range(1, steps_of[where] + 1):
        again(product)
        steps = Steps(at=at, where=where, **{side: die})
        undo = interfere(product, steps)
        try:
            Drain(product.shop).run()
        except Crash:
            pass
        finally:
            undo()
        assert steps.reached
        # A second click, before anybody has cleared up.
        product.shop.due.want_tickets(["call-1"])
        let_time_pass(product.redis)
        settle(product)
        assert tickets(product) == ["call-1"], (where, side, at)
        assert left_out(product.redis) == ()
        assert not product.redis.exists(keys.WANTED_TICKETS)
        assert leftovers(product.redis) == []
