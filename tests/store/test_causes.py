"""Unknown hangup causes: counted by name while there is room, then together."""

from store import keys
from store.causes import LONGEST, MOST, OTHER, note


def counted(client) -> dict[str, int]:
    return {cause.decode(): int(n) for cause, n in client.hgetall(keys.CAUSES).items()}


def test_each_cause_is_counted_by_its_name(redis_client):
    for cause in ("odd", "odd", "strange"):
        note(redis_client, cause)
    assert counted(redis_client) == {"odd": 2, "strange": 1}


def test_a_carrier_that_invents_causes_fills_nothing(redis_client):
    for n in range(MOST + 50):
        note(redis_client, f"cause {n}")
    now = counted(redis_client)
    assert len(now) == MOST
    assert now[OTHER] == 51
    assert sum(now.values()) == MOST + 50


def test_a_known_cause_is_counted_by_its_name_when_there_is_no_room_for_new_ones(redis_client):
    for n in range(MOST + 1):
        note(redis_client, f"cause {n}")
    note(redis_client, "cause 3")
    assert counted(redis_client)["cause 3"] == 2


def test_a_long_cause_is_cut(redis_client):
    note(redis_client, "x" * 5000)
    assert counted(redis_client) == {"x" * LONGEST: 1}
