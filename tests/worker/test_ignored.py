import time

import pytest
from product import KNOWN, START, call, split

from sandbox.traffic import Story, call_events, message_events, number_event
from store import keys
from sync.clock import tick

CLOSED = Story(number_open=False)


def missed(id_=1, **more):
    return call_events(id_, "inbound_missed", start=START, phone=KNOWN, **more)


def result(product, id_="call-1"):
    decision = product.decision(id_)
    return decision.result, decision.reason


def logged(product):
    return {one["properties"]["aircall_id"] for one in product.all("calls")}


def test_a_call_while_disabled_is_ignored_and_asks_hubspot_nothing(product):
    product.set(enabled=False)
    with product.asking() as asked:
        product.log(missed())
    assert asked == []
    assert result(product) == ("ignored", "disabled")
    assert product.redis.hgetall(keys.TOTALS) == {b"ignored|disabled": b"1"}
    assert product.shop.due.waiting() == 0


def test_what_was_ignored_while_disabled_is_not_logged_later_by_itself(product):
    product.set(enabled=False)
    product.log(missed())
    product.set(enabled=True)
    product.log(call_events(1, "inbound_voicemail", start=START, phone=KNOWN))
    tick(product.shop)
    product.drain()
    assert product.all("calls") == []
    assert result(product) == ("ignored", "disabled")
    assert product.redis.hgetall(keys.TOTALS) == {b"ignored|disabled": b"1"}


def test_facts_of_an_ignored_call_are_still_folded(product):
    product.set(enabled=False)
    product.log(missed())
    product.log(call_events(1, "inbound_voicemail", start=START, phone=KNOWN))
    assert product.record("call-1").call.voicemail


def test_a_backfill_logs_what_was_ignored_while_disabled(product):
    product.set(enabled=False)
    product.log(missed())
    product.set(enabled=True)
    *_, ended = missed()
    product.deliver([ended], source="backfill")
    product.drain()
    assert logged(product) == {"call-1"}


def test_a_call_that_began_disabled_and_ended_enabled_is_logged(product):
    product.set(enabled=False)
    *before, ended = missed()
    product.log(before)
    product.set(enabled=True)
    product.log([ended])
    assert logged(product) == {"call-1"}


def test_a_call_accepted_before_disabling_waits_and_follows_after_enabling(product):
    product.deliver(missed())
    product.set(enabled=False, name="Changed since")
    with product.asking() as asked:
        product.drain()
    assert asked == []
    assert product.parked("disabled") == {"call-1"}
    assert product.shop.due.waiting() == 1
    assert result(product)[0] == "pending"
    tick(product.shop)
    product.drain()
    assert product.all("calls") == []
    product.set(enabled=True)
    tick(product.shop)
    product.drain()
    assert logged(product) == {"call-1"}
    decision = product.decision("call-1")
    assert (decision.accepted_revision, decision.planned_revision) == (1, 3)
    assert "Changed since" in product.body()


def test_a_change_to_a_logged_call_follows_after_enabling(product):
    first, rest = split(call(Story(later_tags=(33,))), "call.tagged")
    product.log(first)
    product.set(enabled=False)
    with product.asking() as asked:
        product.log(rest)
    assert asked == []
    assert result(product)[0] == "logged"
    product.set(enabled=True)
    tick(product.shop)
    product.drain()
    assert "VIP" in product.body()


def test_what_the_rules_say_is_that_of_the_newest_revision(product):
    product.deliver(missed())
    product.set(outcomes__inbound_missed=None)
    product.drain()
    assert "hs_call_disposition" not in product.one("calls", "call-1")["properties"]


@pytest.mark.parametrize("number", [1001, 1002])
def test_only_connected_numbers_are_logged(product, number):
    product.set(numbers=[1001])
    product.log(missed(number=number))
    assert result(product)[0] == ("logged" if number == 1001 else "ignored")
    if number == 1002:
        assert result(product) == ("ignored", "number not connected")


def test_a_number_disconnected_after_the_end_still_logs_the_call(product):
    product.deliver(missed())
    product.set(numbers=[1002])
    product.drain()
    assert logged(product) == {"call-1"}


def test_messages_are_judged_alike(product):
    product.set(numbers=[1002])
    product.log(message_events("m-1", "inbound", start=START, phone=KNOWN))
    assert result(product, "message-m-1") == ("ignored", "number not connected")
    assert product.all("communications") == []


def test_a_call_missed_outside_hours_is_ignored_where_only_hours_count(product):
    product.set(business_hours_only=True)
    product.log(missed(1, story=Story(missed_reason="out_of_opening_hours")))
    product.log(missed(2))
    assert result(product) == ("ignored", "outside business hours")
    assert logged(product) == {"call-2"}
    assert (
        product.decision("call-2").choices["hours"]
        == "hours unknown: the number never told of its hours"
    )


def test_a_call_outside_hours_is_logged_where_hours_do_not_count(product):
    product.log(missed(1, story=Story(missed_reason="out_of_opening_hours")))
    assert logged(product) == {"call-1"}


def test_the_events_of_a_number_tell_its_hours(product):
    product.set(business_hours_only=True)
    product.log([number_event("opened", 1001, START - 50)])
    product.log(missed(1))
    product.log([number_event("closed", 1001, START - 40)])
    product.log(missed(2))
    assert result(product, "call-2") == ("ignored", "outside business hours")
    assert logged(product) == {"call-1"}


def test_an_older_event_of_a_number_does_not_outweigh_a_newer_one(product):
    product.set(business_hours_only=True)
    product.log([number_event("closed", 1001, START - 40)])
    product.log([number_event("opened", 1001, START - 50)])
    product.log(missed())
    assert result(product) == ("ignored", "outside business hours")


def test_events_of_a_number_older_than_a_week_tell_nothing(product):
    product.set(business_hours_only=True)
    product.log([number_event("closed", 1001, START - 8 * 86_400)])
    product.log(missed())
    assert logged(product) == {"call-1"}


def test_the_payload_tells_the_hours_of_a_number_that_has_such_events(product):
    product.set(business_hours_only=True)
    product.log([number_event("opened", 1001, START - 8 * 86_400)])
    product.log(missed(story=CLOSED))
    assert result(product) == ("ignored", "outside business hours")


def test_the_payload_alone_is_no_sure_sign(product):
    product.set(business_hours_only=True)
    product.log(missed(story=CLOSED))
    assert logged(product) == {"call-1"}


def test_a_call_ignored_for_its_hours_is_not_logged_by_what_a_later_event_tells(product):
    product.set(business_hours_only=True)
    product.log([number_event("closed", 1001, START - 40)])
    product.log(missed())
    product.log([number_event("opened", 1001, START + 5000)])
    product.log(call_events(1, "inbound_voicemail", start=START, phone=KNOWN))
    assert result(product) == ("ignored", "outside business hours")
    assert product.all("calls") == []


def test_hours_are_judged_by_the_revision_at_arrival(product):
    product.set(business_hours_only=True)
    product.deliver(missed(1, story=Story(missed_reason="out_of_opening_hours")))
    product.set(business_hours_only=False)
    product.drain()
    assert result(product) == ("ignored", "outside business hours")


def test_hints_change_no_setting_and_refresh_the_directory(product):
    before = product.shop.revisions.current()
    product.log([number_event("deleted", 1001, START)])
    assert product.shop.revisions.current() == before
    assert product.redis.exists(keys.hinted("numbers"))
    assert product.shop.due.waiting() == 0


@pytest.fixture
def hung_up():
    *before, _ = call_events(1, "inbound_missed", start=int(time.time()) - 2000, phone=KNOWN)
    return before


def test_a_call_that_hung_up_and_never_ended_is_asked_for_after_ten_minutes(product, hung_up):
    now = int(time.time() * 1000)
    product.deliver(hung_up, arrived=now - 500_000)
    product.drain()
    assert product.aircall.count("GET", "/v1/calls/1") == 0
    assert result(product)[0] == "pending"
    assert product.redis.zscore(keys.DUE, "call-1") == pytest.approx(now + 100_000, abs=20_000)
    assert product.shop.due.waiting() == 0


def test_its_answer_logs_the_call(product, hung_up):
    product.aircall.add_call(hung_up[-1])
    product.deliver(hung_up, arrived=int(time.time() * 1000) - 700_000)
    product.drain()
    assert logged(product) == {"call-1"}


def test_a_call_that_aircall_does_not_know_stays_pending_and_costs_nothing_more(product, hung_up):
    product.deliver(hung_up, arrived=int(time.time() * 1000) - 700_000)
    product.drain()
    assert result(product)[0] == "pending"
    assert product.redis.zcard(keys.DUE) == 0


def test_aircall_down_while_a_call_is_asked_for_parks_it_alone(product, hung_up):
    product.aircall.add_call(hung_up[-1])
    product.aircall.fault("503", times=2)
    product.deliver(hung_up, arrived=int(time.time() * 1000) - 700_000)
    product.deliver(missed(2))
    product.drain()
    assert product.parked("aircall") == {"call-1"}
    assert logged(product) == {"call-2"}
    for _ in range(3):
        product.pass_time(120)
        product.shop.due.sweep()
        product.drain()
    assert logged(product) == {"call-1", "call-2"}


def test_a_call_with_an_id_that_aircall_cannot_be_asked_for_harms_no_other(product, hung_up):
    odd = [{**event, "data": {**event["data"], "id": "odd-1"}} for event in hung_up]
    product.deliver(odd, arrived=int(time.time() * 1000) - 700_000)
    product.deliver(missed(2))
    product.drain()
    assert logged(product) == {"call-2"}
    assert product.redis.zcard(keys.DUE) == 0


def test_what_waits_while_disabled_is_not_forgotten_however_long_that_lasts(product):
    product.deliver(call())
    product.set(enabled=False)
    product.drain()
    assert product.redis.ttl(keys.record("call-1")) == -1
    product.set(enabled=True)
    product.shop.due.resume("disabled")
    product.drain()
    assert product.record("call-1").decision.result == "logged"
    assert product.redis.ttl(keys.record("call-1")) > 0
