"""The revisions in a real store: saved once, never over somebody, readable for ever."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import redis

from rules.settings import Change, Settings, with_value, with_values
from store import keys
from store.settings import (
    Author,
    DamagedSettingsError,
    NoSettingsError,
    Revisions,
    StaleSettings,
    revision_as_json,
)

ANN = Author("admin", "U1", "Ann")
BOB = Author("admin", "U2", "Bob")
NAMED = with_value(Settings(), "name", "Phones")


@pytest.fixture
def revisions(redis_client):
    return Revisions(redis_client)


@pytest.fixture
def first(revisions):
    return revisions.save(Settings(), Author("file"), 0)


def date_back(redis_client, number, at):
    """Pretend that a revision was saved at another time."""
    kept = json.loads(redis_client.hget(keys.SETTINGS_REVISIONS, str(number)))
    del kept["sum"]
    redis_client.hset(keys.SETTINGS_REVISIONS, str(number), json.dumps(kept | {"at": at}))


def test_first_save_is_revision_one_and_in_force(revisions, redis_client):
    before = time.time_ns() // 1_000_000
    saved = revisions.save(NAMED, ANN, 0, "the beginning")
    assert before - 1 <= saved.at <= time.time_ns() // 1_000_000 + 1
    assert (saved.number, saved.based_on, saved.author) == (1, 0, ANN)
    assert (saved.settings, saved.note) == (NAMED, "the beginning")
    assert saved.changes == (Change("name", "Aircall – HubSpot", "Phones"),)
    assert revisions.current() == revisions.get(1) == saved
    assert redis_client.get(keys.SETTINGS_HEAD) == b"1"
    assert len(redis_client.get("ah:store-id")) == 32


def test_each_save_is_the_next_revision_and_the_earlier_stay(revisions, first):
    chosen = {"numbers": [8, 7], "tag_outcomes.VIP “ü”\\": 'Live "x"', "tickets.pipeline": "0"}
    second = revisions.save(with_values(first.settings, chosen), ANN, 1)
    third = revisions.save(with_value(second.settings, "numbers", "all"), BOB, 2, "all\nof them")
    assert [second.number, third.number] == [2, 3]
    assert third.changes == (Change("numbers", (7, 8), "all"),)
    assert revisions.get(1) == first
    assert revisions.get(2) == second
    assert revisions.all() == (first, second, third)
    assert revisions.since(1) == (second, third)
    assert revisions.since(3) == ()
    assert revisions.current() == third


def test_tenth_revision_comes_after_the_ninth(revisions, first):
    for number in range(1, 12):
        revisions.save(with_value(Settings(), "name", f"name {number}"), ANN, number)
    assert [each.number for each in revisions.all()] == list(range(1, 13))


def test_stale_save_stores_nothing_and_says_who_changed_what(revisions, first):
    second = revisions.save(with_value(first.settings, "create_contacts", value=False), ANN, 1)
    with pytest.raises(StaleSettings) as caught:
        revisions.save(NAMED, BOB, 1)
    assert caught.value.between == (second,)
    assert "revision 2 by Ann (admin) changed create_contacts" in str(caught.value)
    assert revisions.all() == (first, second)


def test_of_many_saves_at_once_exactly_one_is_stored(redis_server, redis_client, first):
    barrier = Barrier(8)

    def save(number):
        with redis.Redis.from_url(redis_server.url) as connection:
            barrier.wait()
            try:
                return Revisions(connection).save(
                    with_value(first.settings, "name", f"name {number}"), ANN, 1
                )
            except StaleSettings as error:
                return error

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(save, range(8)))
    [winner] = [result for result in results if not isinstance(result, StaleSettings)]
    assert Revisions(redis_client).all() == (first, winner)
    assert all(each.between == (winner,) for each in results if each is not winner)


def test_save_without_a_change_makes_no_revision(revisions, first):
    assert revisions.save(first.settings, ANN, 1) == first
    second = revisions.save(NAMED, ANN, 1)
    assert revisions.save(first.settings, BOB, 1) == second
    assert revisions.all() == (first, second)


def test_save_without_a_change_makes_a_revision_when_that_is_wanted(revisions, first):
    second = revisions.save(first.settings, ANN, 1, "seen", even_unchanged=True)
    assert (second.number, second.changes, second.note) == (2, (), "seen")


def test_same_save_delivered_twice_acts_once(revisions, first):
    second = revisions.save(NAMED, ANN, 1)
    assert revisions.save(NAMED, ANN, 1) == second
    assert revisions.all() == (first, second)


def test_form_older_than_the_store_is_stale(revisions, first):
    with pytest.raises(StaleSettings) as caught:
        revisions.save(NAMED, ANN, 7)
    assert caught.value.between == (first,)
    assert revisions.current() == first


def test_second_first_revision_is_stale(revisions, first):
    with pytest.raises(StaleSettings):
        revisions.save(NAMED, ANN, 0)
    assert revisions.all() == (first,)


def test_store_without_settings_says_so(revisions):
    for read in (revisions.current, lambda: revisions.at_time(0)):
        with pytest.raises(NoSettingsError, match="holds no settings yet"):
            read()
    assert revisions.all() == ()
    with pytest.raises(LookupError, match="no revision 3"):
        revisions.get(3)


def test_revision_in_force_at_a_moment(revisions, first, redis_client):
    revisions.save(NAMED, ANN, 1)
    date_back(redis_client, 1, 1_000)
    date_back(redis_client, 2, 2_000)
    moments = {1: 1, 1_000: 1, 1_999: 1, 2_000: 2, 9_000: 2}
    assert {ms: revisions.at_time(ms).number for ms in moments} == moments


def test_clock_that_ran_ahead_for_a_while_does_not_bring_old_settings_back(
    revisions, first, redis_client
):
    revisions.save(NAMED, ANN, 1)
    revisions.save(Settings(), ANN, 2)
    for number, at in ((1, 1_000), (2, 90_000), (3, 2_000)):
        date_back(redis_client, number, at)
    assert revisions.at_time(3_000).number == 3
    assert revisions.at_time(1_500).number == 1


def test_a_damaged_revision_keeps_no_later_one_from_being_read(revisions, first, redis_client):
    second = revisions.save(NAMED, ANN, 1)
    redis_client.hset(keys.SETTINGS_REVISIONS, "1", b"{")
    assert revisions.at_time(second.at) == second
    assert revisions.since(1) == (second,)
    for read in (lambda: revisions.at_time(0), lambda: revisions.since(0)):
        with pytest.raises(DamagedSettingsError):
            read()


def test_every_changed_bit_of_a_revision_is_noticed_and_so_is_another_number(
    revisions, redis_client
):
    saved = revisions.save(NAMED, ANN, 0, '\u00fc "note"')
    raw = redis_client.hget(keys.SETTINGS_REVISIONS, "1")
    for place in range(8 * len(raw)):
        changed = bytearray(raw)
        changed[place // 8] ^= 1 << place % 8
        redis_client.hset(keys.SETTINGS_REVISIONS, "1", bytes(changed))
        with pytest.raises(DamagedSettingsError):
            revisions.get(1)
    redis_client.hset(keys.SETTINGS_REVISIONS, mapping={"1": raw, "2": raw})
    assert revisions.get(1) == saved
    with pytest.raises(DamagedSettingsError):
        revisions.get(2)


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"\xff", b'"text"', b"{}"])
def test_damaged_revision_is_named_as_such(revisions, first, redis_client, raw):
    redis_client.hset(keys.SETTINGS_REVISIONS, "1", raw)
    with pytest.raises(DamagedSettingsError, match="cannot be read"):
        revisions.current()


@pytest.mark.parametrize(
    "damage",
    [
        {"number": "one"},
        {"at": None},
        {"author": {"kin": 1}},
        {"author": 3},
        {"changes": [3]},
        {"changes": [{"path": "name"}]},
        {"settings": {"nam": 1}},
        {"settings": [1]},
    ],
)
def test_revision_with_one_damaged_part_is_named_as_such(revisions, first, redis_client, damage):
    kept = json.loads(redis_client.hget(keys.SETTINGS_REVISIONS, "1"))
    del kept["sum"]
    redis_client.hset(keys.SETTINGS_REVISIONS, "1", json.dumps(kept | damage))
    with pytest.raises(DamagedSettingsError, match="cannot be read"):
        revisions.current()


def test_damaged_or_dangling_head_is_named_as_such(revisions, first, redis_client):
    redis_client.set(keys.SETTINGS_HEAD, "two")
    with pytest.raises(DamagedSettingsError, match="no revision's number"):
        revisions.current()
    redis_client.set(keys.SETTINGS_HEAD, 2)
    with pytest.raises(DamagedSettingsError, match="Revision 2"):
        revisions.current()


def test_lost_head_never_overwrites_a_revision(revisions, first, redis_client):
    redis_client.delete(keys.SETTINGS_HEAD)
    with pytest.raises(DamagedSettingsError, match="Revision 1"):
        revisions.save(NAMED, ANN, 0)
    assert revisions.get(1) == first


def test_revision_as_json_is_what_the_store_holds(revisions, redis_client):
    saved = revisions.save(with_value(NAMED, "numbers", [2, 1]), ANN, 0, "note")
    kept = json.loads(redis_client.hget(keys.SETTINGS_REVISIONS, "1"))
    del kept["sum"]
    assert json.loads(json.dumps(revision_as_json(saved))) == kept


def test_author_is_shown_by_name_else_by_id_else_by_kind():
    authors = [ANN, Author("cli", "1000"), Author("system")]
    assert [str(each) for each in authors] == ["Ann (admin)", "1000 (cli)", "system (system)"]


def test_the_revisions_that_changed_a_setting_are_found_beside_the_first(revisions):
    first = revisions.save(Settings(name='"path":"enabled"', numbers="all"), ANN, 0)
    turned = revisions.save(with_value(first.settings, "enabled", value=True), ANN, 1)
    revisions.save(with_value(turned.settings, "name", "Other"), ANN, 2)
    assert revisions.changing("enabled") == (first, turned)
    assert revisions.changing("fallback_owner") == (first,)
    assert [each.number for each in revisions.changing("name")] == [1, 3]


def test_of_an_empty_store_nothing_changed_a_setting(revisions):
    assert revisions.changing("enabled") == ()
