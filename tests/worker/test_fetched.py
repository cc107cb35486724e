"""Calls fetched from Aircall enter as if delivered, judged by the settings of when they ended."""

import json

import pytest

from sandbox.traffic import call_events
from store import keys
from store.connection import now_ms
from tests.worker.product import KNOWN, START
from worker.fetched import enter, unseen


@pytest.fixture
def fetch(product):
    """Take in a call as the API tells it; True if a drain must be called."""

    def taking(told, source="gap"):
        revisions = product.shop.revisions.all()
        return enter(product.shop.due, told, source, revisions, now_ms(product.redis))

    return taking


def told(id_=1, kind="inbound_missed"):
    """A call as `GET /v1/calls` lists it."""
    return call_events(id_, kind, start=START, phone=KNOWN)[-1]["data"]


def test_a_fetched_call_is_logged_once_as_a_delivered_one_is(product, fetch):
    assert fetch(told())
    product.drain()
    assert len(product.all("calls")) == 1
    fetch(told())
    product.drain()
    assert len(product.all("calls")) == 1


def test_a_call_that_was_delivered_meanwhile_is_logged_once(product, fetch):
    product.log(call_events(1, "inbound_missed", start=START, phone=KNOWN))
    fetch(told())
    product.drain()
    assert len(product.all("calls")) == 1


def test_one_without_a_usable_id_is_left_out(product, fetch):
    assert not fetch({**told(), "id": None})
    assert product.redis.zcard(keys.DUE) == 0


def test_what_enters_says_where_it_came_from_and_holds_no_token(product, fetch):
    fetch(told())
    kept = [json.loads(raw) for raw in product.redis.lrange(keys.new("call-1"), 0, -1)]
    assert "gap" in json.dumps(kept)
    assert "token" not in json.dumps(kept)


def test_the_unseen_are_those_of_which_nothing_is_known(product, fetch):
    product.log(call_events(1, "inbound_missed", start=START, phone=KNOWN))
    product.deliver(call_events(2, "inbound_missed", start=START, phone=KNOWN)[:1])
    product.redis.set(keys.ids("call-3"), "{}")
    ids = [f"call-{n}" for n in range(1, 6)]
    assert unseen(product.redis, ids) == ["call-4", "call-5"]
    fetch(told(4))
    assert unseen(product.redis, ids) == ["call-5"]
    assert unseen(product.redis, []) == []
