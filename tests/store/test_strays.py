import pytest

from rules.events import interaction_id
from store import keys
from store.due import Due
from store.strays import find_strays


def found(redis_client) -> int:
    strays, after = find_strays(redis_client)
    while after:
        more, after = find_strays(redis_client, after)
        strays += more
    return strays


def test_what_is_kept_and_waits_nowhere_becomes_due(redis_client):
    redis_client.rpush(keys.new("call-1"), "{}")
    redis_client.set(keys.record("call-2"), "{}")
    redis_client.set(keys.record("call-3"), "{}", ex=60)
    redis_client.set(b"ah:record:call-\xb1", "{}")
    redis_client.rpush("ah:new:call|3", "{}")
    redis_client.set("ah:recent-thing", "{}")
    redis_client.hset(keys.OWNER, "call-1", "gone")
    assert found(redis_client) == 2
    assert set(redis_client.zrange(keys.DUE, 0, -1)) == {b"call-1", b"call-2"}
    assert not redis_client.exists(keys.OWNER)
    assert found(redis_client) == 0


@pytest.mark.parametrize(
    "place", [keys.DUE, keys.FAILURES, keys.DISMISSED, *map(keys.parked, keys.WAITS_FOR)]
)
def test_what_waits_somewhere_is_left_alone(redis_client, place):
    redis_client.rpush(keys.new("call-1"), "{}")
    redis_client.zadd(place, {"call-1": 7})
    assert found(redis_client) == 0
    assert redis_client.zscore(place, "call-1") == 7


def test_all_keys_are_looked_at(redis_client):
    for number in range(2_500):
        redis_client.rpush(keys.new(f"call-{number}"), "{}")
    assert found(redis_client) == 2_500


def test_strays_and_drains_know_the_same_names_as_the_door(redis_client):
    own = [chr(sign) for sign in range(128)]
    door = {interaction_id({"event": "call.ended", "data": {"id": each}}) for each in own} - {None}
    assert {"call-a", "call-Z", "call-0", "call-_", "call--"} <= door
    for each in own:
        redis_client.rpush(keys.new(f"call-{each}"), "{}")
    assert found(redis_client) == len(door)
    redis_client.delete(keys.DUE)
    redis_client.zadd(keys.DUE, {f"call-{each}": 0 for each in own})
    assert set(Due(redis_client).claim("a", limit=len(own)).ids) == door
