"""Keeps the sandbox and real accounts apart where both could meet: in a Redis of one's own."""

import redis

from settings.errors import StartupError
from store import keys
from store.connection import connect

_AT_ONCE = 1000


def keep_apart(url: str, *, sandbox: bool, afresh: bool) -> None:
    """Make sure that the store at `url` is the sandbox's, or that it is not.

    `afresh` empties the sandbox's own, as its HubSpot forgets with every start too. Raises
    `StartupError` where the store belongs to the other.
    """
    with connect(url) as client:
        try:
            if not sandbox:
                _refuse_marked(client)
                return
            _claim(client)
            if afresh:
                _forget(client)
        except redis.RedisError as error:
            raise StartupError(f"Redis does not do what is needed of it: {error}.") from error


def _claim(client: redis.Redis) -> None:
    marked, used = client.exists(keys.SANDBOX), client.exists(keys.SETTINGS_HEAD)
    if used and not marked:
        raise StartupError(
            "No account is set, and REDIS_URL names a store that was set up with accounts: the "
            "sandbox would mix invented calls with real ones. Set the tokens, or unset REDIS_URL."
        )
    client.set(keys.SANDBOX, 1)


def _forget(client: redis.Redis) -> None:
    for key in client.scan_iter(match="ah:*", count=_AT_ONCE):
        if key != keys.SANDBOX.encode():
            client.delete(key)


def _refuse_marked(client: redis.Redis) -> None:
    if client.exists(keys.SANDBOX):
        raise StartupError(
            "REDIS_URL names a store that the sandbox used: it holds invented calls. Name another "
            "database, or empty this one (FLUSHDB)."
        )
