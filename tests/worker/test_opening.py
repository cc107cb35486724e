"""What a claim settles by itself: hints, poison, and deliveries that cannot be read."""

import json

import pytest
from product import START, call

from sandbox.traffic import call_events
from store import keys
from store.due import Claim, Settled
from worker.__main__ import main
from worker.drain.hints import stale_by
from worker.drain.opening import Opener
from worker.failed_alerts import close_settled


@pytest.mark.parametrize(
    ("event", "part"),
    [
        ("user.created", "users"),
        ("user.created.v2", "users"),
        ("user.deleted", "users"),
        ("user.deleted.v2", "users"),
        ("number.created", "numbers"),
        ("number.deleted", "numbers"),
        ("tag.created", "tags"),
        ("integration.deleted", None),
        ("", None),
        *(
            (f"user.{name}{version}", None)
            for name in ("opened", "closed", "connected", "disconnected", "wut_start", "wut_end")
            for version in ("", ".v2")
        ),
    ],
)
def test_an_event_makes_stale_what_it_changes_and_availability_changes_nothing(event, part):
    assert stale_by(event) == part


def test_a_hint_of_availability_that_is_still_in_the_store_asks_nobody(product):
    events = [{"event": "user.opened", "resource": "user", "timestamp": START, "data": {"id": 7}}]
    product.log(events)
    assert not product.redis.exists(keys.hinted("users"), "rq:queue:background")
    assert product.shop.due.waiting() == 0


@pytest.fixture
def poisoned(product):
    """A call and its alert, as a claim leaves them that finds it has stopped the worker."""
    product.deliver(call(id_=1))
    Opener(product.shop, Claim("a", 1, (), ("call-1",))).open()
    assert set(product.alerts()) == {"poisoned call-1"}
    return product


@pytest.mark.parametrize(
    ("settled", "lost", "over"),
    [
        (Settled("call-1", "out", failure="drop"), (), True),
        (Settled("call-1", "out", failure="drop"), ("call-1",), False),
        (Settled("call-1", "out", failure="add"), (), False),
        (Settled("call-1", "park:hubspot"), (), False),
        (Settled("call-2", "out", failure="drop"), (), False),
    ],
)
def test_poison_is_over_when_it_has_left_the_failures(poisoned, settled, lost, over):
    poisoned.shop.alerts.raise_("poisoned call-3", "Another.")
    close_settled(poisoned.shop.alerts, [settled], lost)
    assert set(poisoned.alerts()) == {"poisoned call-3"} | (set() if over else {"poisoned call-1"})


def test_what_is_settled_for_good_or_logged_closes_no_alert_that_is_not_its_own(product):
    product.shop.alerts.raise_("a", "Something is wrong.")
    close_settled(product.shop.alerts, [Settled("a", "out", failure="drop")], ())
    assert set(product.alerts()) == {"a"}


def test_an_event_that_cannot_be_read_is_put_aside_as_the_door_does(product, monkeypatch, capsys):
    *_, ended = call_events(1, "inbound_missed", start=START, phone="+33199004567")
    odd = {**ended, "event": "call.invented", "note": "x" * 100_000}
    product.shop.due.enter("call-1", json.dumps(odd), ending=False)
    product.shop.due.enter("call-1", json.dumps({**odd, "note": ""}), ending=False)
    product.drain()
    newest, oldest = (json.loads(raw) for raw in product.redis.lrange(keys.UNREADABLE, 0, -1))
    assert newest == {"reason": "not an event of a call or message", "event": {**odd, "note": ""}}
    assert len(oldest["event"]) < 20_000
    for name, value in product.variables.items():
        monkeypatch.setenv(name, value)
    assert main(["unreadable"]) == 0
    assert "call.invented: {" in capsys.readouterr().out
