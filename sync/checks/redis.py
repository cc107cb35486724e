"""Checks of the store: that it answers, and keeps what it is given."""

from __future__ import annotations

from collections.abc import Iterator

import redis

from store.connection import redis_url, without_password
from store.promise import told_by
from sync.checks.finding import Finding, broken, ok, warning
from sync.checks.world import World


def check_redis(world: World) -> Iterator[Finding]:
    """Look at the store."""
    where = without_password(redis_url(world.environment))
    try:
        world.connection.ping()
        told = told_by(world.connection)
    except redis.RedisError as error:
        embedded = world.environment.redis.url is None
        yield broken(
            "redis",
            f"Redis at {where} does not answer ({type(error).__name__}).",
            "Start the product (make run); the embedded server starts with it."
            if embedded
            else "Start it, or correct REDIS_URL.",
        )
        return
    if not told:
        yield ok("redis", "Redis answers, and keeps every event it has taken.")
    for sentence in told:
        yield warning("redis", sentence, "docs/things-that-go-wrong.md says what may be lost.")
