from settings.file import Retention
from store import keys
from store.connection import now_ms
from sync.retention import DAY_MS, forget, prune
from tests.worker.product import call
from worker.failed_alerts import damage_alert, poison_alert
from worker.nudge import DRAIN, queue


def test_failures_are_forgotten_after_their_retention_and_not_before(redis_client):
    now = now_ms(redis_client)
    for key in (keys.FAILURES, keys.UNLOGGED):
        redis_client.zadd(key, {"call-1": now - 91 * DAY_MS, "call-2": now - 89 * DAY_MS})
    for id_ in ("call-1", "call-2"):
        redis_client.rpush(keys.new(id_), "{}")
        redis_client.set(keys.mark(id_), "{}")
    assert forget(redis_client, Retention()) == 1
    for key in (keys.FAILURES, keys.UNLOGGED):
        assert redis_client.zrange(key, 0, -1) == [b"call-2"]
    assert not redis_client.exists(keys.new("call-1"), keys.mark("call-1"))
    assert redis_client.exists(keys.new("call-2"), keys.mark("call-2")) == 2


def test_a_failure_that_is_tried_again_keeps_its_events(redis_client):
    redis_client.zadd(keys.FAILURES, {"call-1": 1, "call-2": 1})
    redis_client.zadd(keys.DUE, {"call-1": 1})
    redis_client.zadd(keys.parked("disabled"), {"call-2": 1})
    for id_ in ("call-1", "call-2"):
        redis_client.rpush(keys.new(id_), "{}")
    assert forget(redis_client, Retention()) == 0
    assert redis_client.exists(keys.new("call-1"), keys.new("call-2")) == 2


def test_alerts_of_what_is_no_failure_any_more_are_closed(product):
    names = [
        alert(id_)
        for id_ in ("call-1", "call-2", "call-3", "call-4")
        for alert in (damage_alert, poison_alert)
    ]
    for name in (*names, "webhook missing"):
        product.shop.alerts.raise_(name, "Something is wrong.")
    product.redis.zadd(keys.FAILURES, {"call-1": 1, "call-2": now_ms(product.redis)})
    product.redis.zadd(keys.DUE, {"call-3": now_ms(product.redis)})
    product.redis.zadd(keys.parked("aircall"), {"call-4": now_ms(product.redis)})
    prune()
    assert set(product.alerts()) == {"webhook missing", *names[2:]}


def test_what_waits_nowhere_is_found_each_day_and_drained(product):
    product.deliver(call(id_=1))
    product.redis.delete(keys.DUE)
    prune()
    assert product.redis.zscore(keys.DUE, "call-1")
    assert queue(product.redis, DRAIN).count == 1
