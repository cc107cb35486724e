"""Long works: one of a kind at a time, stopped by one who names it, never moved by a former one."""

import threading

import pytest

from store.operations import KINDS, BusyOperationError, Operations


@pytest.fixture
def operations(redis_client):
    return Operations(redis_client)


def start(operations, kind="contacts", about=None, total=None):
    return operations.start(kind, "U1", "Ada", about or {}, total)


def test_there_is_none_before_one_was_started(operations):
    assert operations.current("contacts") is None
    assert operations.active() == ()


def test_what_was_asked_for_is_kept_as_it_was_asked(operations):
    begun = start(operations, "backfill", {"from": 1, "numbers": ["é", "😀"]}, total=7)
    assert (begun.by, begun.name, begun.kind) == ("U1", "Ada", "backfill")
    assert begun.about == {"from": 1, "numbers": ["é", "😀"]}
    assert begun.total == 7
    assert begun.active
    assert operations.current("backfill") == begun


def test_a_second_of_a_kind_is_refused_and_named(operations):
    begun = start(operations)
    with pytest.raises(BusyOperationError) as busy:
        start(operations)
    assert busy.value.current.id == begun.id


def test_of_many_who_start_at_once_one_does(operations):
    begun, refused = [], []

    def try_it():
        try:
            begun.append(start(operations))
        except BusyOperationError:
            refused.append(1)

    threads = [threading.Thread(target=try_it) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(begun), len(refused)) == (1, 11)


def test_kinds_do_not_stand_in_each_others_way(operations):
    for kind in KINDS:
        start(operations, kind)
    assert {each.kind for each in operations.active()} == set(KINDS)


def test_progress_is_kept_and_the_total_stays_once_known(operations):
    begun = start(operations)
    operations.progress(begun, {"after": "a"}, {"done": 1}, total=10)
    now = operations.progress(operations.current("contacts"), {"after": "b"}, {"done": 2})
    assert (now.cursor, now.counts, now.total) == ({"after": "b"}, {"done": 2}, 10)
    assert now.moved >= begun.began


def test_trouble_lasts_until_the_next_progress(operations):
    begun = start(operations)
    assert operations.progress(begun, {}, {}, trouble="It waits.").trouble == "It waits."
    assert operations.progress(begun, {}, {}).trouble == ""


def test_one_that_is_to_stop_learns_it_with_its_next_progress(operations):
    begun = start(operations)
    assert operations.stop("contacts", begun.id, "U2").state == "stopping"
    now = operations.progress(begun, {}, {"done": 3})
    assert (now.state, now.stopped_by, now.counts) == ("stopping", "U2", {"done": 3})
    assert now.active
    ended = operations.end(now, "stopped")
    assert (ended.state, ended.stopped_by, ended.active) == ("stopped", "U2", False)
    assert ended.ended is not None


def test_the_first_who_stopped_it_is_named(operations):
    begun = start(operations)
    operations.stop("contacts", begun.id, "U2")
    assert operations.stop("contacts", begun.id, "U3").stopped_by == "U2"


def test_what_has_ended_stays_as_it_is(operations):
    ended = operations.end(start(operations), "done")
    assert operations.stop("contacts", ended.id, "U2") is None
    assert operations.progress(ended, {}, {"done": 9}).counts == {}
    assert operations.end(ended, "failed", "Late.") == ended


def test_why_it_failed_is_kept(operations):
    ended = operations.end(start(operations), "failed", "HubSpot refuses all.")
    assert (ended.state, ended.trouble) == ("failed", "HubSpot refuses all.")


def test_how_a_former_one_ended_is_kept_until_it_was_told(operations):
    first = operations.end(start(operations, total=7), "failed", "HubSpot refuses “all”.")
    second = operations.end(start(operations), "done")
    assert operations.untold("contacts") == (first,)
    start(operations)
    start(operations, "backfill")
    assert operations.untold("contacts") == (first, second)
    assert operations.untold("backfill") == ()
    operations.told(first)
    assert operations.untold("contacts") == (second,)


def test_a_former_one_moves_nothing_of_its_successor(operations):
    former = operations.end(start(operations), "done")
    now = start(operations, about={"new": True})
    assert operations.progress(former, {"after": "z"}, {"done": 9}) == now
    assert operations.end(former, "failed", "Late.") == now
    assert operations.stop("contacts", former.id, "U2") is None
    assert operations.current("contacts") == now
