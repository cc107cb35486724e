"""The keeper watches for ever: settings that a person must mend do not end it."""

import asyncio
import contextlib

import pytest
from redis.exceptions import RedisError

from settings.errors import StartupError
from store.settings import DamagedSettingsError
from worker import remark
from worker.intake import keeper as module
from worker.intake.keeper import Keeper


class EnoughError(Exception):
    """The test has seen what it came for."""


class RoomyRedis:
    async def info(self, section):
        return {"used_memory": 1, "maxmemory": 10}


class Listener:
    """Hears what is logged."""

    def __init__(self):
        self.heard = []

    def error(self, _, problem):
        self.heard.append(problem)

    info = error


@pytest.fixture
def heard(monkeypatch):
    listener = Listener()
    monkeypatch.setattr(remark, "log", listener)
    monkeypatch.setattr(module, "EVERY", 0)
    return listener.heard


def watched(*answers) -> int:
    """Let a keeper sweep with these outcomes, then stop it; how many sweeps there were."""
    left, swept = list(answers), []

    def sweep():
        if not left:
            raise EnoughError
        swept.append(True)
        answer = left.pop(0)
        if answer is not None:
            raise answer

    with contextlib.suppress(EnoughError):
        asyncio.run(Keeper(RoomyRedis(), None).watch(sweep, 0, lambda _: None))
    return len(swept)


@pytest.mark.parametrize("error", [StartupError, DamagedSettingsError])
def test_it_goes_on_and_says_the_sentence_once_until_it_changes(heard, error):
    one, other = error("It is broken."), error("It is broken otherwise.")
    assert watched(one, one, other, other, None, None, one) == 7
    assert heard == ["It is broken.", "It is broken otherwise.", "none any more", "It is broken."]


def test_a_redis_that_is_away_for_a_moment_neither_ends_nor_mends_anything(heard):
    broken = StartupError("It is broken.")
    assert watched(broken, RedisError(), broken, None) == 4
    assert heard == ["It is broken.", "none any more"]


def test_while_all_is_well_nothing_is_said(heard):
    assert watched(None, None) == 2
    assert heard == []
