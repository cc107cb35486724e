"""Alerts: one per problem, open until it is resolved."""

import pytest

from store.alerts import Alerts
from store.connection import now_ms


@pytest.fixture
def alerts(redis_client):
    return Alerts(redis_client)


def test_an_alert_is_open_with_its_sentence_since_when_and_what_it_is_about(alerts, redis_client):
    before = now_ms(redis_client)
    assert alerts.raise_("stage 1 missing", "The stage is gone.", {"stage": "1"}) is True
    (alert,) = alerts.open()
    assert (alert.name, alert.sentence) == ("stage 1 missing", "The stage is gone.")
    assert dict(alert.about) == {"stage": "1"}
    assert before <= alert.since <= now_ms(redis_client)


def test_raised_again_it_is_one_alert_with_the_new_sentence_and_the_old_beginning(
    alerts, redis_client
):
    alerts.raise_("a", "One call failed.")
    kept = redis_client.hget("ah:alerts", "a").replace(
        str(alerts.open()[0].since).encode(), b"1000"
    )
    redis_client.hset("ah:alerts", "a", kept)
    assert alerts.raise_("a", "Two calls failed.") is False
    (alert,) = alerts.open()
    assert (alert.sentence, alert.since) == ("Two calls failed.", 1000)


def test_resolved_it_is_closed_and_may_come_again(alerts):
    alerts.raise_("a", "x")
    assert alerts.resolve("a") is True
    assert alerts.open() == ()
    assert alerts.resolve("a") is False
    assert alerts.raise_("a", "x") is True


def test_the_names_of_the_open_ones_are_told_without_their_sentences(alerts):
    assert alerts.names() == frozenset()
    alerts.raise_("a", "x")
    alerts.raise_("b", "x")
    alerts.resolve("a")
    assert alerts.names() == {"b"}


def test_the_oldest_comes_first(alerts, redis_client):
    for name, since in (("b", 2), ("a", 3), ("c", 1)):
        redis_client.hset("ah:alerts", name, f'{{"sentence":"","since":{since},"about":{{}}}}')
    assert [alert.name for alert in alerts.open()] == ["c", "b", "a"]


def test_a_change_is_called_once_and_raises_the_number(redis_client):
    calls = []
    alerts = Alerts(redis_client, lambda: calls.append(alerts.version()))
    alerts.raise_("a", "x")
    alerts.raise_("a", "x")
    alerts.raise_("a", "y")
    alerts.resolve("a")
    alerts.resolve("a")
    assert calls == [1, 2, 3]


def test_how_one_was_resolved_is_kept_until_it_was_said(alerts, redis_client):
    alerts.raise_("a", "x", {"number": "1"})
    (opened,) = alerts.open()
    alerts.resolve("a", "It is back.")
    _, (closed,) = alerts.all()
    assert (closed.alert, closed.because) == (opened, "It is back.")
    assert opened.since <= closed.at <= now_ms(redis_client)
    alerts.end_said("a")
    assert alerts.all()[1] == ()


def test_one_that_comes_again_before_its_end_was_said_is_open_alone(alerts):
    alerts.raise_("a", "x")
    alerts.resolve("a")
    alerts.raise_("a", "x")
    assert alerts.all()[1] == ()
    assert alerts.names() == {"a"}


def test_a_notice_is_kept_until_it_was_said(alerts):
    alerts.notice("webhook", "It is on again.", {"url": "https://x"})
    alerts.notice("gap", "Messages may be missing.")
    first, second = alerts.notices()
    assert (first.name, first.sentence, dict(first.about)) == (
        "webhook", "It is on again.", {"url": "https://x"},
    )  # fmt: skip
    alerts.said(first)
    assert alerts.notices() == (second,)
    assert alerts.open() == ()


def test_the_very_same_notice_is_one_until_it_was_said(redis_client):
    calls = []
    alerts = Alerts(redis_client, lambda: calls.append(1))
    alerts.notice("gap", "Between 1 and 2.")
    alerts.notice("gap", "Between 1 and 2.")
    alerts.notice("gap", "Between 3 and 4.")
    assert len(alerts.notices()) == len(calls) == 2
    alerts.said(alerts.notices()[0])
    alerts.notice("gap", "Between 1 and 2.")
    assert len(alerts.notices()) == 2
