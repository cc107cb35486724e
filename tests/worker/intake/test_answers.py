"""What the door answers to whom, and what of it reaches Redis."""

import json
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.connection import now_ms
from tests.worker.intake.door import PATH, TOKEN, event, head, stored
from worker.intake.body import LARGEST


def everything(client) -> bytes:
    """All that is in Redis, as one text."""
    parts = []
    for key in client.scan_iter():
        parts.append(key)
        match client.type(key):
            case b"list":
                parts += client.lrange(key, 0, -1)
            case b"hash":
                parts += [part for pair in client.hgetall(key).items() for part in pair]
            case b"zset":
                parts += client.zrange(key, 0, -1)
            case b"set":
                parts += client.smembers(key)
            case b"string":
                parts.append(client.get(key))
    return b"\n".join(parts)


def test_an_event_answered_200_is_in_the_list_of_its_call_and_its_call_is_due(door, redis_client):
    sent = event("call.ended", 4711, note="é\ud800")
    before = now_ms(redis_client)
    assert door.deliver(sent) == 200
    (kept,) = stored(redis_client, "call-4711")
    assert kept["event"] == sent
    assert kept["source"] == "webhook"
    assert kept["revision"] == 1
    assert before <= kept["arrived"] <= now_ms(redis_client)
    assert redis_client.zscore("ah:due", "call-4711") == kept["arrived"]


def test_the_token_never_reaches_redis(door, redis_client):
    for sent in (
        event("call.ended"),
        event("call.made_up"),
        event("number.closed"),
        event("contact.created"),
        {"event": "call.ended", "data": None},
        {"event": 5},
        {},
    ):
        assert door.deliver(sent) == 200
    assert TOKEN.encode() not in everything(redis_client)
    assert b"call.made_up" in everything(redis_client)


@pytest.mark.parametrize(
    "token",
    ["wrong", "", TOKEN + " ", TOKEN.upper(), "tökén", "\ud800", None, 5, 1.5, True, [TOKEN], {}],
)
def test_a_wrong_token_is_401_and_nothing_is_kept(door, redis_client, token):
    sent = event("call.ended", 4712)
    assert door.deliver(sent, token) == 401
    assert not redis_client.exists("ah:new:call-4712", "ah:unreadable")


def test_an_absent_token_is_401(door):
    assert door.post(json.dumps(event()).encode()) == 401


BAD = {
    "nothing at all": b"",
    "no JSON": b"hello",
    "cut": b'{"token": "a-token-for-the-door", "event',
    "an array": b'[{"token": "a-token-for-the-door"}]',
    "a text": b'"a-token-for-the-door"',
    "null": b"null",
    "no UTF-8": b'{"token": "a-token-for-the-door", "event": "\xff"}',
    "UTF-16": '{"token": "a-token-for-the-door"}'.encode("utf-16"),
    "a byte order mark": b'\xef\xbb\xbf{"token": "a-token-for-the-door"}',
    "token twice": b'{"token": "a-token-for-the-door", "token": "a-token-for-the-door"}',
    "token twice, once escaped": b'{"token": "a-token-for-the-door", "\\u0074oken": "x"}',
    "token twice within": b'{"token": "a-token-for-the-door", "data": {"token": 1, "token": 2}}',
    "NaN": b'{"token": "a-token-for-the-door", "data": NaN}',
    "Infinity": b'{"token": "a-token-for-the-door", "data": [-Infinity]}',
    "a number beyond all floats": b'{"token": "a-token-for-the-door", "data": 1e999}',
    "an integer of 5,000 digits": b'{"token": "a-token-for-the-door", "data": %s}' % (b"9" * 5000),
    "100,000 brackets": b'{"token": "a-token-for-the-door", "data": %s' % (b"[" * 100_000),
    "100,000 closed brackets": b'{"data": %s%s}' % (b"[" * 100_000, b"]" * 100_000),
    "51 levels": b'{"token": "a-token-for-the-door", "data": %s%s}' % (b"[" * 50, b"]" * 50),
    "two objects": b"{}{}",
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD.keys())
def test_what_is_no_json_object_is_400(door, redis_client, body):
    assert door.post(body) == 400
    assert not redis_client.keys("ah:new:*")


def test_50_levels_and_brackets_within_texts_pass(door):
    deep = b'{"token": "%s", "data": %s%s}' % (TOKEN.encode(), b"[" * 49, b"]" * 49)
    assert door.post(deep) == 200
    assert door.deliver(event("call.ended", comment="[{" * 1000)) == 200


def test_a_mebibyte_passes_and_a_byte_more_is_413(door, redis_client):
    def body(call_id: int, size: int) -> bytes:
        bare = json.dumps({**event("call.ended", call_id), "token": TOKEN, "pad": ""}).encode()
        return bare[:-2] + b"x" * (size - len(bare)) + b'"}'

    assert len(body(1, LARGEST)) == LARGEST == 1_048_576
    assert door.post(body(1, LARGEST)) == 200
    assert door.post(body(2, LARGEST + 1)) == 413
    assert len(stored(redis_client, "call-1")) == 1
    assert not stored(redis_client, "call-2")


def test_what_announces_too_much_is_413_before_it_is_sent(door):
    with door.raw() as wire:
        wire.sendall(head(length=LARGEST + 1))
        assert wire.recv(100).startswith(b"HTTP/1.1 413 ")


def test_what_is_sent_in_pieces_is_413_as_soon_as_it_is_too_much(door):
    with door.raw() as wire:
        wire.sendall(head("Transfer-Encoding: chunked"))
        chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
        for _ in range(16):
            wire.sendall(chunk)
        wire.sendall(b"1\r\n \r\n")
        assert wire.recv(100).startswith(b"HTTP/1.1 413 ")


def test_what_is_sent_in_pieces_and_small_enough_passes(door, redis_client):
    def pieces():
        text = json.dumps({**event("call.ended", 4713), "token": TOKEN}).encode()
        yield from (text[at : at + 10] for at in range(0, len(text), 10))

    assert door.ask("POST", PATH, pieces())[0] == 200
    assert len(stored(redis_client, "call-4713")) == 1


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", PATH, 405),
        ("PUT", PATH, 405),
        ("POST", "/healthz", 405),
        ("POST", "/", 404),
        ("POST", PATH + "/", 404),
        ("GET", "/favicon.ico", 404),
    ],
)
def test_other_methods_are_405_and_other_paths_404(door, method, path, status):
    assert door.ask(method, path)[0] == status


def test_headers_without_end_are_refused(door):
    with door.raw() as wire:
        wire.sendall(head("X-Bomb: " + "x" * 60_000)[:-4])
        wire.sendall(b"x" * 20_000)
        assert wire.recv(100).startswith(b"HTTP/1.1 400 ")


def test_a_bad_request_line_is_400(door):
    with door.raw() as wire:
        wire.sendall(b"\x16\x03\x01\x02\x00 hello\r\n\r\n")
        assert wire.recv(100).startswith(b"HTTP/1.1 400 ")


keys_ = st.sampled_from(["token", "event", "resource", "data", "timestamp", "id", "x"])
names = st.sampled_from(
    ["call.ended", "call.tagged", "message.sent", "group_message.sent", "number.closed", "user.x"]
) | st.text(max_size=20)
leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | names
values = st.recursive(
    leaves | st.just(TOKEN),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys_ | st.text(), inner),
    max_leaves=12,
)
events = st.fixed_dictionaries(
    {},
    optional={
        "token": st.just(TOKEN) | values,
        "event": names | values,
        "resource": names | values,
        "timestamp": values,
        "data": st.dictionaries(keys_ | st.text(), values) | values,
    },
)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    bodies=st.lists(
        st.binary(max_size=60)
        | events.map(lambda each: json.dumps(each).encode())
        | st.tuples(events, st.integers(0, 400), st.binary(max_size=3)).map(
            lambda cut: json.dumps(cut[0]).encode()[: cut[1]] + cut[2]
        ),
        min_size=10,
        max_size=10,
    )
)
def test_whatever_is_sent_is_answered_200_400_or_401_and_never_an_error_of_ours(door, bodies):
    for body in bodies:
        assert door.post(body) in (200, 400, 401)


def test_thousands_of_damaged_bodies_are_answered_200_400_or_401(door):
    dice = Random(8)
    whole = json.dumps({**event("call.ended", tags=[{"id": 1, "name": "é"}]), "token": TOKEN})
    seen = set()
    with door.keep_alive() as post:
        for _ in range(3000):
            body = bytearray(whole.encode())
            for _ in range(dice.randrange(1, 4)):
                at = dice.randrange(len(body))
                match dice.randrange(4):
                    case 0:
                        body[at] = dice.randrange(256)
                    case 1:
                        del body[at : at + dice.randrange(1, 20)]
                    case 2:
                        body[at:at] = dice.choice((b'"', b"{", b"]", b"\\u0074", b"1e999", b","))
                    case 3:
                        body[at:at] = body[dice.randrange(at + 1) : at]
            seen.add(post(bytes(body)))
    assert seen == {200, 400, 401}


def is_json(sent: object) -> bool:
    """Whether it can be written without NaN and Infinity, which are Python's own."""
    try:
        json.dumps(sent, allow_nan=False)
    except ValueError:
        return False
    return True


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sent=events.filter(lambda each: each.get("token") == TOKEN))
def test_whatever_is_authentic_and_json_is_answered_200(door, sent):
    assert door.deliver(sent) == (200 if is_json(sent) else 400)
    assert door.ask("GET", "/metrics")[0] == 200
