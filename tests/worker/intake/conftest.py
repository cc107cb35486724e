"""Fixtures of the door's tests: a door on the run's Redis, and one behind a wire that can be cut."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from settings.environment import Environment
from tests.worker.intake.door import RunningDoor, environment
from tests.worker.intake.proxy import Wire


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


@pytest.fixture
def door(open_door, redis_server, sandbox, tmp_path) -> RunningDoor:
    return open_door(environment(redis_server.url, tmp_path, sandbox))


@pytest.fixture
def wire(redis_server) -> Iterator[Wire]:
    wire = Wire(Path(unquote(urlsplit(redis_server.url).path)))
    yield wire
    wire.close()


@pytest.fixture
def wired_door(open_door, wire, sandbox, tmp_path) -> RunningDoor:
    return open_door(environment(wire.url, tmp_path, sandbox))
