import asyncio
import json
import os
import selectors
import signal

import pytest
from redis.exceptions import RedisError, ResponseError

from store.connection import TIMEOUT
from store.due import door_args
from worker.intake.ledger import LONGEST, MOST, Ledger
from worker.intake.server import asynchronous


def arguments(number: int) -> list:
    return door_args(f"call-{number}", f'{{"n":{number}}}', "webhook", ending=True)


def kept(redis_client, number: int) -> list:
    entries = redis_client.lrange(f"ah:new:call-{number}", 0, -1)
    return [json.loads(entry)["event"]["n"] for entry in entries]


def reads(redis_client) -> int:
    return redis_client.info("stats")["total_reads_processed"]


class Leaping(asyncio.SelectorEventLoop):
    """A loop whose time stands still while anything happens, and leaps over what it waits for."""

    def __init__(self) -> None:
        self.now = 0.0
        selector = selectors.DefaultSelector()
        super().__init__(selector)
        look = selector.select

        def leap(seconds: float | None = None) -> list:
            happened = look(0 if seconds is not None else None)
            if seconds and not happened:
                self.now += seconds
            return happened

        selector.select = leap

    def time(self) -> float:
        return self.now


def keep_all(url: str, numbers: range, loop=None) -> list:
    async def keep() -> list:
        connection = asynchronous(url)
        ledger = Ledger(connection)
        runs = (ledger.keep(arguments(number)) for number in numbers)
        try:
            return await asyncio.gather(*runs, return_exceptions=True)
        finally:
            await connection.aclose()

    with asyncio.Runner(loop_factory=loop) as runner:
        return runner.run(keep())


def test_each_of_many_deliveries_is_kept_once_and_one_calls_a_drain(redis_server, redis_client):
    numbers = range(3 * MOST + 1)
    answers = keep_all(redis_server.url, numbers)
    assert sorted(answers) == [False] * (len(numbers) - 1) + [True]
    assert all(kept(redis_client, number) == [number] for number in numbers)


def test_what_arrives_together_goes_to_redis_together(redis_server, redis_client):
    keep_all(redis_server.url, range(1))
    before = reads(redis_client)
    keep_all(redis_server.url, range(MOST))
    assert reads(redis_client) - before < MOST / 2


def test_a_script_that_redis_forgot_is_told_again(redis_server, redis_client):
    redis_client.script_flush()
    assert keep_all(redis_server.url, range(3)) == [True, False, False]
    assert [kept(redis_client, number) for number in range(3)] == [[0], [1], [2]]


def test_what_redis_refuses_alone_fails_alone(redis_server, redis_client):
    redis_client.set("ah:new:call-1", "not a list")
    first, second, third = keep_all(redis_server.url, range(3))
    assert (first, third) == (True, False)
    assert isinstance(second, ResponseError)
    assert kept(redis_client, 2) == [2]


def test_a_drain_is_called_also_when_the_first_of_a_trip_is_refused(redis_server, redis_client):
    redis_client.set("ah:new:call-0", "not a list")
    first, *others = keep_all(redis_server.url, range(3))
    assert isinstance(first, ResponseError)
    assert others == [True, False]


def test_a_delivery_of_its_own_that_redis_refuses_is_told_why(redis_server, redis_client):
    redis_client.set("ah:new:call-0", "not a list")
    (answer,) = keep_all(redis_server.url, range(1))
    assert isinstance(answer, ResponseError)
    assert "WRONGTYPE" in str(answer) or "wrong kind" in str(answer)


def test_all_who_wait_are_told_within_two_seconds_when_redis_stands_still(
    redis_server, redis_client
):
    server = redis_client.info("server")["process_id"]
    loop = Leaping()
    os.kill(server, signal.SIGSTOP)
    try:
        answers = keep_all(redis_server.url, range(3 * MOST), lambda: loop)
    finally:
        os.kill(server, signal.SIGCONT)
    assert all(isinstance(answer, RedisError | OSError) for answer in answers)
    assert TIMEOUT <= loop.now <= LONGEST + 0.001
    assert LONGEST < 2


def test_a_ledger_writes_again_when_redis_is_back(redis_server, redis_client):
    server = redis_client.info("server")["process_id"]

    async def keep() -> None:
        connection = asynchronous(redis_server.url)
        ledger = Ledger(connection)
        os.kill(server, signal.SIGSTOP)
        try:
            with pytest.raises((RedisError, OSError)):
                await ledger.keep(arguments(1))
        finally:
            os.kill(server, signal.SIGCONT)
        await ledger.keep(arguments(2))
        await connection.aclose()

    asyncio.run(keep())
    assert kept(redis_client, 2) == [2]
