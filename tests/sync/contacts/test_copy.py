"""The full copy of HubSpot's contacts to Aircall."""

import pytest
import structlog

from clients.errors import Rejected, Unavailable
from store import keys
from store.aircall_index import ALL
from store.operations import BusyOperationError
from sync.contacts import copy
from tests.sync.contacts.copyworld import CopyWorld, phone
from tests.sync.contacts.people import carry_wanted

pytestmark = pytest.mark.usefixtures("quiet")


@pytest.fixture
def quiet():
    """A log of a thousand contacts, and of what is in each of their frames, is no help."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    yield
    structlog.reset_defaults()


@pytest.fixture
def world(product) -> CopyWorld:
    return CopyWorld(product)


def test_each_contact_costs_one_request_and_aircalls_list_is_read_once(world, redis_client):
    world.hubspot_has(0, 60)
    world.ask(60)
    ended = world.go_on()
    assert ended.state == "done"
    assert ended.counts == {"done": 60, "created": 60}
    assert world.asked() == {"GET": 1, "POST": 60}
    assert len(world.book) == 60
    assert world.doubled() == {}
    assert not redis_client.exists(*ALL)


def test_a_contact_that_aircall_had_is_taken_over_and_nobody_is_there_twice(world):
    world.aircall_has(0, 70)
    world.hubspot_has(60, 20)
    world.ask(20)
    assert world.go_on().counts == {"done": 20, "adopted": 10, "created": 10}
    assert len(world.book) == 80
    assert world.doubled() == {}
    assert world.asked()["GET search"] == 0


def test_copied_again_unchanged_contacts_ask_aircall_nothing_but_its_list(world):
    world.hubspot_has(0, 30)
    world.ask(30)
    world.go_on()
    before = len(world.product.aircall.requests)
    world.ask(30)
    assert world.go_on().counts == {"done": 30, "unchanged": 30}
    assert world.asked(before) == {"GET": 1}


def test_a_changed_name_costs_one_request_and_a_changed_phone_one(world):
    world.hubspot_has(0, 3)
    world.ask(3)
    world.go_on()
    records = world.product.hubspot.portal.records["contacts"]
    records["100000"].properties["lastname"] = "Another"
    records["100001"].properties["phone"] = phone(900)
    before = len(world.product.aircall.requests)
    world.ask(3)
    assert world.go_on().counts == {"done": 3, "changed": 2, "unchanged": 1}
    assert world.asked(before) == {"GET": 1, "POST one": 1, "PUT one/phone_details": 1}


def test_contacts_without_a_phone_are_left_out_and_counted_by_reason(world):
    world.hubspot_has(0, 2)
    world.hubspot_has(2, 3, phone="call me")
    world.ask(5)
    counts = dict(world.go_on().counts)
    assert counts.pop("skipped: no valid phone") == 3
    assert counts == {"done": 5, "created": 2, "skipped": 3}


def test_two_contacts_of_hubspot_with_one_phone_make_one_in_aircall(world):
    world.hubspot_has(0, 2, phone=phone(7))
    world.ask(2)
    world.go_on()
    assert len(world.book) == 1
    assert world.doubled() == {}


def test_what_aircall_refuses_is_counted_and_the_others_go_on(world):
    world.hubspot_has(0, 5)
    real = world.product.aircall.obey

    def refusing(request, fault):
        if b"N3" in request.body:
            return real(_spoilt(request), fault)
        return real(request, fault)

    world.product.aircall.obey = refusing
    try:
        world.ask(5)
        assert world.go_on().counts == {"done": 5, "created": 4, "refused": 1}
    finally:
        del world.product.aircall.obey
    assert "contacts refused" in world.product.alerts()


def _spoilt(request):
    from dataclasses import replace  # noqa: PLC0415 - only here

    return replace(request, body=request.body.replace(b"phone_numbers", b"emails"))


def test_an_odd_contact_keeps_no_other_from_aircall(world, monkeypatch):
    world.hubspot_has(0, 3)
    real = copy.carry

    def odd(shop, record, find):
        if record.id == "100001":
            raise KeyError("odd")
        return real(shop, record, find)

    monkeypatch.setattr(copy, "carry", odd)
    world.ask(3)
    assert world.go_on().counts == {"done": 3, "created": 2, "failed": 1}


@pytest.mark.parametrize("apart", [30, 1])
def test_beyond_what_paging_reaches_the_whole_list_is_read_in_windows(world, apart):
    world.aircall_has(0, 12_000, apart)
    world.hubspot_has(11_990, 20)
    world.ask(20)
    assert world.go_on().counts == {"done": 20, "adopted": 10, "created": 10}
    assert world.doubled() == {}
    assert world.asked()["GET search"] == 0
    assert world.asked()["GET"] < 300


def test_more_than_paging_reaches_within_one_second_is_searched_for(world):
    world.aircall_has(0, 10_100, 0)
    world.hubspot_has(10_090, 20)
    world.ask(20)
    assert world.go_on().counts == {"done": 20, "adopted": 10, "created": 10}
    assert world.doubled() == {}
    assert world.asked()["GET search"] >= 10


def test_a_contact_removed_while_the_list_is_read_makes_none_be_passed_over(world):
    world.aircall_has(0, 150)
    world.hubspot_has(0, 150)
    world.ask(150)
    assert world.some_steps(1)
    for id_ in sorted(world.book)[:5]:
        del world.book[id_]
    counts = world.go_on().counts
    assert (counts["adopted"], counts["created"]) == (145, 5)
    assert world.doubled() == {}


def test_what_others_make_in_aircall_meanwhile_is_seen(world, redis_client, monkeypatch):
    world.hubspot_has(0, 10)
    world.ask(10)
    assert world.some_steps(5)
    world.aircall_has(8, 1, at=world.book[max(world.book)]["created_at"] + 1)
    later = copy.now_ms(redis_client) + copy.LOOK_EVERY
    monkeypatch.setattr(copy, "now_ms", lambda _: later)
    assert world.go_on().counts == {"done": 10, "created": 9, "adopted": 1}
    assert world.doubled() == {}


def test_what_others_make_is_seen_whole_also_if_aircall_fails_in_the_middle_of_the_look(
    world, redis_client, monkeypatch
):
    world.hubspot_has(0, 160)
    world.aircall_has(200, 1, at=1)
    world.ask(160)
    assert world.some_steps(3)
    world.aircall_has(20, 120, apart=0, at=max(each["created_at"] for each in world.book.values()))
    later = copy.now_ms(redis_client) + copy.LOOK_EVERY
    monkeypatch.setattr(copy, "now_ms", lambda _: later)
    world.product.aircall.fault("503", method="GET", path="/v1/contacts", nth=2, times=2)
    copy.go_on()
    assert world.now().active
    world.product.pass_time(120)
    assert world.go_on().counts == {"done": 160, "created": 40, "adopted": 120}
    assert world.doubled() == {}


def test_a_look_reads_of_what_we_made_only_what_is_new(world, redis_client, monkeypatch):
    """Of an Aircall that had nobody, the whole list is ours: it is not read anew each time."""
    world.hubspot_has(0, 150)
    world.ask(150)
    assert world.some_steps(145)
    for each in world.book.values():
        each["created_at"] -= 3600
    later = copy.now_ms(redis_client) + copy.LOOK_EVERY
    monkeypatch.setattr(copy, "now_ms", lambda _: later)
    assert world.some_steps(2)
    before = len(world.product.aircall.requests)
    later += copy.LOOK_EVERY
    assert world.go_on().counts == {"done": 150, "created": 150}
    assert world.asked(before)["GET"] == 1


def test_stop_ends_it_after_the_present_contact_and_a_new_one_finds_all_unchanged(world):
    world.hubspot_has(0, 10)
    begun = world.ask(10)
    assert world.some_steps(4)
    world.operations.stop("contacts", begun.id, "U2")
    copy.go_on()
    stopped = world.now()
    assert (stopped.state, stopped.stopped_by, stopped.counts["done"]) == ("stopped", "U2", 3)
    assert len(world.book) == 3
    world.ask(10)
    assert world.go_on().counts == {"done": 10, "unchanged": 3, "created": 7}


def test_only_one_runs_at_a_time(world):
    world.ask(1)
    with pytest.raises(BusyOperationError):
        world.ask(1)


@pytest.mark.parametrize(
    ("setting", "says"),
    [("enabled", copy.DISABLED), ("sync_contacts", copy.SWITCHED_OFF)],
)
def test_switched_off_meanwhile_it_waits_says_so_and_goes_on_afterwards(world, setting, says):
    world.hubspot_has(0, 6)
    world.ask(6)
    assert world.some_steps(3)
    world.product.set(**{setting: False})
    assert not world.some_steps(3)
    assert (world.now().state, world.now().trouble) == ("running", says)
    assert len(world.book) == 2
    world.product.set(**{setting: True})
    ended = world.go_on()
    assert (ended.state, ended.trouble, ended.counts["done"]) == ("done", "", 6)


@pytest.mark.parametrize("kind", ["429", "500", "503", "reset", "timeout", "500_after", "cut"])
def test_trouble_of_aircalls_in_the_middle_makes_it_wait_and_double_nothing(world, kind):
    world.hubspot_has(0, 12)
    world.ask(12)
    assert world.some_steps(4)
    world.product.aircall.fault(kind, times=3, nth=2)
    for _ in range(30):
        if not world.now().active:
            break
        copy.go_on()
        world.product.pass_time(120)
    ended = world.now()
    assert ended.state == "done"
    assert ended.counts["done"] == 12
    _carry_those_left_to_later(world)
    assert len(world.book) == 12
    assert world.doubled() == {}


def test_what_was_made_without_an_answer_is_left_to_later_and_made_once(world):
    """Aircall may still be at it: who looks at once may find nothing, and make a second one."""
    world.hubspot_has(0, 3)
    world.ask(3)
    world.product.aircall.fault("500_after", method="POST", path="/v1/contacts")
    ended = world.go_on()
    assert ended.counts == {"done": 3, "created": 2, "later": 1}
    assert world.asked()["GET search"] == 0
    _carry_those_left_to_later(world)
    assert len(world.book) == 3
    assert world.doubled() == {}


def test_one_at_which_aircall_fails_always_keeps_no_other_from_it(world):
    world.hubspot_has(0, 3)
    world.ask(1)
    assert world.some_steps(2)
    world.go_on()
    (first, *_) = world.book
    records = world.product.hubspot.portal.records["contacts"]
    for id_ in ("100000", "100001", "100002"):
        records[id_].properties["lastname"] = "Another"
    world.product.aircall.fault("500", method="POST", path=f"/v1/contacts/{first}", times=None)
    world.ask(3)
    for _ in range(20):
        copy.go_on()
        world.product.pass_time(120)
    assert world.now().counts == {"done": 3, "changed": 2, "later": 1}
    assert (world.now().state, world.now().trouble) == ("done", "")


def test_a_refusal_of_a_search_keeps_no_other_from_aircall(world, monkeypatch):
    world.hubspot_has(0, 3)
    real = copy.carry

    def refusing(shop, record, find):
        if record.id == "100001":
            raise Rejected("aircall", "Invalid phone_number", status=400)
        return real(shop, record, find)

    monkeypatch.setattr(copy, "carry", refusing)
    world.ask(3)
    assert world.go_on().counts == {"done": 3, "created": 2, "failed": 1}


def _carry_those_left_to_later(world):
    for id_ in world.redis.zrange(keys.CONTACTS_CHANGED, 0, -1):
        world.redis.zadd(keys.CONTACTS_CHANGED, {id_: 0})
    assert not carry_wanted(world.product)


def test_while_a_vendor_cannot_be_asked_that_is_told_with_the_progress(world):
    world.hubspot_has(0, 3)
    world.ask(3)
    world.product.aircall.fault("429", times=None, retry_after=60)
    copy.go_on()
    assert "limit of requests is reached" in world.now().trouble
    with pytest.raises(Unavailable):
        world.some_steps(1)
    world.product.aircall.faults.clear()
    world.product.pass_time(120)
    ended = world.go_on()
    assert (ended.state, ended.trouble) == ("done", "")


def test_hubspot_that_is_down_makes_it_wait(world):
    world.hubspot_has(0, 3)
    world.ask(3)
    world.product.hubspot.fault("503", times=None)
    copy.go_on()
    assert world.now().trouble
    world.product.hubspot.faults.clear()
    world.product.pass_time(120)
    assert world.go_on().state == "done"


def test_an_index_that_expired_in_a_long_pause_is_read_anew(world, redis_client):
    world.hubspot_has(0, 6)
    world.ask(6)
    assert world.some_steps(3)
    redis_client.delete(*ALL)
    world.aircall_has(5, 1)
    assert world.go_on().counts == {"done": 6, "created": 5, "adopted": 1}
    assert world.doubled() == {}


def test_another_portal_is_refused_before_anything_is_mixed_up(world, redis_client):
    world.hubspot_has(0, 3)
    world.ask(3)
    assert world.some_steps(3)
    redis_client.hset(keys.CONTACTS_STATE, "portal", "another")
    copy.go_on()
    assert "another one" in world.now().trouble
    assert len(world.book) == 2


def test_without_one_that_was_asked_for_the_job_does_nothing(world):
    copy.go_on()
    assert world.asked() == {}
