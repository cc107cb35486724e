"""One table of checks: `/aircall-hubspot check` and `make doctor` look at the same things."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeAlias

from redis.exceptions import RedisError

from sync.checks.aircall import check_aircall
from sync.checks.finding import Finding, unknown
from sync.checks.foreign import check_foreign
from sync.checks.hubspot import check_hubspot
from sync.checks.redis import check_redis
from sync.checks.settings import check_settings
from sync.checks.slack import check_slack
from sync.checks.world import World

Check: TypeAlias = Callable[[World], Iterable[Finding]]

CHECKS: Final[tuple[tuple[str, Check], ...]] = (
    ("redis", check_redis),
    ("slack", check_slack),
    ("aircall", check_aircall),
    ("hubspot", check_hubspot),
    ("hubspot", check_foreign),
    ("settings", check_settings),
)
"""What is looked at, in the order in which it is told."""


def look(world: World) -> Iterator[Finding]:
    """Look at everything, one finding after the other; a check that fails is a finding too."""
    for name, check in CHECKS:
        try:
            yield from check(world)
        except RedisError as error:
            yield unknown(name, f"The store does not answer ({type(error).__name__}).")
