"""Which processes there are, and how one of them is started by its name."""

import os
from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Final, TypeAlias

import redis
import structlog

from run.apart import keep_apart
from run.parent import SUPERVISED
from settings.environment import Environment
from settings.file import SettingsFile
from store.connection import redis_url
from store.promise import shortfalls

Entry: TypeAlias = Callable[[Environment, SettingsFile], int]

PROCESSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "intake": "worker.intake.server:main",
        "bot": "bot.server:main",
        "worker": "worker.jobs:work_drain",
        "sync": "worker.jobs:work_background",
        "clock": "sync.clock:main",
        "sandbox": "run.sandbox_process:main",
        "day": "run.day:main",
    }
)
"""Name to entry, imported only when started: a door that fails to import leaves the rest alive."""

_NEEDS_REDIS: Final = frozenset({"intake", "bot", "worker", "sync", "clock"})


def start(name: str, environment: Environment, file: SettingsFile) -> int:
    """Import the entry of the process `name` and run it until it ends; answer its exit code.

    Raises `StartupError` when it was started by itself and there is no Redis, or one that belongs
    to the sandbox while we do not, or the other way round.
    """
    if name in _NEEDS_REDIS and SUPERVISED not in os.environ:
        url = redis_url(environment)
        for sentence in shortfalls(url):
            structlog.get_logger().warning(sentence)
        if environment.redis.url is not None:
            keep_apart(url, sandbox=environment.sandbox, afresh=False)
    module, _, function = PROCESSES[name].partition(":")
    entry: Entry = getattr(import_module(module), function)
    try:
        return entry(environment, file)
    except redis.RedisError as error:
        # Killed together with us, perhaps: the supervisor starts both again.
        structlog.get_logger().error("Redis is away", because=f"{type(error).__name__}: {error}")
        return 1
