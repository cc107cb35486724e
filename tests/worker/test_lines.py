"""Payloads that abridge their line: what Aircall's directory knows of it is used instead."""

import pytest
from product import CLAIRE, KNOWN, START, later, split

from sandbox.traffic import call_events, message_events

LINE = {"id": 1001, "name": "Sales France", "digits": "+33199000123"}
NATIONAL = "0199004567"
TICKETS = {"tickets__pipeline": "0", "tickets__stages__inbound_missed": "1"}


def told(events, **changed):
    return [{**each, "data": {**each["data"], **changed}} for each in events]


def missed(number, phone=NATIONAL):
    events = call_events(1, "inbound_missed", start=START, phone=KNOWN)
    return told(events, raw_digits=phone, number=number)


@pytest.mark.parametrize("number", [{"id": 1001}, 1001])
def test_an_abridged_line_is_named_and_places_a_national_phone(product, number):
    product.set(**TICKETS)
    product.log(missed(number))
    call = product.one("calls", "call-1")
    assert call["associations"]["contacts"] == [CLAIRE]
    assert call["properties"]["hs_call_from_number"] == "+33199004567"
    assert call["properties"]["hs_call_to_number"] == LINE["digits"]
    assert "Sales France (+33199000123)" in product.body()
    ticket = product.one("tickets", "call-1")["properties"]
    assert "Sales France (+33199000123)" in ticket["content"]


def test_an_abridged_line_is_named_in_a_message(product):
    events = message_events("m-1", "inbound", start=START, phone=KNOWN, body="Hello")
    product.log(told(events, raw_digits=NATIONAL, external_number=NATIONAL, number=1001))
    assert "Sales France (+33199000123)" in product.body("communications", "message-m-1")
    assert product.one("communications", "message-m-1")["associations"]["contacts"] == [CLAIRE]


def test_a_later_event_of_a_call_written_without_its_line_names_it(product):
    events = missed(1001)
    before, ended = split(events, "call.ended")
    numbers = product.redis.hget("ah:directory", "numbers")
    empty = numbers[: numbers.index(b'"is"')] + b'"is": []}'
    product.redis.hset("ah:directory", "numbers", empty)
    product.log([*before, *ended])
    assert "Sales France" not in product.body()
    product.redis.hset("ah:directory", "numbers", numbers)
    product.log([later(ended[-1], 60)])
    assert "Sales France (+33199000123)" in product.body()
    assert product.one("calls", "call-1")["properties"]["hs_call_disposition"]


def test_what_an_event_tells_of_the_line_outranks_the_directory(product):
    product.log(missed({"id": 1001, "name": "Renamed"}))
    assert "Renamed (+33199000123)" in product.body()


@pytest.mark.parametrize(
    "phone", ["tel:+33199004567", "+33199004567;ext=12", 33199004567, "\u202a+33199004567\u202c"]
)
def test_a_phone_sent_in_an_odd_form_is_found(product, phone):
    product.log(missed(1001, phone))
    assert product.one("calls", "call-1")["associations"]["contacts"] == [CLAIRE]
