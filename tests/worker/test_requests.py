import pytest
from product import KNOWN, START, UNKNOWN, call, split

from sandbox.traffic import Story, call_events, message_events

TICKETS = {"tickets__pipeline": "0", "tickets__stages__inbound_missed": "1"}


def missed(id_=1, phone=KNOWN):
    return call_events(id_, "inbound_missed", start=START, phone=phone)


def test_a_fresh_call_of_a_known_phone_with_ticket_is_three_requests(product):
    product.set(**TICKETS)
    with product.asking() as asked:
        product.log(missed())
    assert asked == ["POST contacts/search", "POST calls/batch/create", "POST tickets/batch/create"]


def test_a_fresh_call_of_an_unknown_phone_with_ticket_is_five_requests(product):
    product.set(**TICKETS)
    with product.asking() as asked:
        product.log(missed(phone=UNKNOWN))
    assert asked == [
        "POST contacts/search",
        "POST companies/search",
        "POST contacts/batch/create",
        "POST calls/batch/create",
        "POST tickets/batch/create",
    ]


def test_a_second_call_of_a_contact_just_made_needs_no_search(product):
    product.log(missed(1, UNKNOWN))
    with product.asking() as asked:
        product.log(missed(2, UNKNOWN))
    assert asked == ["POST calls/batch/create"]


def test_a_message_of_a_known_phone_is_two_requests(product):
    with product.asking() as asked:
        product.log(message_events("m-1", "inbound", start=START, phone=KNOWN))
    assert asked == ["POST contacts/search", "POST communications/batch/create"]


def test_a_late_voicemail_with_its_ticket_is_four_requests(product):
    product.set(**TICKETS, tickets__stages__inbound_voicemail="2")
    story = Story(late_voicemail=True)
    first, rest = split(
        call_events(1, "inbound_voicemail", start=START, phone=KNOWN, story=story),
        "call.voicemail_left",
    )
    product.log(first)
    with product.asking() as asked:
        product.log(rest)
    assert sorted(asked) == [
        "POST calls/batch/read",
        "POST calls/batch/update",
        "POST tickets/batch/read",
        "POST tickets/batch/update",
    ]


def test_events_before_the_end_ask_nothing(product):
    *before, _ = missed()
    with product.asking() as asked:
        product.log(before)
    assert asked == []


def test_an_anonymous_call_is_one_request(product):
    with product.asking() as asked:
        product.log(missed(phone="anonymous"))
    assert asked == ["POST calls/batch/create"]


@pytest.mark.parametrize("count", [100, 1_000])
def test_a_backlog_of_distinct_calls_is_a_tenth_of_a_request_each(product, count):
    """30 of 100 phones are unknown; tickets are on."""
    product.set(**TICKETS)
    for at in range(count):
        phone = f"+33630{at:06d}"
        if at % 10 >= 3:
            product.hubspot.add("contacts", {"phone": phone, "firstname": f"N{at}"})
        ended = missed(at, phone)[-1]
        product.deliver([ended])
    with product.asking() as asked:
        product.drain()
    assert len(product.all("calls")) == len(product.all("tickets")) == count
    assert len(asked) <= 0.10 * count
    assert product.shop.due.waiting() == 0


def test_repeated_events_of_a_backlog_ask_nothing(product):
    events = [call(id_=at)[-1] for at in range(100)]
    product.log(events)
    with product.asking() as asked:
        product.log(events)
    assert asked == []
