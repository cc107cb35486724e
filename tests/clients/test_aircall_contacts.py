"""Aircall's shared contacts: every request, and answers that are not what the docs promise."""

import json

import pytest

from clients.aircall import Aircall
from clients.aircall.contacts import Contacts
from clients.errors import Misunderstood, NotFound, Rejected, Unavailable
from rules.aircall_contacts import Detail

PHONE, OTHER = "+33199880001", "+33199880002"
WORK = [Detail("Work", PHONE)]


def answer(value: object, status: str = "200 OK") -> bytes:
    body = json.dumps(value).encode()
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


@pytest.fixture
def contacts(aircall) -> Contacts:
    return aircall.contacts


@pytest.fixture
def answering(raw_vendor, http_to):
    return lambda *answers: Aircall(http_to(raw_vendor(*answers).url)).contacts


def test_a_contact_is_made_found_read_and_removed(contacts):
    made = contacts.create({"first_name": "Ada"}, WORK, [Detail("Work", "ada@example.com")])
    assert made.texts["first_name"] == "Ada"
    assert made.texts["last_name"] == ""
    assert made.phones[0].value == "+33 1 99 88 00 01"
    assert made.phones[0].id
    assert made.emails[0].value == "ada@example.com"
    assert made.created
    assert contacts.search(PHONE) == (made,)
    assert contacts.search(OTHER) == ()
    assert contacts.read(made.id) == made
    contacts.delete(made.id)
    for gone in (contacts.read, contacts.delete):
        with pytest.raises(NotFound):
            gone(made.id)


def test_its_texts_are_changed_by_post_and_its_parts_one_by_one(contacts, company):
    made = contacts.create({"first_name": "Ada"}, WORK, [])
    assert contacts.update(made.id, {"last_name": "Byron"}).texts["last_name"] == "Byron"
    added = contacts.add(made.id, "phone", "Mobile", OTHER)
    assert [each.label for each in added.phones] == ["Work", "Mobile"]
    changed = contacts.change(made.id, "phone", added.phones[1].id, "Home", OTHER)
    assert changed.phones[1].label == "Home"
    contacts.remove(made.id, "phone", added.phones[1].id)
    with pytest.raises(NotFound):
        contacts.remove(made.id, "phone", added.phones[1].id)
    assert contacts.add(made.id, "email", "Work", "a@example.com").emails
    assert company.requests[-1].path == f"/v1/contacts/{made.id}/email_details"


def test_the_list_comes_page_by_page_within_its_time(contacts):
    for n in range(60):
        contacts.create({"first_name": "A"}, [Detail("Work", f"+3319988{n:04}")], [])
    first = contacts.page()
    assert (len(first.contacts), first.total, first.more) == (50, 61, True)
    last = contacts.page(2)
    assert (len(last.contacts), last.more) == (11, False)
    seeded = first.contacts[0]
    assert contacts.page(order="desc").contacts[-1] != seeded
    only = contacts.page(start=seeded.created, end=seeded.created)
    assert only.contacts == (seeded,)
    assert contacts.page(order_by="updated_at").total == 61


def test_the_list_ends_at_what_paging_reaches(answering):
    full = {"meta": {"total": 20_000, "next_page_link": "https://next"}, "contacts": []}
    told = answering(answer(full))
    assert told.page(199).more
    assert not told.page(200).more


@pytest.mark.parametrize(
    ("texts", "phones"),
    [
        ({"first_name": "Ada 🚀"}, WORK),
        ({"first_name": " "}, WORK),
        ({"first_name": "a" * 256}, WORK),
        ({}, []),
        ({}, [Detail("Work", PHONE)] * 21),
    ],
)
def test_what_aircall_refuses_is_told_in_its_words(contacts, texts, phones):
    with pytest.raises(Rejected) as caught:
        contacts.create(texts, phones, [])
    assert caught.value.status == 400
    assert caught.value.message


@pytest.mark.parametrize("status", ["400", "405", "422"])
def test_a_refusal_of_any_status_is_one(contacts, company, status):
    company.fault(status, method="POST")
    with pytest.raises(Rejected) as caught:
        contacts.create({"first_name": "Ada"}, WORK, [])
    assert caught.value.status == int(status)


def test_a_contact_whose_making_was_cut_off_may_be_there(contacts, company):
    company.fault("reset_after", method="POST", path="/v1/contacts")
    with pytest.raises(Unavailable) as caught:
        contacts.create({"first_name": "Ada"}, WORK, [])
    assert caught.value.maybe_written
    assert len(contacts.search(PHONE)) == 1


@pytest.mark.parametrize("body", [{}, {"contact": {}}, {"contact": []}, {"contact": {"id": "x"}}])
def test_an_answer_without_the_contact_is_not_taken_for_one(answering, body):
    with pytest.raises(Misunderstood) as caught:
        answering(answer(body, "201 Created")).create({}, WORK, [])
    assert caught.value.maybe_written
    with pytest.raises(Misunderstood) as caught:
        answering(answer(body)).read(7)
    assert not caught.value.maybe_written
    assert answering(answer(body)).update(7, {"first_name": "Ada"}) is None


def test_wrong_types_count_as_not_told(answering):
    row = {
        "id": 7,
        "first_name": 5,
        "phone_numbers": ["x", {"value": 5}, {"id": "9", "value": PHONE}],
        "emails": None,
    }
    told = answering(answer({"contact": row})).read(7)
    assert told.texts["first_name"] == ""
    assert told.phones == (Detail("", PHONE, 9),)
    assert told.emails == ()


def test_a_hit_that_has_another_phone_is_none(answering):
    row = {"id": 7, "phone_numbers": [{"id": 1, "label": "W", "value": OTHER}]}
    assert answering(answer({"meta": {}, "contacts": [row]})).search(PHONE) == ()


def test_work_that_can_wait_goes_in_the_paced_lane(aircall, gate):
    aircall.in_background().contacts.search(PHONE)
    aircall.contacts.search(PHONE)
    assert [limits for _, limits in gate.entered] == [("aircall_background",), ("aircall",)]
