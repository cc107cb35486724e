"""The events that our webhook tells of: all that our code reads, and no other."""

from rules.events import KNOWN_EVENTS
from sandbox.aircall.events import EVENTS as PUBLISHED
from sync.webhook.events import CORE, EVENTS, NUMBERS, USERS, named
from worker.intake.names import use_of


def test_every_event_that_our_code_reads_is_asked_for_and_no_other():
    read = {name for name in PUBLISHED if use_of(name) in {"interaction", "hint"}}
    # Aircall sends `integration.deleted` to integrations of its marketplace only.
    assert set(EVENTS) == read - {"integration.deleted"}
    assert len(set(EVENTS)) == len(EVENTS)


def test_calls_and_messages_are_the_core_and_all_is_published_by_aircall():
    assert set(CORE) == KNOWN_EVENTS | set(NUMBERS)
    assert set(EVENTS) == {*CORE, *USERS}
    assert set(EVENTS) <= set(PUBLISHED)


def test_many_events_are_named_by_a_few():
    assert named(["a", "b"]) == "a, b"
    assert named(list("abcdefg")) == "a, b, c, d, e, …"
