import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.intake.body import BadBodyError, read

SECRET = "s3cret"
KEYS = st.sampled_from(["token", "tokens", "event", "data", 'a "token"', "é", ""])
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([SECRET, "token", ',"token":"', "é"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
EVENTS = st.lists(st.tuples(KEYS.filter(lambda key: key != "token"), VALUES), max_size=4)
LAYOUTS = st.sampled_from([{}, {"indent": 1}, {"separators": (",", ":")}, {"ensure_ascii": False}])


@given(EVENTS, st.integers(0, 4), LAYOUTS)
def test_only_the_token_of_the_event_itself_is_taken_out(pairs, place, layout):
    rest = dict(pairs)
    items = list(rest.items())
    items.insert(place, ("token", SECRET))
    delivery = read(json.dumps(dict(items), **layout).encode())
    assert delivery.token == SECRET
    assert delivery.event == rest
    assert json.loads(delivery.json) == rest


@pytest.mark.parametrize(
    "body",
    [
        '{"token":"s3cret","a":1}',
        '{"a":1,"token":"s3cret"}',
        '{"a":1 ,\n "token" : "s3cret" ,"b":2}',
        '{"tok\\u0065n":"s3cret","a":{"b":1}}',
        '{"\\u0074oken":"s3cret","a":{"token":"other"}}',
        '{"token":"s3\\u0063ret","a":1}',
        '{"token":"s3cret"}',
    ],
)
def test_the_token_is_not_kept_however_it_is_written(body):
    delivery = read(body.encode())
    assert delivery.token == SECRET
    assert "s3" not in delivery.json
    assert "token" not in json.loads(delivery.json)


@pytest.mark.parametrize(
    "body",
    [
        '{"token":"a","token":"b"}',
        '{"token":"a","tok\\u0065n":"b"}',
        '{"token":"a","n":1e999}',
        '{"token":"a","n":-1e999}',
        '{"token":"a","n":NaN}',
    ],
)
def test_two_tokens_and_numbers_out_of_range_are_refused(body):
    with pytest.raises(BadBodyError):
        read(body.encode())
