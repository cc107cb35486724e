"""Which tokens open the door, and how often Aircall is asked for them."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
import redis

from clients.aircall.records import Webhook
from clients.errors import Unavailable
from sandbox.aircall.webhooks import SEEDED_ID, SEEDED_TOKEN
from store import keys
from store.connection import now_ms
from store.outages import Outages
from tests.patience import PATIENCE
from tests.worker.intake.door import TOKEN, environment, event, until
from worker.intake import server
from worker.intake import tokens as module
from worker.intake.tokens import Tokens


def hook(token: str, url: str = "https://a.example/aircall/webhook") -> Webhook:
    return Webhook(id="1", url=url, name="", active=True, events=(), token=token)


def read(tokens: Tokens) -> None:
    asyncio.run(tokens.reread())


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def aircall(sandbox):
    return sandbox.aircall.world


def lists(aircall) -> int:
    return aircall.count("GET", "/v1/webhooks")


def test_the_token_of_the_environment_and_that_of_our_webhook_both_open(
    open_door, redis_server, sandbox, tmp_path
):
    door = open_door(environment(redis_server.url, tmp_path, sandbox))
    assert door.deliver(event(), TOKEN) == 200
    assert door.deliver(event(), SEEDED_TOKEN) == 200


def test_without_a_token_in_the_environment_that_of_our_webhook_opens(
    open_door, redis_server, sandbox, tmp_path
):
    door = open_door(environment(redis_server.url, tmp_path, sandbox, AIRCALL_WEBHOOK_TOKEN=""))
    assert door.deliver(event(), SEEDED_TOKEN) == 200
    assert door.deliver(event(), TOKEN) == 401


def test_a_thousand_wrong_tokens_ask_aircall_once(
    open_door, redis_server, sandbox, aircall, tmp_path
):
    door = open_door(environment(redis_server.url, tmp_path, sandbox, AIRCALL_WEBHOOK_TOKEN=""))
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda n: door.deliver(event(), f"wrong-{n}"), range(1000))
        assert set(answers) == {401}
    assert lists(aircall) == 1


def test_while_no_token_could_be_read_the_answer_is_503(
    open_door, redis_server, sandbox, aircall, tmp_path
):
    aircall.fault("503", times=None)
    door = open_door(environment(redis_server.url, tmp_path, sandbox, AIRCALL_WEBHOOK_TOKEN=""))
    assert door.deliver(event(), SEEDED_TOKEN) == 503
    assert door.post(b"{}") == 401
    aircall.faults.clear()
    redis.Redis.from_url(redis_server.url).delete("ah:pause:aircall")


@pytest.fixture
def blind(open_door, redis_server, sandbox, tmp_path, monkeypatch):
    """Open a door that is given no token, and sweeps and asks for it all the time."""
    monkeypatch.setattr(server, "SWEEP_EVERY", 0)
    monkeypatch.setattr(module, "REREAD", 0.05)
    here = environment(redis_server.url, tmp_path, sandbox, AIRCALL_WEBHOOK_TOKEN="")
    return partial(open_door, here)


def test_a_door_that_could_read_no_token_yet_is_closed_and_opens_without_an_event(
    blind, redis_client, aircall
):
    """It answers 503 to all: what came meanwhile is looked for, and the span is told."""
    redis_client.set(keys.DOOR_OPEN, now_ms(redis_client) - 300_000)
    aircall.fault("403", path="/v1/webhooks", times=None)
    door = blind()
    outages, last = Outages(redis_client), redis_client.get(keys.DOOR_OPEN)
    for _ in range(3):
        swept = redis_client.get(keys.CLOCK)
        until(lambda swept=swept: redis_client.get(keys.CLOCK) != swept)
    assert redis_client.get(keys.DOOR_OPEN) == last
    assert outages.pending() == ()
    aircall.faults.clear()
    redis_client.delete(keys.pause("aircall"))
    until(outages.pending)
    assert [(each.cause, each.began) for each in outages.pending()] == [("door", int(last))]
    assert door.deliver(event(), SEEDED_TOKEN) == 200


def test_an_aircall_without_a_webhook_of_ours_closes_no_door(blind, redis_client, aircall):
    """Nothing can come: what is missing then is told of the webhook."""
    aircall.office.webhooks.clear()
    blind()
    until(lambda: redis_client.exists(keys.DOOR_OPEN))


def test_an_aircall_that_hangs_delays_neither_answers_nor_an_exit(
    open_door, redis_server, sandbox, aircall, tmp_path
):
    aircall.fault("timeout", times=None, hold=30)
    before = set(threading.enumerate())
    door = open_door(environment(redis_server.url, tmp_path, sandbox))
    until(lambda: lists(aircall) == 1)
    assert door.deliver(event()) == 200
    assert door.deliver(event(), "wrong") == 401
    assert "tokens" in {each.name for each in set(threading.enumerate()) - before}, "it hung"


@pytest.mark.parametrize(
    ("public_url", "url", "ours"),
    [
        ("https://a.example", "https://a.example/aircall/webhook", True),
        ("https://a.example", "https://a.example/aircall/webhook/", True),
        ("https://a.example", "https://b.example/aircall/webhook", False),
        ("https://a.example", "https://a.example/v2/aircall/webhook", False),
        (None, "https://b.example/aircall/webhook", True),
        (None, "https://b.example/v2/aircall/webhook/", True),
        (None, "https://b.example/aircall/webhooks", False),
    ],
)
def test_a_webhook_is_ours_by_its_address(public_url, url, ours):
    tokens = Tokens(None, public_url, lambda: [hook("t", url)])
    read(tokens)
    assert tokens.match("t") is ours
    assert tokens.known is ours


def test_a_rotated_token_is_known_after_ten_seconds_at_most_and_the_old_one_no_more():
    clock, hooks, asked = Clock(), [hook("old")], []
    tokens = Tokens(None, None, lambda: asked.append(1) or list(hooks), clock)
    read(tokens)
    hooks[:] = [hook("new")]
    clock.now += 9.9
    read(tokens)
    assert (tokens.match("old"), tokens.match("new"), len(asked)) == (True, False, 1)
    clock.now += 0.1
    read(tokens)
    assert (tokens.match("old"), tokens.match("new"), len(asked)) == (False, True, 2)


@pytest.mark.parametrize(
    "error",
    [Unavailable("aircall", "down", reason="down", wait=5), redis.ConnectionError("gone")],
)
def test_a_reading_that_fails_keeps_the_tokens_and_is_tried_again(error):
    clock, answers = Clock(), [[hook("t")], error, [hook("u")]]

    def webhooks():
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    tokens = Tokens(None, None, webhooks, clock)
    for _ in range(2):
        read(tokens)
        clock.now += 10
    assert tokens.match("t")
    read(tokens)
    assert tokens.match("u")


def test_who_comes_while_aircall_is_asked_waits_for_the_same_answer():
    asked, go = threading.Event(), threading.Event()

    def webhooks():
        asked.set()
        go.wait(PATIENCE)
        return [hook("t")]

    tokens = Tokens(None, None, webhooks)

    async def two() -> None:
        first = asyncio.create_task(tokens.reread())
        await asyncio.to_thread(asked.wait)
        second = asyncio.create_task(tokens.reread())
        await asyncio.sleep(0)
        assert not second.done()
        go.set()
        await asyncio.gather(first, second)
        assert tokens.match("t")

    asyncio.run(two())


def test_nobody_waits_longer_than_our_patience(monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    go = threading.Event()

    def webhooks():
        go.wait(PATIENCE)
        return [hook("t")]

    tokens = Tokens(None, None, webhooks)
    read(tokens)
    assert not tokens.known
    go.set()


def test_tokens_are_compared_as_digests_of_one_length_in_constant_time(monkeypatch):
    compared = []
    real = module.hmac.compare_digest
    monkeypatch.setattr(
        module.hmac, "compare_digest", lambda a, b: compared.append((a, b)) or real(a, b)
    )
    tokens = Tokens("right", None, lambda: [hook("other"), hook("")])
    read(tokens)
    for token in ("right", "x", "é", "\ud800", "right" * 1000):
        assert tokens.match(token) is (token == "right")
    assert {len(part) for pair in compared for part in pair} == {32}
    # Every known token is compared each time, also after one was found.
    assert len(compared) == 5 * 2


def test_an_empty_token_of_a_webhook_opens_nothing():
    tokens = Tokens(None, None, lambda: [hook("")])
    read(tokens)
    assert not tokens.match("")
    assert not tokens.known


def test_the_seeded_webhook_is_named_in_the_sandbox(aircall):
    assert aircall.office.webhooks[SEEDED_ID]["token"] == SEEDED_TOKEN
