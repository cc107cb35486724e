"""The directory: parts come back as written, dated, and are parsed again when they change."""

import json

from rules.owners import Owner
from store.connection import now_ms
from store.directory import (
    PARTS,
    Account,
    Directory,
    DirectoryStore,
    Number,
    Pipeline,
    known_from_store,
)

WHOLE = {
    "numbers": (Number(1001, "Sales", "+33199000123", "FR"), Number(1002, "Support", "112")),
    "users": {456: "a@example.com"},
    "tags": {31: "VIP"},
    "owners": (Owner("7", "o@example.com", "O", active=True), Owner("8", "", "", active=False)),
    "outcomes": {"guid": "Connected"},
    "pipelines": (Pipeline("0", "Support", {"1": "New", "2": "Closed"}),),
    "account": Account("123", "app-eu1.hubspot.com", "Europe/Paris"),
    "properties": {"contacts": ("phone", "email")},
    "unique": {"calls": True, "contacts": False},
}


def write_all(store: DirectoryStore) -> None:
    for part, value in WHOLE.items():
        store.write(part, value)


def test_each_part_comes_back_as_it_was_written(redis_client):
    assert set(WHOLE) == set(PARTS)
    before = now_ms(redis_client)
    write_all(DirectoryStore(redis_client))
    read = DirectoryStore(redis_client).read()
    for part, value in WHOLE.items():
        assert getattr(read, part) == value
    assert set(read.read_at) == set(PARTS)
    after = now_ms(redis_client)
    assert all(before <= at <= after for at in read.read_at.values())


def test_what_was_never_read_is_none(redis_client):
    assert DirectoryStore(redis_client).read() == Directory()


def test_it_is_parsed_again_only_when_it_changed(redis_client):
    store = DirectoryStore(redis_client)
    write_all(store)
    first = store.read()
    assert store.read() is first
    DirectoryStore(redis_client).write("tags", {31: "VIP", 32: "Hot"})
    assert store.read().tags == {31: "VIP", 32: "Hot"}


def test_a_part_of_a_newer_version_is_left_alone(redis_client):
    redis_client.hset("ah:directory", "weather", json.dumps({"at": 1, "is": "sunny"}))
    assert DirectoryStore(redis_client).read() == Directory()


def test_a_miss_is_followed_up_once_a_minute_for_each_part(redis_client):
    one, other = DirectoryStore(redis_client), DirectoryStore(redis_client)
    assert one.refresh_allowed("owners", 60)
    assert not other.refresh_allowed("owners", 60)
    assert other.refresh_allowed("tags", 60)
    assert 55 < redis_client.ttl("ah:missed:owners") <= 60
    redis_client.delete("ah:missed:owners")
    assert other.refresh_allowed("owners", 60)


def test_complete_is_what_a_plan_needs():
    needed = {name: WHOLE[name] for name in ("owners", "properties", "unique", "outcomes")}
    assert Directory(**needed).complete
    for name in needed:
        assert not Directory(**{**needed, name: None}).complete


def test_all_unique_is_said_only_when_it_is_known_of_every_type():
    assert Directory(unique={"calls": True, "contacts": True}).all_unique
    for unique in (None, {}, {"calls": True, "contacts": False}):
        assert not Directory(unique=unique).all_unique


def test_settings_are_checked_against_what_was_read(redis_client):
    assert known_from_store(redis_client).numbers is None
    write_all(DirectoryStore(redis_client))
    known = known_from_store(redis_client)
    assert known.numbers == {1001: "Sales", 1002: "Support"}
    assert known.pipelines == {"0": {"1": "New", "2": "Closed"}}
    assert known.pipeline_labels == {"0": "Support"}
    assert known.owners == {"7": True, "8": False}
    assert known.owner_names == {"7": "O", "8": ""}
    assert known.outcomes == {"guid": "Connected"}
    assert known.tags == {"31": "VIP"}


def test_the_names_of_pipelines_and_stages_that_are_gone_are_remembered(redis_client):
    store = DirectoryStore(redis_client)
    store.write("pipelines", (Pipeline("0", "Support", {"1": "New", "2": "Open"}),))
    store.write("pipelines", (Pipeline("0", "Help", {"2": "Opened"}), Pipeline("5", "Sales", {})))
    store.write("pipelines", (Pipeline("0", "Help", {"2": "Opened"}),))
    former = known_from_store(redis_client).former
    assert former.pipelines == {"0": "Help", "5": "Sales"}
    assert former.stages["0"] == {"1": "New", "2": "Opened"}
    assert known_from_store(redis_client).pipelines == {"0": {"2": "Opened"}}


def test_of_very_many_former_stages_the_oldest_are_forgotten(redis_client):
    store = DirectoryStore(redis_client)
    for at in range(0, 1200, 400):
        stages = {str(id_): f"Stage {id_}" for id_ in range(at, at + 400)}
        store.write("pipelines", (Pipeline("0", "Support", stages),))
    assert list(store.read().former[0].stages)[:1] == ["700"]
    assert len(store.read().former[0].stages) == 500
