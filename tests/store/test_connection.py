from store.connection import without_password


def test_an_address_is_shown_without_user_and_password():
    shown = without_password("rediss://u:p@h:6379/1?password=p")
    assert shown == "rediss://h:6379/1"


def test_a_sockets_address_is_shown_as_it_is():
    assert without_password("unix:///data/redis.sock?db=0") == "unix:///data/redis.sock"
