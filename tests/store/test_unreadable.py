"""What could not be read is kept for a person: valid JSON, few entries, and short ones."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.unreadable import LARGEST, MOST, entry, put_aside


@given(st.text(), st.dictionaries(st.text(), st.text() | st.integers()), st.booleans())
def test_an_event_that_is_not_too_long_is_kept_as_it_is(reason, event, ascii_only):
    if not ascii_only:
        reason, event = _writable(reason), json.loads(_writable(json.dumps(event)))
    kept = json.loads(entry(reason, json.dumps(event)))
    assert kept == {"reason": reason, "event": event}


def _writable(words: str) -> str:
    return words.encode("utf-8", "replace").decode()


@pytest.mark.parametrize("letter", ["x", "é", "😀", '"', "\\", "\n"])
def test_of_a_longer_one_the_start_is_kept_and_no_letter_makes_it_much_longer(letter):
    event = f'["{letter * LARGEST}"]'
    made = entry("unknown event", event)
    assert len(made.encode()) <= 2 * LARGEST + 100
    kept = json.loads(made)["event"]
    assert event.startswith(kept)
    assert LARGEST - 4 < len(kept.encode()) <= LARGEST


def test_exactly_the_largest_is_kept_whole_and_one_byte_more_is_not():
    whole = json.dumps("x" * (LARGEST - 2))
    assert json.loads(entry("r", whole))["event"] == "x" * (LARGEST - 2)
    assert json.loads(entry("r", whole + " "))["event"] == whole


def test_bytes_are_counted_and_not_letters():
    assert len(json.loads(entry("r", json.dumps("é" * LARGEST, ensure_ascii=False)))["event"]) == (
        LARGEST // 2
    )
    some = "é" * (LARGEST // 2)
    kept = json.loads(entry("r", json.dumps(some, ensure_ascii=False)))["event"]
    assert kept == f'"{some[:-1]}'


def test_the_newest_stands_first_and_the_oldest_makes_room(redis_client):
    for n in range(MOST + 3):
        with redis_client.pipeline() as pipeline:
            put_aside(pipeline, "malformed", str(n))
            pipeline.execute()
    kept = [json.loads(raw)["event"] for raw in redis_client.lrange("ah:unreadable", 0, -1)]
    assert kept == list(range(MOST + 2, 2, -1))
