"""Many drains at once: no interaction is held twice, each event is eaten once."""

import itertools
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from store.connection import connect
from store.due import Due, Settled
from tests.store.holding import enter


def test_no_interaction_is_ever_held_twice(redis_client, redis_server):
    """Many claim, commit, die and take over at once; each event is eaten once."""
    held: Counter[str] = Counter()
    eaten: Counter[str] = Counter()
    twice: list[str] = []
    lock = threading.Lock()
    numbers = itertools.count()
    everything = [f"call-{n}" for n in range(150)]
    enter(Due(redis_client), *everything)

    def drain(seed: int) -> None:
        due = Due(connect(redis_server.url))
        for turn in itertools.count():
            token = f"{seed}-{turn}"
            claim = due.claim(token, limit=10)
            if not claim.ids and next(numbers) > 30:
                return
            with lock:
                held.update(claim.ids)
                twice.extend(id_ for id_ in claim.ids if held[id_] > 1)
            events = {each.id: len(each.events) for each in due.load(claim.ids)}
            if turn % 5 == seed % 5:
                enter(due, *claim.ids[:1])
            with lock:
                held.subtract(claim.ids)
            lost = due.commit(token, [Settled(id_, "out", n) for id_, n in events.items()])
            with lock:
                for id_ in set(claim.ids) - set(lost):
                    eaten[id_] += events[id_]
                twice.extend(lost)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(drain, range(6)))
    assert not twice
    assert set(eaten) == set(everything)
    assert not redis_client.exists("ah:due", "ah:owner", "ah:tries")
    assert not redis_client.keys("ah:new:*")
