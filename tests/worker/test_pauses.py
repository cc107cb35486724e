import pytest
from product import KNOWN, START, UNKNOWN, call, split

from sandbox.traffic import Story, call_events
from store import keys
from store.connection import now_ms

TICKETS = {"tickets__pipeline": "0", "tickets__stages__inbound_missed": "1"}


def missed(*ids, phone=KNOWN):
    return [
        event for at in ids for event in call_events(at, "inbound_missed", start=START, phone=phone)
    ]


def logged(product):
    return len(product.all("calls"))


def pause(product):
    """When HubSpot is asked again (UNIX milliseconds), and why."""
    paused = product.shop.limits.paused("hubspot")
    return int(paused["until"]), paused["reason"]


@pytest.mark.parametrize(
    ("policy", "retry_after", "seconds", "reason"),
    [
        ("TEN_SECONDLY_ROLLING", None, 10, "rate limit"),
        ("SECONDLY", None, 1, "rate limit"),
        ("DAILY", None, 60, "daily limit"),
        ("TEN_SECONDLY_ROLLING", 7, 7, "rate limit"),
    ],
)
def test_a_429_pauses_by_its_policy_and_nothing_is_lost(
    product, policy, retry_after, seconds, reason
):
    product.hubspot.fault("429", policy=policy, retry_after=retry_after)
    before = now_ms(product.redis)
    product.log(missed(1, 2))
    until, why = pause(product)
    assert before <= until - seconds * 1000 <= now_ms(product.redis)
    assert why == reason
    assert product.parked("hubspot") == {"call-1", "call-2"}
    with product.asking() as asked:
        product.log(missed(3))
    assert asked == []
    product.recover()
    assert logged(product) == 3
    assert product.shop.limits.paused("hubspot") == {}


@pytest.mark.parametrize("kind", ["reset", "timeout", "500", "502", "503", "477"])
def test_a_vendor_that_is_down_parks_all_and_is_asked_by_one_probe(product, kind):
    product.set(**TICKETS, tickets__stages__inbound_voicemail="2")
    product.hubspot.fault(kind, times=None, hold=0.05)
    product.log(missed(*range(1, 31)))
    assert len(product.parked("hubspot")) == 30
    assert product.shop.due.waiting() == 30
    with product.asking() as asked:
        product.log(call_events(1, "inbound_voicemail", start=START, phone=KNOWN))
        product.log(missed(31))
    assert asked == []
    assert product.record("call-1").call.voicemail
    assert product.redis.exists(keys.new("call-1")) == 0
    product.pass_time(120)
    product.shop.due.sweep()
    with product.asking() as asked:
        product.drain()
    assert len(asked) == 1
    product.hubspot.faults.clear()
    product.pass_time(120)
    product.shop.due.sweep()
    with product.asking("/batch/create") as asked:
        product.drain()
    assert logged(product) == 31
    assert len(product.all("tickets")) == 31
    assert asked.count("POST calls/batch/create") <= 2
    assert product.shop.due.waiting() == 0
    assert product.failures() == set()


def test_a_backlog_of_a_long_fault_is_written_in_full_batches(product):
    product.hubspot.fault("503", times=None)
    product.log(missed(*range(1, 251)))
    product.hubspot.faults.clear()
    product.pass_time(120)
    product.shop.due.sweep()
    with product.asking("/calls/batch/create") as asked:
        product.drain()
    assert logged(product) == 250
    assert len(asked) <= 4  # the probe's, then 100 each


def test_changes_wait_for_the_vendor_too_and_follow_once(product):
    first, rest = split(call(Story(later_tags=(33,), later_comments=("Later",))), "call.tagged")
    product.log(first)
    product.hubspot.fault("503", times=None)
    product.log(rest[:1])
    product.log(rest[1:])
    assert product.parked("hubspot") == {"call-1"}
    assert product.decision("call-1").result == "logged"
    product.hubspot.faults.clear()
    with product.asking("/calls/batch/update") as asked:
        product.recover()
    assert len(asked) == 1
    assert product.body().count("VIP") == product.body().count("Later") == 1


def test_calls_that_were_created_are_not_parked_by_changes_that_fail_after_them(product):
    first, rest = split(call(Story(later_tags=(33,))), "call.tagged")
    product.log(first)
    product.hubspot.fault("503", path="*/calls/batch/update", times=None)
    product.log([*rest, *missed(2)])
    assert product.decision("call-2").result == "logged"
    assert product.parked("hubspot") == {"call-1"}
    product.hubspot.faults.clear()
    product.recover()
    assert "VIP" in product.body()


def test_our_own_limit_parks_and_goes_on(product):
    product.shop.gate._settings = product.shop.gate._settings.model_copy(
        update={"hubspot_burst": 1}
    )
    product.log(missed(1, phone=UNKNOWN))
    assert product.parked("hubspot") == {"call-1"}
    product.shop.gate._settings = product.file.limits
    product.redis.delete(keys.window("hubspot-burst"))
    product.recover()
    assert logged(product) == 1
    assert len(product.contacts_of(UNKNOWN)) == 1


def test_the_directory_that_was_never_read_is_read_before_the_first_plan(product):
    product.redis.delete(keys.DIRECTORY)
    product.log(missed(1))
    assert logged(product) == 1


def test_nothing_is_planned_while_the_directory_cannot_be_read(product):
    product.redis.delete(keys.DIRECTORY)
    product.hubspot.fault("503", times=None)
    product.log(missed(1))
    assert product.parked("hubspot") == {"call-1"}
    product.hubspot.faults.clear()
    product.recover()
    assert logged(product) == 1


def test_what_another_worker_took_over_is_dropped(product):
    product.deliver(missed(1))
    real, done = product.shop.hubspot.search, []

    def search(*args, **how):
        if not done:
            done.append(True)
            product.redis.hset(keys.OWNER, "call-1", "another")
        return real(*args, **how)

    product.shop.hubspot.search = search
    product.drain()
    assert product.all("calls") == []
    assert product.record("call-1").decision is None
    product.pass_time(60)
    product.drain()
    assert logged(product) == 1


@pytest.mark.parametrize(("keyed", "seconds"), [(True, 15), (False, 5)])
def test_writes_of_unknown_outcome_pause_for_longer_where_two_in_a_row_were_tried(
    product, keyed, seconds
):
    if not keyed:
        product.hubspot.delete("properties", "aircall_id", "calls")
        product.hubspot.switches.no_unique_on = frozenset({"calls"})
        product.read_directory()
    product.hubspot.fault("500", path="*/calls/batch/create", times=2)
    product.log(missed(1))
    paused = product.shop.limits.paused("hubspot")
    assert (int(paused["until"]) - int(paused["at"]), paused["reason"]) == (seconds * 1000, "down")
