"""Our webhook is made where there is none, found again; a refusal is said with the way by hand."""

import threading

import pytest

from store import keys
from sync.webhook import watch as room
from sync.webhook.events import CORE, EVENTS
from sync.webhook.watch import look
from tests.sync.webhook.hookworld import (
    NAME,
    PUBLIC,
    URL,
    add,
    asked,
    hooks,
    notices,
    ours,
    repairs,
    settled,
)


def test_a_missing_webhook_is_made_with_exactly_the_needed_events_and_said(public):
    look()
    hook = ours(public)
    assert sorted(hook["events"]) == sorted(EVENTS)
    assert (hook["custom_name"], hook["active"]) == (NAME, True)
    assert "was made at Aircall" in notices(public)["webhook registered"]
    assert public.alerts() == {}
    assert repairs(public) == 1


def test_it_is_found_again_after_a_restart_and_nothing_is_written(public, monkeypatch):
    look()
    settled(public, monkeypatch, PUBLIC + "/")
    since = len(public.aircall.requests)
    look()
    assert asked(public, since) == ["GET"]
    assert len(hooks(public)) == 1


def test_one_that_is_gone_is_made_again_and_said_so(public):
    look()
    public.aircall.office.webhooks.clear()
    for notice in public.shop.alerts.notices():
        public.shop.alerts.said(notice)
    look()
    assert "was gone from Aircall: it was made again" in notices(public)["webhook registered"]
    assert len(hooks(public)) == 1


def test_it_is_found_among_a_hundred_strangers(public):
    public.aircall.office.webhooks.clear()
    for number in range(99):
        add(public, f"https://other{number}.example.com/aircall/webhook")
    add(public)
    look()
    assert len(hooks(public)) == 1
    assert asked(public) == ["GET", "GET"]


def test_a_company_that_is_full_of_strangers_webhooks_is_told_so_and_none_is_touched(public):
    public.aircall.office.webhooks.clear()
    for number in range(100):
        add(public, f"https://other{number}.example.com/aircall/webhook")
    before = dict(public.aircall.office.webhooks)
    look()
    assert "at most 100 webhooks" in public.alerts()["webhook missing"]
    assert f"its address is {URL}" in public.alerts()["webhook missing"]
    assert public.aircall.office.webhooks == before


@pytest.mark.parametrize("fault", ["500_after", "timeout_after", "reset_after", "empty_200_after"])
def test_a_create_whose_answer_is_lost_is_found_by_its_address(public, fault):
    public.aircall.fault(fault, method="POST", path="/v1/webhooks")
    look()
    look()
    assert len(hooks(public)) == 1
    assert asked(public).count("POST") == 1
    assert "webhook registered" in notices(public)


@pytest.mark.parametrize("fault", ["500", "503", "reset", "429"])
def test_a_create_that_never_arrived_is_tried_again_with_the_next_look(public, fault):
    public.aircall.fault(fault, method="POST", path="/v1/webhooks")
    look()
    assert hooks(public) == {}
    assert "webhook missing" not in public.alerts()
    public.pass_time(120)
    look()
    assert len(hooks(public)) == 1


def test_two_processes_at_once_make_one_webhook(public):
    public.aircall.ready_delay = 0.05
    lookers = [threading.Thread(target=look) for _ in range(4)]
    for each in lookers:
        each.start()
    for each in lookers:
        each.join()
    assert len(hooks(public)) == 1


def test_one_that_another_process_made_while_we_looked_is_not_made_twice(public, monkeypatch):
    real = room.register

    def late(shop, piece):
        add(public)
        real(shop, piece)

    monkeypatch.setattr(room, "register", late)
    look()
    assert len(hooks(public)) == 1


@pytest.mark.parametrize("status", [400, 403, 405, 422])
def test_a_refusal_to_make_it_is_said_with_the_way_by_hand_and_not_repeated(
    public, refusing, status
):
    refusing(status)
    look()
    said = public.alerts()["webhook missing"]
    assert "refused to make one" in said
    assert f"its address is {URL}" in said
    made = asked(public).count("POST")
    for _ in range(3):
        public.pass_time(120)
        look()
    assert asked(public).count("POST") == made
    assert public.alerts()["webhook missing"] == said


def test_it_is_tried_again_after_an_hour_and_the_alert_closes(public, refusing, monkeypatch):
    refusing(405)
    look()
    monkeypatch.undo()
    settled(public, monkeypatch, PUBLIC)
    public.redis.delete(keys.WEBHOOK_TRIED)
    look()
    assert len(hooks(public)) == 1
    assert public.alerts() == {}


def test_an_address_without_https_is_said_and_never_sent(public, monkeypatch):
    settled(public, monkeypatch, "http://phone.example.com")
    look()
    assert "PUBLIC_URL makes ours http://phone.example.com" in public.alerts()["webhook missing"]
    assert asked(public) == ["GET"]


def test_events_that_aircall_does_not_take_any_more_do_not_keep_the_others_away(public, refusing):
    refusing(400, fewer=True)
    look()
    assert sorted(ours(public)["events"]) == sorted(CORE)
    since = len(public.aircall.requests)
    look()
    assert asked(public, since) == ["GET"]
    assert public.alerts() == {}
