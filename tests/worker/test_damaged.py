"""What a disk changed in the store: it never reaches HubSpot, is told, and is mended on Retry."""

import json

import pytest
from product import KNOWN, START, UNKNOWN, call

from clients.errors import Unavailable
from sandbox.traffic import call_events, message_events
from store import keys
from store.records import DAMAGED
from worker.explain import story_of
from worker.failures import give_up


def missed(*ids):
    return [e for n in ids for e in call_events(n, "inbound_missed", start=START, phone=KNOWN)]


def turn(product, key, at=b"45 67"):
    """Turn one bit of what a key holds; of a list, of its last entry."""
    if product.redis.type(key) == b"list":
        raw = product.redis.lindex(key, -1)
        product.redis.lset(key, -1, turned(raw, at))
    else:
        product.redis.set(key, turned(product.redis.get(key), at), keepttl=True)


def turned(raw, at):
    place = raw.index(at)
    return raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]


def logged(product):
    return {each["properties"]["aircall_id"] for each in product.all("calls")}


def aircall_has(product, monkeypatch, events):
    told = next(e["data"] for e in events if e["event"] == "call.ended")
    monkeypatch.setattr(product.shop.aircall, "call", lambda _: told)


def test_a_phone_that_changed_on_disk_never_reaches_hubspot_and_others_go_on(product):
    product.deliver(missed(1, 2, 3))
    turn(product, keys.new("call-2"))
    product.drain()
    assert logged(product) == {"call-1", "call-3"}
    assert product.failures() == {"call-2"}
    assert product.decision("call-2").reason == DAMAGED
    assert product.shop.due.waiting() == 0
    alert = product.alerts()["damaged call-2"]
    assert "What was stored of call-2 is damaged" in alert
    assert "Tried again, it is read from Aircall anew." in alert
    assert "call-2: failed (what was stored of it is damaged)" in list(
        story_of(product.redis, "call-2").lines()
    )


def test_the_record_of_a_failure_is_kept_until_the_failure_is_forgotten_which_happens_once_a_day(
    product,
):
    product.deliver(missed(2))
    turn(product, keys.new("call-2"))
    product.drain()
    failed = product.redis.zscore(keys.FAILURES, "call-2") / 1000
    day, forgotten = 86_400, failed + 86_400 * product.file.retention.failures
    assert product.redis.expiretime(keys.record("call-2")) > forgotten + day - 5


def test_retry_reads_a_damaged_call_from_aircall_and_keeps_aside_what_was_damaged(
    product, monkeypatch
):
    events = missed(2)
    product.deliver(events)
    turn(product, keys.new("call-2"))
    product.drain()
    aircall_has(product, monkeypatch, events)
    product.retry()
    assert logged(product) == {"call-2"}
    assert product.failures() == set()
    assert product.alerts() == {}
    (aside,) = (json.loads(raw) for raw in product.redis.lrange(keys.UNREADABLE, 0, -1))
    assert aside["reason"] == DAMAGED
    assert "call.ended" in aside["event"]
    assert not product.redis.exists(keys.new("call-2"))


def test_retry_reads_a_call_anew_though_its_end_is_sound_while_another_event_is_damaged(
    product, monkeypatch
):
    events = missed(2)
    product.deliver(events)
    first = product.redis.lindex(keys.new("call-2"), 0)
    product.redis.lset(keys.new("call-2"), 0, turned(first, b"45 67"))
    product.drain()
    assert product.failures() == {"call-2"}
    product.retry()
    assert product.failures() == {"call-2"}, "Aircall does not know it"
    aircall_has(product, monkeypatch, events)
    product.retry()
    assert logged(product) == {"call-2"}
    assert product.redis.llen(keys.UNREADABLE) == 1


def test_a_call_that_aircall_does_not_know_stays_among_the_failures(product):
    product.deliver(missed(2))
    turn(product, keys.new("call-2"))
    product.drain()
    product.retry()
    assert product.failures() == {"call-2"}
    assert product.decision("call-2").reason == DAMAGED
    assert product.decision("call-2").notes
    assert product.all("calls") == []


def test_while_aircall_does_not_answer_a_retried_call_waits_for_it(product, monkeypatch):
    events = missed(2)
    product.deliver(events)
    turn(product, keys.new("call-2"))
    product.drain()
    real = product.shop.aircall.call

    def down(_):
        raise Unavailable("aircall", "Aircall does not answer", reason="down", wait=5)

    monkeypatch.setattr(product.shop.aircall, "call", down)
    product.retry()
    assert product.parked("aircall") == {"call-2"}
    monkeypatch.setattr(product.shop.aircall, "call", real)
    aircall_has(product, monkeypatch, events)
    product.shop.due.resume("aircall")
    product.drain()
    assert logged(product) == {"call-2"}
    assert product.failures() == set()


def test_a_damaged_message_cannot_be_read_again_and_is_given_up_with_its_alert(product):
    id_ = "message-m-1"
    product.deliver(message_events("m-1", "inbound", start=START, phone=KNOWN, body="Hi"))
    turn(product, keys.new(id_))
    product.drain()
    assert "Aircall does not tell it again." in product.alerts()[f"damaged {id_}"]
    product.retry()
    assert product.failures() == {id_}
    assert product.decision(id_).notes == ("Aircall does not tell messages again",)
    assert product.all("communications") == []
    give_up(product.redis, [id_], by="U1", name="Ada", reason="gone", seconds=60)
    assert product.alerts() == {}


@pytest.mark.parametrize("at", [b"hs_call_title", b'"activity":"', KNOWN.encode()])
def test_a_record_that_changed_on_disk_writes_nothing_and_retry_goes_by_what_is_left(
    product, monkeypatch, at
):
    events = call(id_=1)
    product.log(events)
    before = product.hubspot.dump()
    turn(product, keys.record("call-1"), at)
    aircall_has(product, monkeypatch, events)
    tagged = next(e for e in events if e["event"] == "call.ended") | {"event": "call.tagged"}
    product.log([tagged])
    assert product.failures() == {"call-1"}
    assert product.hubspot.dump() == before
    product.retry()
    assert product.failures() == set()
    assert len(product.all("calls")) == 1
    assert product.decision("call-1").result == "logged"


@pytest.mark.parametrize("key", [keys.mark, keys.ids])
def test_a_damaged_mark_or_map_is_done_without_where_properties_are_unique(
    product, monkeypatch, key
):
    events = missed(1)
    product.deliver(events)
    product.redis.set(key("call-1"), '{"sum":"00000000","result":"logged","activity":"1"}')
    product.drain()
    assert product.failures() == {"call-1"}
    assert product.all("calls") == []
    product.retry()
    assert product.failures() == set()
    assert logged(product) == {"call-1"}


@pytest.mark.parametrize("key", [keys.mark, keys.ids])
def test_a_damaged_mark_or_map_is_put_aside_so_that_what_waits_once_more_is_not_damaged_again(
    product, key
):
    product.deliver(missed(1))
    damaged = '{"sum":"00000000","result":"logged","activity":"1"}'
    product.redis.set(key("call-1"), damaged)
    product.drain()
    product.set(enabled=False)
    product.retry()
    assert product.parked("disabled") == {"call-1"}
    (aside,) = (json.loads(raw) for raw in product.redis.lrange(keys.UNREADABLE, 0, -1))
    assert aside == {"reason": DAMAGED, "event": damaged}
    product.set(enabled=True)
    product.shop.due.resume("disabled")
    product.drain()
    assert logged(product) == {"call-1"}
    assert product.failures() == set()
    assert product.alerts() == {}


def test_what_is_due_and_nothing_is_kept_of_it_is_told(product):
    product.redis.zadd(keys.DUE, {"call-7": 0})
    product.drain()
    assert product.failures() == {"call-7"}
    assert product.decision("call-7").reason == DAMAGED


def test_events_of_the_version_before_carry_no_checksum_and_are_logged(product):
    product.deliver(missed(1))
    key = keys.new("call-1")
    before = [b"{" + raw[18:] for raw in product.redis.lrange(key, 0, -1)]
    assert before[0].startswith(b'{"arrived":')
    product.redis.delete(key)
    product.redis.rpush(key, *before)
    product.drain()
    assert logged(product) == {"call-1"}
    assert product.failures() == set()


def test_the_contact_known_of_a_phone_is_looked_for_anew_where_it_changed_on_disk(product):
    product.log(call_events(1, "inbound_missed", start=START, phone=UNKNOWN))
    (made,) = product.one("calls", "call-1")["associations"]["contacts"]
    turn(product, keys.contact(UNKNOWN), made.encode())
    product.log(call_events(2, "inbound_missed", start=START, phone=UNKNOWN))
    assert product.one("calls", "call-2")["associations"]["contacts"] == [made]


def test_a_part_of_the_directory_that_changed_on_disk_is_read_again(product):
    raw = product.redis.hget(keys.DIRECTORY, "owners")
    product.redis.hset(keys.DIRECTORY, "owners", b'{"sum":"00000000",' + raw[1:])
    assert product.shop.directory.read().owners is None
    product.log(missed(1))
    assert product.failures() == set()
    assert product.shop.directory.read().owners
