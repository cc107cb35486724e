from rules.hours import LineHours
from store import keys
from store.line_hours import hours_told, note_hours

OPENED, CLOSED = LineHours(open=True, at=2_000), LineHours(open=False, at=1_000)


def test_the_newest_word_of_a_number_counts_whatever_came_last(redis_client):
    note_hours(redis_client, 1001, OPENED)
    note_hours(redis_client, 1001, CLOSED)
    note_hours(redis_client, 1002, CLOSED)
    assert hours_told(redis_client) == {1001: OPENED, 1002: CLOSED}
    assert hours_told(redis_client, [1001, 1003]) == {1001: OPENED}
    assert hours_told(redis_client, []) == {}


def test_what_a_disk_changed_counts_as_never_told_and_is_told_anew(redis_client):
    note_hours(redis_client, 1001, OPENED)
    raw = redis_client.hget(keys.LINE_HOURS, "1001")
    redis_client.hset(keys.LINE_HOURS, "1001", raw.replace(b"2000", b"9000"))
    redis_client.hset(keys.LINE_HOURS, "1003", raw)
    redis_client.hset(keys.LINE_HOURS, b"10\xb1", raw)
    assert hours_told(redis_client) == {}
    note_hours(redis_client, 1001, CLOSED)
    assert hours_told(redis_client) == {1001: CLOSED}


def test_what_the_version_before_kept_is_read(redis_client):
    redis_client.hset(keys.LINE_HOURS, "1001", '{"open": true, "at": 2000}')
    assert hours_told(redis_client) == {1001: OPENED}
