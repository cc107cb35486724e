import pytest

from settings.errors import StartupError
from store.promise import compare, shortfalls

ABOUT = {"redis_version": "7.2.4", "cluster_enabled": 0, "role": "master", "connected_slaves": 0}
SETTINGS = {
    "appendonly": "yes",
    "appendfsync": "always",
    "no-appendfsync-on-rewrite": "no",
    "maxmemory-policy": "noeviction",
    "maxmemory": "1000000",
}


def test_the_embedded_server_keeps_the_whole_promise(redis_server):
    assert shortfalls(redis_server.url) == []


def test_a_weaker_server_is_told_over_the_wire(redis_client, redis_server):
    redis_client.config_set("appendfsync", "everysec")
    try:
        assert shortfalls(redis_server.url) == [
            "Redis has appendfsync everysec: up to one second of accepted events may be lost. "
            "Set appendfsync always."
        ]
    finally:
        redis_client.config_set("appendfsync", "always")


def test_a_server_that_tells_nothing_counts_as_weaker(redis_client, redis_server):
    redis_client.execute_command("ACL", "SETUSER", "mute", "on", ">pass", "+ping", "+select")
    try:
        url = redis_server.url.replace("unix://", "unix://mute:pass@")
        assert shortfalls(url) == compare({}, {})
    finally:
        redis_client.execute_command("ACL", "DELUSER", "mute")
    assert [sentence.split(":")[0] for sentence in compare({}, {})] == [
        "Redis does not tell how it stores (CONFIG GET)",
        "Redis does not tell its maxmemory-policy",
        "Redis does not tell its version",
    ]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("appendonly", "no", "appendonly no: every event accepted since its last snapshot"),
        ("appendfsync", "everysec", "up to one second of accepted events may be lost"),
        ("appendfsync", "no", "about 30 seconds of accepted events may be lost"),
        ("no-appendfsync-on-rewrite", "yes", "while it rewrites its log may be lost"),
        ("maxmemory-policy", "allkeys-lru", "maxmemory-policy allkeys-lru: it may drop events"),
        ("maxmemory", "0", "has no maxmemory"),
    ],
)
def test_each_weaker_setting_has_its_sentence(name, value, words):
    (sentence,) = compare(ABOUT, {**SETTINGS, name: value})
    assert words in sentence


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("redis_version", "6.0.16", "Redis 6.0.16 is too old: 6.2 or newer is needed."),
        ("redis_version", "5.0", "Redis 5.0 is too old"),
        ("cluster_enabled", 1, "runs as a cluster"),
        ("role", "slave", "is a replica"),
        ("connected_slaves", 1, "a failover may lose events"),
    ],
)
def test_each_weaker_kind_has_its_sentence(name, value, words):
    (sentence,) = compare({**ABOUT, name: value}, SETTINGS)
    assert words in sentence


@pytest.mark.parametrize("version", ["6.2.0", "6.10.1", "7.0.0", "10.0.0"])
def test_new_enough_versions_need_no_word(version):
    assert compare({**ABOUT, "redis_version": version}, SETTINGS) == []


def test_a_redis_that_is_not_there_is_named_without_its_password():
    with pytest.raises(StartupError) as caught:
        shortfalls("redis://user:hunter2@127.0.0.1:1/0")
    assert str(caught.value) == (
        "Could not connect to Redis at redis://127.0.0.1:1/0. Is it running? "
        "(Error 111 connecting to 127.0.0.1:1. Connection refused.)"
    )


def test_a_refused_password_is_told_as_such(redis_server):
    url = redis_server.url.replace("unix://", "unix://nobody:hunter2@")
    with pytest.raises(StartupError, match=r"refuses: .*username-password") as caught:
        shortfalls(url)
    assert "hunter2" not in str(caught.value)


def test_a_database_that_the_server_does_not_have_is_told_in_its_words(redis_server):
    with pytest.raises(StartupError, match=r"refuses: DB index is out of range\."):
        shortfalls(redis_server.url.replace("db=0", "db=999"))
