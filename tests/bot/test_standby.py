"""While nobody does background work, or the clock is dead, the bot itself says so."""

import pytest

from bot.alerts.telling import tell
from bot.transport.standby import CLOCK_STANDS, PATIENCE, Standby
from store import keys
from store.connection import now_ms
from sync.watches.standstill import ALERT, NOBODY
from tests.bot.team import CALLS


class Told:
    times = 0

    def __call__(self) -> None:
        self.times += 1


@pytest.fixture
def standby(redis_client, team):
    """A bot that has looked for long already, and counts how often it tells."""
    told = Told()
    made = Standby(
        redis_client, team.product.shop.alerts, told, iter([0.0, *[10.0**6] * 99]).__next__
    )
    made.told = told
    return made


def beat(client, ago: int = 0) -> None:
    client.set(keys.BEAT, now_ms(client) - ago)


def test_while_all_is_well_it_does_nothing(standby, redis_client, team):
    beat(redis_client)
    standby.look()
    assert standby.told.times == 0
    assert team.product.alerts() == {}


@pytest.mark.parametrize("ago", [PATIENCE + 1_000, -3_600_000])
def test_a_clock_that_does_not_beat_is_said_and_said_no_more_when_it_does(
    standby, redis_client, team, ago
):
    beat(redis_client, ago)
    standby.look()
    assert set(team.product.alerts()) == {CLOCK_STANDS}
    assert standby.told.times == 1
    beat(redis_client)
    standby.look()
    assert team.product.alerts() == {}
    assert standby.told.times == 2
    standby.look()
    assert standby.told.times == 2


def test_a_clock_that_never_beat_is_said(standby, team):
    standby.look()
    assert set(team.product.alerts()) == {CLOCK_STANDS}


def test_just_after_the_start_nothing_is_said(redis_client, team):
    told = Told()
    Standby(redis_client, team.product.shop.alerts, told).look()
    assert team.product.alerts() == {}
    assert told.times == 0


def test_that_nobody_does_background_work_is_told_by_the_bot_itself(redis_client, team):
    beat(redis_client)
    team.product.shop.alerts.raise_(ALERT, NOBODY, {"jobs": "sync.pipelines.watch.look"})
    Standby(redis_client, team.product.shop.alerts, tell).look()
    assert "the process sync does not run, or hangs" in team.channel(CALLS)


def test_a_store_that_does_not_answer_ends_no_watch(standby, monkeypatch, team):
    from redis.exceptions import ConnectionError as Gone  # noqa: PLC0415 - only here

    def gone():
        raise Gone

    monkeypatch.setattr(team.product.shop.alerts, "names", gone)
    standby.look()
