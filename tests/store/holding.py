"""Steps that the tests of the due set share: enter, settle, let a lease or the clock go wrong."""

from store.connection import now_ms
from store.due import Settled


def enter(due, *ids: str, ending: bool = True) -> None:
    for id_ in ids:
        due.enter(id_, "{}", ending=ending)


def out(*ids: str, eaten: int = 1) -> list[Settled]:
    return [Settled(id_, "out", eaten) for id_ in ids]


def lease_ends(client, *ids: str) -> None:
    """As if the lease of a worker that died had run out."""
    for id_ in ids:
        client.zadd("ah:due", {id_: 1})


def step_back(client, due, ms: int) -> int:
    """The wall clock steps back: seen from the new time, all that was dated lies ahead."""
    contacts = (b"ah:contacts:wanted", b"ah:contacts:changed")
    for key in [*client.keys("ah:parked:*"), b"ah:due", *contacts]:
        for member, score in client.zrange(key, 0, -1, withscores=True):
            client.zadd(key, {member: score + ms})
    for key in client.keys("ah:pause:*"):
        for field in ("until", "at", "since"):
            client.hset(key, field, int(client.hget(key, field)) + ms)
    for key in (b"ah:called", b"ah:draining"):
        if (left := client.pttl(key)) > 0:
            client.pexpire(key, left + ms)
    client.set("ah:clock", now_ms(client) + ms)
    return due.sweep()[1]


def park(due, *ids: str, why: str = "hubspot") -> None:
    enter(due, *ids)
    due.claim("p")
    due.commit("p", [Settled(id_, f"park:{why}", 1) for id_ in ids])
