"""Alerts in the channel: one message per problem, kept true until it is resolved."""

import json

import pytest

from bot.alerts.substance import id_of
from bot.alerts.telling import tell
from store import keys
from store.told import Told
from tests.bot.team import ADMIN, CALLS, GERMAN, LEADS, MEMBER, OLD, OWNER

DAY = 86_400_000


@pytest.fixture
def alerts(team):
    return team.product.shop.alerts


def move_back(team, milliseconds, name=None):
    """Let time pass: all that was noted of alerts happened so much earlier."""
    for key, times in (
        (keys.ALERTS, ("since",)),
        (keys.ALERTS_CLOSED, ("since", "at")),
        (keys.ALERTS_QUIET, ("at", "until")),
    ):
        for field, raw in team.redis.hgetall(key).items():
            if name is None or field.decode() == name:
                team.redis.hset(key, field, json.dumps(earlier(json.loads(raw), times, milliseconds)))
    for field, raw in team.redis.hgetall(keys.ALERT_POSTS).items():
        entry = earlier(json.loads(raw), ("first", "posted", "updated", "tried"), milliseconds)
        for member in entry["members"]:
            member["alert"] = earlier(member["alert"], ("since",), milliseconds)
        entry["left"] = [earlier(each, ("since", "tried"), milliseconds) for each in entry["left"]]
        team.redis.hset(keys.ALERT_POSTS, field, json.dumps(entry))
    if raw := team.redis.get(keys.ALERTS_SEEN):
        seen = earlier(json.loads(raw), ("next", "wait"), milliseconds)
        team.redis.set(keys.ALERTS_SEEN, json.dumps(seen))


def earlier(entry, times, milliseconds):
    return {
        name: value - milliseconds if name in times and value else value
        for name, value in entry.items()
    }


def standing(team, channel=CALLS):
    """What the channel says is wrong now, message by message."""
    return [each for each in team.messages(channel) if ":warning:" in each or "⚠" in each]


def test_a_problem_is_told_in_the_channel_at_once(team, alerts):
    alerts.raise_("number gone 7", "The number Berlin is gone in Aircall.", {"number": "7"})
    assert "bot.alerts.telling.tell" in team.background()
    (text,) = team.messages(CALLS)
    assert "The number Berlin is gone in Aircall." in text
    assert "[Choose numbers]" in text
    print(text)
