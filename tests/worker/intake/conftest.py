"""Fixtures of the door's tests: a door on the run's Redis, and one behind a wire to cut."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import redis

from settings.environment import Environment
from settings.file import SettingsFile
from store.first_start import first_start
from tests.worker.intake.door import RunningDoor, environment, until
from tests.worker.intake.proxy import Wire
from worker.intake import server


@pytest.fixture
def open_door(redis_client) -> Iterator[Callable[..., RunningDoor]]:
    doors: list[RunningDoor] = []

    def opened(environment: Environment, **more: object) -> RunningDoor:
        doors.append(RunningDoor(environment, **more))
        return doors[-1]

    yield opened
    for door in doors:
        door.close()


@pytest.fixture
def sandbox(stand_ins):
    stand_ins.reset()
    return stand_ins


@pytest.fixture(scope="session")
def standing_door(redis_server, stand_ins, tmp_path_factory) -> Iterator[RunningDoor]:
    folder = tmp_path_factory.mktemp("door")
    with redis.Redis.from_url(redis_server.url) as client:
        client.flushall()  # the test before may have left settings that nobody can read
        yield from _standing(environment(redis_server.url, folder, stand_ins), client)


def _standing(environment: Environment, client: redis.Redis) -> Iterator[RunningDoor]:
    with pytest.MonkeyPatch.context() as patched:
        # It stands beside every later test: it must not begin anew in a store one just emptied.
        patched.setattr(server, "SWEEP_EVERY", 86_400.0)
        door = RunningDoor(environment)
    until(lambda: client.exists("ah:clock"))  # its only sweep is over
    yield door
    door.close()


@pytest.fixture
def door(standing_door, redis_client, sandbox, tmp_path) -> RunningDoor:
    """A door that listens already, on a store that is new."""
    first_start(redis_client, SettingsFile(), tmp_path)
    return standing_door


@pytest.fixture
def wire(redis_server) -> Iterator[Wire]:
    wire = Wire(Path(unquote(urlsplit(redis_server.url).path)))
    yield wire
    wire.close()


@pytest.fixture
def wired_door(open_door, wire, sandbox, tmp_path) -> RunningDoor:
    return open_door(environment(wire.url, tmp_path, sandbox))
