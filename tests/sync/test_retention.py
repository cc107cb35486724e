from settings.file import Retention
from store import keys
from store.connection import now_ms
from sync.retention import DAY_MS, forget


def test_failures_are_forgotten_after_their_retention_and_not_before(redis_client):
    now = now_ms(redis_client)
    for key in (keys.FAILURES, keys.UNLOGGED):
        redis_client.zadd(key, {"call-1": now - 91 * DAY_MS, "call-2": now - 89 * DAY_MS})
    assert forget(redis_client, Retention()) == 2
    for key in (keys.FAILURES, keys.UNLOGGED):
        assert redis_client.zrange(key, 0, -1) == [b"call-2"]
