"""What cannot be read of alerts, channel and long works is set aside, and that is said."""

import pytest

from store import keys
from store.alerts import Alerts
from store.aside import ENTRIES, HASHES, SECONDS, WHOLE
from store.channel import Channel
from store.operations import Operations
from store.quiet import Quieted
from store.told import Told
from sync.watches.damage import ALERT, watch_damage

BAD = (
    b'{"sen',
    b"\xff\xfe",
    b"[]",
    b'{"since": "soon", "until": "late", "members": 7, "next": "x"}',
)


@pytest.fixture
def alerts(redis_client):
    return Alerts(redis_client)


def aside(redis_client):
    return {name.decode(errors="replace") for name in redis_client.hkeys(keys.ASIDE)}


def test_what_is_whole_stays_and_nothing_is_said(redis_client, alerts):
    alerts.raise_("a", "It is so.", {"x": "1"})
    alerts.raise_("b", "It was so.")
    alerts.resolve("b", "Mended.")
    alerts.notice("n", "It happened.")
    Quieted(redis_client).ignore({"a": "s"}, "U1")
    Channel(redis_client).choose("C1", "U1")
    Channel(redis_client).failed("C1", "It is archived.")
    operations = Operations(redis_client)
    operations.end(operations.start("contacts", "U1", "Ada", {}), "done")
    operations.start("contacts", "U1", "Ada", {"é": [1]})
    redis_client.set(keys.ANNOUNCED, 7)
    before = {key: redis_client.dump(key) for key in redis_client.scan_iter()}
    watch_damage(redis_client, alerts)
    assert {key: redis_client.dump(key) for key in redis_client.scan_iter()} == before


@pytest.mark.parametrize("key", [*ENTRIES, *WHOLE])
def test_a_key_of_another_type_is_set_aside_and_said(redis_client, alerts, key):
    redis_client.rpush(key, "x")
    kept = redis_client.dump(key)
    watch_damage(redis_client, alerts)
    assert redis_client.hget(keys.ASIDE, key) == kept
    (alert,) = alerts.open()
    assert (alert.name, dict(alert.about)) == (ALERT, {"keys": key})
    assert key in alert.sentence


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("key", ENTRIES)
def test_an_entry_that_cannot_be_read_is_set_aside_and_the_others_stay(
    redis_client, alerts, key, bad
):
    alerts.raise_("a", "It is so.")
    redis_client.hset(key, "damaged", bad)
    watch_damage(redis_client, alerts)
    assert redis_client.hget(keys.ASIDE, f"{key} damaged") == bad
    assert not redis_client.hexists(key, "damaged")
    assert alerts.names() == {"a", ALERT}


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("key", WHOLE)
def test_a_value_that_cannot_be_read_is_set_aside(redis_client, alerts, key, bad):
    if key in HASHES:
        redis_client.hset(key, mapping={"state": "running", "asked": bad, "progress": bad})
    else:
        redis_client.set(key, bad)
    watch_damage(redis_client, alerts)
    assert aside(redis_client) == {key}
    assert alerts.names() == {ALERT}


def test_a_name_that_is_no_text_is_set_aside_too(redis_client, alerts):
    alerts.notice("n", "It happened.")
    (good,) = redis_client.hgetall(keys.NOTICES).items()
    redis_client.hset(keys.NOTICES, b"\xff\xfe", good[1])
    watch_damage(redis_client, alerts)
    assert len(alerts.notices()) == 1
    assert redis_client.hget(keys.ASIDE, keys.NOTICES.encode() + b" \xff\xfe") == good[1]


def test_it_is_over_when_nothing_lies_aside_any_more(redis_client, alerts):
    redis_client.set(keys.ALERT_POSTS, "x")
    watch_damage(redis_client, alerts)
    watch_damage(redis_client, alerts)
    assert 0 < redis_client.ttl(keys.ASIDE) <= SECONDS
    assert alerts.names() == {ALERT}
    redis_client.delete(keys.ASIDE)
    watch_damage(redis_client, alerts)
    assert alerts.names() == frozenset()


def test_a_long_work_can_be_begun_where_the_former_was_damaged(redis_client, alerts):
    operations = Operations(redis_client)
    operations.start("contacts", "U1", "Ada", {})
    redis_client.hset(keys.operation("contacts"), "asked", "{")
    watch_damage(redis_client, alerts)
    assert operations.start("contacts", "U1", "Ada", {}).active


def test_when_anything_was_set_aside_all_that_is_open_is_looked_at_anew(redis_client, alerts):
    Told(redis_client).all_said("1 C1", None)
    watch_damage(redis_client, alerts)
    assert redis_client.exists(keys.ALERTS_SEEN)
    redis_client.set(keys.ALERTS_VERSION, "x")
    watch_damage(redis_client, alerts)
    assert not redis_client.exists(keys.ALERTS_SEEN)
