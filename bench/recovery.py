"""Section `recovery`: how soon what died runs again, all has ended, and a door says it cannot."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

import redis
import requests

from bench.figures import Figure, at_most
from bench.processes import name_of, named
from bench.stage import TOKEN, Stage, answering, until
from bench.traffic import call, callers
from run.restarts import SETTLED
from store.connection import connect
from worker.intake.tokens import PATH

SECTION = "recovery"
ROUNDS = 10
STARTS = 3
AT_ONCE = 80
BACK_SECONDS, END_SECONDS, REFUSE_SECONDS = 2, 10, 2
LIFE = SETTLED + 0.5
"""Seconds that a process lives before it is killed: one that dies sooner is waited longer for."""
WAITS = 30.0
"""Seconds that a sender waits for an answer of the door."""


def measure() -> Iterable[Figure]:
    """Yield the figures of the section."""
    yield from _killed()
    yield from _ended()
    yield from _frozen()


def _killed() -> Iterable[Figure]:
    """Kill one process after the other under the supervisor."""
    with Stage(embedded=True) as stage:
        supervisor = stage.run().pid
        connection = connect(stage.url)
        _wait_for_all(stage, connection)
        back: dict[str, list[float]] = {}
        for _ in range(ROUNDS):
            time.sleep(LIFE)
            for name, reached in _deaths(stage, connection, supervisor).items():
                back.setdefault(name, []).append(_until_back(supervisor, name, reached))
        connection.close()
    for name, times in back.items():
        yield at_most(
            SECTION, f"{name} killed, until it works again, worst of {ROUNDS}", max(times),
            BACK_SECONDS, "s",
        )  # fmt: skip
        yield Figure(SECTION, "  median", sorted(times)[ROUNDS // 2], "s")


def _deaths(
    stage: Stage, connection: redis.Redis, supervisor: int
) -> Mapping[str, Callable[[], bool]]:
    """Who is to be killed, in turn, each with what tells that it works again.

    The store last: what it brings down with itself has until the next round to live again.
    """

    def works() -> bool:
        pid = named(supervisor, "worker")
        return any(_pid_of(connection, key) == pid for key in connection.smembers("rq:workers"))

    def answers() -> bool:
        with contextlib.suppress(redis.RedisError):
            return bool(connection.set("bench", "1"))
        return False

    door = f"http://127.0.0.1:{stage.port}"
    return {
        "worker": works,
        "intake": lambda: answering(f"{door}/readyz"),
        "redis-server": answers,
    }


def _pid_of(connection: redis.Redis, worker: bytes) -> int:
    """Return the process id that an RQ worker told at its birth; 0 if it has none."""
    return int(connection.hget(worker, "pid") or 0)


def _until_back(supervisor: int, name: str, reached: Callable[[], bool]) -> float:
    victim = named(supervisor, name)
    assert victim, f"there is no {name}"
    os.kill(victim, signal.SIGKILL)
    killed = time.monotonic()
    until(lambda: named(supervisor, name) not in {0, victim} and reached(), f"another {name}")
    return time.monotonic() - killed


def _ended() -> Iterable[Figure]:
    """Tell the whole product to end: idle, and with a worker that hears nothing."""
    idle = [_seconds_to_end(frozen="") for _ in range(STARTS)]
    yield at_most(
        SECTION, f"SIGTERM until all has ended, worst of {STARTS}", max(idle), END_SECONDS, "s"
    )
    yield at_most(
        SECTION, "SIGTERM until all has ended, with a frozen worker",
        _seconds_to_end(frozen="worker"), END_SECONDS, "s",
    )  # fmt: skip


def _seconds_to_end(frozen: str) -> float:
    with Stage(embedded=True) as stage:
        supervisor = stage.run()
        connection = connect(stage.url)
        _wait_for_all(stage, connection)
        connection.close()
        if frozen:
            os.kill(named(supervisor.pid, frozen), signal.SIGSTOP)
        supervisor.terminate()
        asked = time.monotonic()
        code = supervisor.wait(60)
        seconds = time.monotonic() - asked
        assert code == 0, f"it ended with {code}"
    return seconds


def _frozen() -> Iterable[Figure]:
    """Freeze the store beneath a door, and let Aircall and a load balancer ask."""
    with Stage() as stage:
        stage.run("intake")
        door = f"http://127.0.0.1:{stage.port}"
        until(lambda: answering(f"{door}/readyz"), "the door's opening")
        event = {**call(1, callers(1)[0], "inbound_missed")[-1], "token": TOKEN}

        def deliver(_: int) -> float:
            began = time.monotonic()
            answer = requests.post(f"{door}{PATH}", json=event, timeout=WAITS)
            assert answer.status_code == 503, answer.status_code
            return time.monotonic() - began

        def ready(_: int) -> float:
            began = time.monotonic()
            assert requests.get(f"{door}/readyz", timeout=WAITS).status_code == 503
            return time.monotonic() - began

        store = int((stage.data_dir / "redis.pid").read_text(encoding="ascii"))
        assert name_of(store) == "redis-server", name_of(store)

        @contextlib.contextmanager
        def frozen() -> Iterator[None]:
            os.kill(store, signal.SIGSTOP)
            try:
                yield  # the door does not know yet, and finds out by the first that comes
            finally:
                os.kill(store, signal.SIGCONT)
            until(lambda: answering(f"{door}/readyz"), "the door's opening again")

        first, looks = [], []
        for at in range(ROUNDS):
            with frozen():
                first.append(deliver(at))
            with frozen():
                looks.append(ready(at))
        with frozen(), ThreadPoolExecutor(AT_ONCE) as senders:
            many = list(senders.map(deliver, range(AT_ONCE)))
    for who, times in (
        (f"an event, worst of {ROUNDS}", first),
        (f"{AT_ONCE} events at once, worst", many),
        (f"readiness, worst of {ROUNDS}", looks),
    ):
        yield at_most(SECTION, f"Redis frozen, 503 to {who}", max(times), REFUSE_SECONDS, "s")


def _wait_for_all(stage: Stage, connection: redis.Redis) -> None:
    until(lambda: answering(f"http://127.0.0.1:{stage.port}/readyz"), "the door's opening")
    until(lambda: len(connection.smembers("rq:workers")) == 2, "both RQ workers")
    until(lambda: connection.exists("ah:beat"), "the clock's first beat")
