"""What the store holds of alerts and nobody can read keeps no other alert from being told."""

from contextlib import suppress

import pytest
from redis.exceptions import ResponseError

from bot.alerts.telling import tell
from store import keys
from store.aside import ENTRIES, WHOLE
from store.told import Told
from sync.clock import tick
from tests.bot.passing import open_in
from tests.bot.team import ADMIN, CALLS, MEMBER, OWNER
from worker.workshop import TELL


def sentence(name):
    return f"The {name} is gone."


def settle(team):
    """Tell until nothing is left to tell."""
    for _ in range(5):
        tell()
    assert not Told(team.redis).is_due(team.desk.channel)


CUT = '{"sen'


@pytest.mark.parametrize(
    "cut",
    [
        (keys.ALERTS, "line bbb"),
        (keys.ALERTS_CLOSED, "line bbb"),
        (keys.ALERTS_QUIET, "line bbb"),
        (keys.NOTICES, "f00d"),
        (keys.ALERT_POSTS, "f00d"),
        (keys.RUNS, TELL),
        (keys.ALERTS_SEEN, ""),
        (keys.CHANNEL_TROUBLE, ""),
    ],
    ids=" ".join,
)
def test_one_damaged_entry_keeps_no_other_alert_from_being_told(team, alerts, cut):
    key, field = cut
    alerts.raise_("line aaa", sentence("line aaa"))
    if field:
        team.redis.hset(key, field, CUT)
    else:
        team.redis.set(key, CUT)
    tell()
    assert [sentence("line aaa") in each for each in team.messages(CALLS)] == [True]
    alerts.resolve("line aaa")
    settle(team)
    assert open_in(team) == []


def test_an_alert_that_was_damaged_is_told_when_it_is_raised_again(team, alerts):
    team.redis.hset(keys.ALERTS, "line aaa", CUT)
    assert alerts.open() == ()
    alerts.raise_("line aaa", sentence("line aaa"))
    settle(team)
    assert len(open_in(team)) == 1
    team.redis.hset(keys.ALERTS, "line aaa", CUT)
    assert alerts.resolve("line aaa")
    settle(team)
    assert open_in(team) == []


@pytest.mark.slack(admins=[MEMBER])
@pytest.mark.parametrize("key", [*ENTRIES, *WHOLE])
def test_a_key_of_another_type_stops_nothing_for_longer_than_a_beat(team, alerts, key):
    team.redis.delete(key)
    team.redis.rpush(key, "x")
    with suppress(ResponseError):
        tick(team.product.shop)
    alerts.raise_("line aaa", sentence("line aaa"))
    team.background()
    assert sentence("line aaa") in "\n".join(open_in(team))
    team.command(ADMIN, "status")
    assert "Redis held something that cannot be read" in team.shown(ADMIN)
    team.open_home(OWNER)
    assert key in team.home(OWNER)


@pytest.mark.parametrize("name", [keys.NOTICES, keys.ALERTS_CLOSED, keys.ALERTS_QUIET, keys.ALERTS])
def test_an_entry_whose_name_is_no_text_is_not_told_again_and_again(team, alerts, name):
    alerts.notice("n", "It happened.")
    alerts.raise_("line aaa", sentence("line aaa"))
    alerts.raise_("line bbb", sentence("line bbb"))
    alerts.resolve("line bbb")
    whole = team.redis.hgetall(name) or {b"": b'{"by": "U1", "at": 1}'}
    team.redis.hset(name, b"\xff\xfe", next(iter(whole.values())))
    settle(team)
    assert len(team.messages(CALLS)) == 2


@pytest.mark.slack(channel="", admins=[MEMBER])
def test_a_damaged_choice_of_the_channel_leads_to_the_admins(team, alerts):
    team.redis.set(keys.CHANNEL, CUT)
    tick(team.product.shop)
    team.background()
    assert "Redis held something that cannot be read" in team.direct(MEMBER)[-1]
