"""What is known of our messages on alerts, and whether there is more to tell."""

import pytest

from store.alerts import Alert, Alerts
from store.connection import now_ms
from store.quiet import Quieted
from store.told import Left, Member, Post, Spot, Told

ALERT = Alert("a", "It is so.", 5, {"number": "1"})
POST = Post(
    "1",
    (Member(ALERT), Member(ALERT, 9, "It is over.")),
    (Spot("C1", "1.1"), Spot("D1", "2.1", "U1")),
    "C1",
    1,
    2,
    3,
    asked_by="U2",
    left=(Left(Spot("C0", "0.1"), "moved", 4, 5),),
)


@pytest.fixture
def told(redis_client):
    return Told(redis_client)


def test_a_message_is_read_as_it_was_kept(told):
    told.keep(POST)
    assert told.posts() == (POST,)
    assert POST.open == (ALERT,)
    assert POST.is_list
    told.drop(POST)
    assert told.posts() == ()


def test_one_takes_the_place_of_others_in_one_piece(told):
    other = Post("2", (Member(ALERT),), (), "C1", 1, 1, 1)
    told.keep(POST, other)
    told.replace((POST, other), other)
    assert told.posts() == (other,)


def test_there_is_something_to_tell_after_each_change_and_at_its_time(told, redis_client):
    alerts = Alerts(redis_client)
    assert not told.is_due("C1")
    alerts.raise_("a", "x")
    assert told.is_due("C1")
    told.all_said(told.state("C1"), None)
    assert not told.is_due("C1")
    assert told.is_due("C2"), "another channel"
    Quieted(redis_client).ignore({"a": "x"}, "U1")
    assert told.is_due("C1")
    told.all_said(told.state("C1"), now_ms(redis_client) - 1)
    assert told.is_due("C1")
    told.all_said(told.state("C1"), now_ms(redis_client) + 60_000)
    assert not told.is_due("C1")


def test_while_slack_asks_to_wait_nothing_is_due(told, redis_client):
    Alerts(redis_client).raise_("a", "x")
    told.wait(60_000)
    assert not told.is_due("C1")
    assert told.seen().wait > now_ms(redis_client)
    told.wait(-1)
    assert told.is_due("C1")


def test_who_quieted_an_alert_is_kept_until_somebody_wakes_it(redis_client):
    quieted = Quieted(redis_client)
    quieted.ignore({"a": "substance"}, "U1")
    quieted.rest(["b", "c"], "U2", 99)
    kept = quieted.all()
    assert (kept["a"].by, kept["a"].until, kept["a"].substance) == ("U1", None, "substance")
    assert (kept["b"].by, kept["b"].until) == ("U2", 99)
    assert quieted.wake("a", "b") is True
    assert quieted.wake("a") is False
    assert set(quieted.all()) == {"c"}
