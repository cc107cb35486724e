import json
import time
from dataclasses import replace

import pytest

from clients.aircall import Aircall, aircall_http
from clients.aircall.records import Company
from clients.errors import Misunderstood, NotFound, Rejected, Unavailable
from rules.records import Agent, Line, Tag
from sandbox.traffic import call_events

EVENTS = ["call.ended", "call.tagged", "message.sent"]


def answer(value: object) -> bytes:
    body = json.dumps(value).encode()
    return f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


@pytest.fixture
def start() -> int:
    return int(time.time()) - 86_400


@pytest.fixture
def aircall_answering(raw_vendor, http_to):
    return lambda *answers: Aircall(http_to(raw_vendor(*answers).url))


def test_our_key_is_taken(aircall, gate):
    aircall.ping()
    assert gate.entered == [("aircall", ("aircall",))]


@pytest.mark.parametrize("token", ["wrong", ""])
def test_a_wrong_key_parks(sandbox, gate, token):
    with pytest.raises(Unavailable) as caught:
        Aircall(aircall_http(sandbox.aircall.url, "sandbox-id", token, gate)).ping()
    assert caught.value.reason == "credentials"
    assert gate.pauses == [("aircall", 60, "credentials")]


def test_the_company_is_named(aircall):
    company = aircall.company()
    assert company.name
    assert company.numbers == 3


def test_lines_are_listed_and_read(aircall):
    lines = {line.id: line for line in aircall.numbers()}
    assert {line.name for line in lines.values()} == {"Sales France", "Support US", "Berlin"}
    assert lines[1001].country == "FR"
    assert lines[1001].digits.replace(" ", "").startswith("+33")
    assert aircall.number(1001) == lines[1001]
    with pytest.raises(NotFound):
        aircall.number(99)


@pytest.mark.parametrize(
    ("told", "proxied"),
    [
        ({"type": "native"}, False),
        ({"type": "Proxy"}, True),
        ({"callbackUrl": "https://other.example.com/sms"}, True),
        ({"configuration": {"type": "proxy"}}, True),
        ({}, False),
    ],
)
def test_a_number_in_proxy_mode_is_told_by_either_sign(aircall_answering, told, proxied):
    assert aircall_answering(answer(told)).in_proxy_mode(1) is proxied


def test_agents_come_from_v2_and_tags_by_name(aircall, company):
    assert Agent(456, "Jeanne Martin", "jeanne.martin@example.com") in aircall.users()
    assert company.count("GET", "/v2/users") == 1
    assert {Tag(31, "Quote"), Tag(32, "Hot lead"), Tag(33, "VIP")} <= set(aircall.tags())


def test_lists_are_read_to_their_last_page(raw_vendor, http_to):
    def page(ids, link):
        meta = {"next_page_link": link}
        return answer({"meta": meta, "tags": [{"id": id_, "name": f"t{id_}"} for id_ in ids]})

    vendor = raw_vendor(page([1, 2], "https://x"), page([3], None))
    assert [tag.id for tag in Aircall(http_to(vendor.url)).tags()] == [1, 2, 3]
    assert paths(vendor) == ["/v1/tags?page=1&per_page=50", "/v1/tags?page=2&per_page=50"]


def test_wrong_types_count_as_not_told(aircall_answering):
    row = {"name": 5, "digits": None, "country": "France", "open": "yes"}
    rows = [row | {"id": "7"}, row | {"id": "x"}, "y"]
    lines = aircall_answering(answer({"numbers": rows})).numbers()
    assert lines == (Line(7),)
    with pytest.raises(Misunderstood):
        aircall_answering(answer({"number": row})).number(7)
    assert aircall_answering(answer({"company": {"name": 5}})).company() == Company("")


@pytest.mark.parametrize("body", [{}, [], {"numbers": None}, {"number": []}, "x"])
def test_an_answer_without_its_list_or_object_is_not_an_empty_one(aircall_answering, body):
    with pytest.raises(Misunderstood):
        aircall_answering(answer(body)).numbers()
    with pytest.raises(Misunderstood):
        aircall_answering(answer(body)).number(1)


def test_a_full_page_that_does_not_tell_of_others_is_not_taken_for_all(aircall_answering):
    rows = [{"id": n} for n in range(1, 51)]
    with pytest.raises(Misunderstood):
        aircall_answering(answer({"calls": rows})).calls(1, 2)
    with pytest.raises(Misunderstood):
        aircall_answering(answer({"tags": rows, "meta": None})).tags()
    assert len(aircall_answering(answer({"calls": rows[:49]})).calls(1, 2).calls) == 49


def add_calls(company, count: int, start: int) -> list[int]:
    ids = [9000 + n for n in range(count)]
    for n, id_ in enumerate(ids):
        events = call_events(id_, "inbound_answered", start=start + n, phone="+33199004567")
        events[-1]["data"]["ivr_options_selected"] = [{"id": "1", "title": "Sales"}]
        company.add_call(events[-1])
    return ids


def paths(vendor) -> list[str]:
    return [request.split(b" ")[1].decode() for request in vendor.requests]


def test_a_call_is_read_as_aircall_tells_it(aircall, company, start):
    (id_,) = add_calls(company, 1, start)
    call = aircall.call(id_)
    assert (call["id"], call["direction"], call["status"]) == (id_, "inbound", "done")
    assert "ivr_options_selected" in call
    assert "ivr_options_selected" not in aircall.call(id_, fetch_call_timeline=False)
    with pytest.raises(NotFound):
        aircall.call(1)


def test_calls_are_read_page_by_page(aircall, company, start):
    ids = add_calls(company, 120, start)
    first = aircall.calls(start, start + 119)
    assert ([call["id"] for call in first.calls], first.total, first.more) == (ids[:50], 120, True)
    last = aircall.calls(start, start + 119, 3)
    assert (len(last.calls), last.more) == (20, False)
    newest = aircall.calls(start, start + 119, order="desc", fetch_contact=True)
    assert newest.calls[0]["id"] == ids[-1]


def test_every_call_between_two_moments_comes_once_oldest_first(aircall, company, start):
    ids = add_calls(company, 120, start)
    found = [call["id"] for call in aircall.calls_between(start + 10, start + 99)]
    assert found == ids[10:100]
    assert company.count("GET", "/v1/calls") == 2


def test_a_window_beyond_what_paging_reaches_is_halved(raw_vendor, http_to):
    def page(total, *ids):
        calls = [{"id": id_} for id_ in ids]
        return answer({"meta": {"total": total, "next_page_link": None}, "calls": calls})

    vendor = raw_vendor(page(9001, 1), page(4500, 1, 2), page(4501, 2, 3))
    found = Aircall(http_to(vendor.url)).calls_between(1000, 2000, fetch_contact=True)
    assert [call["id"] for call in found] == [1, 2, 3]
    windows = [(f"from={a}&", f"to={b}&") for a, b in [(1000, 2000), (1000, 1500), (1500, 2000)]]
    for path, window in zip(paths(vendor), windows, strict=True):
        assert all(part in path for part in (*window, "fetch_contact=true"))


def test_a_crowded_second_is_read_as_far_as_paging_reaches(raw_vendor, http_to):
    meta = {"total": 20_000, "next_page_link": "https://next"}
    vendor = raw_vendor(answer({"meta": meta, "calls": [{"id": 1}]}))
    assert [call["id"] for call in Aircall(http_to(vendor.url)).calls_between(7, 8)] == [1]
    assert len(vendor.requests) == 200


def test_webhooks_are_listed_with_their_tokens_which_are_not_shown(aircall):
    (webhook,) = aircall.webhooks()
    assert webhook.url.endswith("/aircall/webhook")
    assert webhook.token == "sandbox-webhook-token"
    assert webhook.token not in repr(webhook)


def test_a_webhook_is_created_changed_and_removed(aircall):
    made = aircall.create_webhook("https://hooks.example.com/aircall/webhook", "Ours", EVENTS)
    assert (made.name, made.active, sorted(made.events)) == ("Ours", True, sorted(EVENTS))
    assert made.token
    aircall.update_webhook(made.id, events=EVENTS, active=False)
    aircall.update_webhook(
        made.id, events=EVENTS[:2], active=False, name="Theirs", url=made.url + "2"
    )
    (changed,) = [each for each in aircall.webhooks() if each.id == made.id]
    wanted = replace(made, active=False, name="Theirs", url=made.url + "2", events=changed.events)
    assert changed == wanted
    assert sorted(changed.events) == sorted(EVENTS[:2])
    aircall.delete_webhook(made.id)
    assert made.id not in {each.id for each in aircall.webhooks()}
    with pytest.raises(NotFound):
        aircall.delete_webhook(made.id)


def test_waking_a_webhook_keeps_its_events(aircall):
    made = aircall.create_webhook("https://hooks.example.com/x", "Ours", EVENTS)
    aircall.update_webhook(made.id, events=made.events, active=True)
    (changed,) = [each for each in aircall.webhooks() if each.id == made.id]
    assert sorted(changed.events) == sorted(EVENTS)


def test_a_webhook_that_is_refused_is_told_in_aircalls_words(aircall):
    with pytest.raises(Rejected) as caught:
        aircall.create_webhook("http://not-https.example.com", "Ours", EVENTS)
    assert caught.value.status == 400
    assert caught.value.message


def test_a_webhook_whose_creation_was_cut_off_is_left_to_the_caller(aircall, company):
    company.fault("reset_after", method="POST", path="/v1/webhooks")
    with pytest.raises(Unavailable) as caught:
        aircall.create_webhook("https://hooks.example.com/y", "Ours", EVENTS)
    assert caught.value.maybe_written
    assert len(aircall.webhooks()) == 2
