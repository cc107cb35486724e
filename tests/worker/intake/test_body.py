"""Reading a body without a door: the event as it was sent, and the token apart from it."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.intake.body import BadBodyError, read
from worker.intake.names import label, use_of

TOKEN = "a-token"
texts = st.text(max_size=12) | st.sampled_from(["token", '"token"', '"token": "x"', "\ud800", "\\"])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=10,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    rest=st.dictionaries(texts.filter(lambda name: name != "token"), values, max_size=4),
    place=st.integers(0, 4),
    token=st.just(TOKEN) | values,
    indent=st.sampled_from([None, 1]),
    plain=st.booleans(),
)
def test_what_is_kept_is_what_was_sent_without_its_token(rest, place, token, indent, plain):
    items = list(rest.items())
    items.insert(place, ("token", token))
    body = json.dumps(dict(items), indent=indent, ensure_ascii=plain)
    delivery = read(body.encode("utf-8", "surrogatepass")) if _encodes(body) else None
    if delivery is None:
        return
    assert delivery.event == rest
    assert json.loads(delivery.json) == rest
    assert delivery.token == (token if isinstance(token, str) else None)


def _encodes(body: str) -> bool:
    try:
        body.encode()
    except UnicodeEncodeError:
        return False
    return True


@pytest.mark.parametrize(
    "body",
    [
        '{"token": "secret", "a": 1}',
        '{"a": 1, "token": "secret"}',
        '{"a": 1, "token": "secret", "b": 2}',
        '{"token": "secret"}',
        '{ "token"\n:\t"secret" , "a": "\\"token\\""}',
        '{"\\u0074oken": "secret", "a": 1}',
        '{"token": "s\\u0065cret", "a": 1}',
        '{"token": "secret", "data": {"token": "other"}}',
        '{"event": "token", "token": "secret"}',
        '{"x": "secret, \\\\", "token": "secret"}',
    ],
)
def test_the_token_is_taken_out_however_it_is_written(body):
    delivery = read(body.encode())
    whole = json.loads(body)
    assert delivery.token == whole.pop("token") == "secret"
    assert json.loads(delivery.json) == whole


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=80))
def test_bytes_of_any_kind_are_an_event_or_a_bad_body(body):
    try:
        delivery = read(body)
    except BadBodyError:
        return
    assert "token" not in json.loads(delivery.json)


@given(st.text(max_size=20), st.sampled_from(["call.", "number.", "contact.", "user."]))
def test_invented_names_share_one_label(name, prefix):
    assert label(f"{name}!") == label(f"{prefix}{name}!") == "other"
    assert label(f"{prefix}created") == f"{prefix}created"


@pytest.mark.parametrize(
    ("name", "use"),
    [
        ("call.ended", "interaction"),
        ("group_message.sent", "interaction"),
        ("call.made_up", "unknown"),
        ("number.closed", "hint"),
        ("user.created.v2", "hint"),
        ("integration.deleted", "hint"),
        ("contact.updated", "nothing"),
        ("realtime_transcription.utterances_received", "nothing"),
        ("", "unknown"),
        ("call", "unknown"),
    ],
)
def test_an_event_is_used_by_its_name(name, use):
    assert use_of(name) == use
