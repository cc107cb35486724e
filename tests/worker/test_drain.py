import pytest

from sandbox.traffic import CALL_KINDS, call_events

START = 1_790_000_000
STATUS = {
    "outbound_answered": "COMPLETED",
    "outbound_unanswered": "NO_ANSWER",
    "outbound_busy": "BUSY",
    "outbound_wrong_number": "FAILED",
    "inbound_answered": "COMPLETED",
    "inbound_missed": "NO_ANSWER",
    "inbound_voicemail": "NO_ANSWER",
}


@pytest.mark.parametrize("kind", CALL_KINDS)
def test_a_call_of_each_kind_becomes_one_hubspot_call(product, kind):
    product.log(call_events(1, kind, start=START, phone="+33199004567"))
    call = product.one("calls", "call-1")
    assert call["properties"]["hs_call_status"] == STATUS[kind]
    assert call["properties"]["hs_call_external_id"] == "1"
    assert "Call ID: 1" in call["properties"]["hs_call_body"]
    assert call["associations"]["contacts"] == ["12345"]
    decision = product.decision("call-1")
    assert (decision.result, decision.kind, decision.reason) == ("logged", kind, kind)
    assert product.redis.hgetall("ah:totals") == {f"logged|{kind}".encode(): b"1"}


def test_a_call_waits_for_its_end(product):
    *before, _ = call_events(1, "inbound_missed", start=START, phone="+33199004567")
    product.log(before)
    assert product.all("calls") == []
    assert product.decision("call-1").result == "pending"
    assert product.shop.due.waiting() == 0


def test_events_in_any_order_make_the_same_call(product):
    events = call_events(1, "inbound_voicemail", start=START, phone="+33199004567")
    for event in reversed(events):
        product.log([event])
    call = product.one("calls", "call-1")["properties"]
    assert call["hs_call_has_voicemail"] == "true"
    assert product.decision("call-1").kind == "inbound_voicemail"


def test_an_event_that_comes_while_its_batch_is_worked_on_is_not_lost(product):
    first = call_events(1, "inbound_missed", start=START, phone="+33199004567")
    voicemail = call_events(1, "inbound_voicemail", start=START, phone="+33199004567")
    product.deliver(first)
    real = product.shop.hubspot.create

    def create(object_type, inputs):
        product.deliver(voicemail)
        return real(object_type, inputs)

    product.shop.hubspot.create = create
    product.drain()
    assert product.one("calls", "call-1")["properties"]["hs_call_has_voicemail"] == "true"
