"""The door closes before Redis or the disk are full; the workers go on."""

import asyncio
from typing import NamedTuple

import pytest
from product import Product

from sandbox.traffic import call_events
from tests.worker.intake.door import event, stored, until
from worker.intake import keeper as module
from worker.intake.keeper import LEAST_DISK, Keeper, too_full


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.mark.parametrize(
    ("used", "most", "full"),
    [(74, 100, False), (75, 100, True), (100, 100, True), (99, 0, False), (749, 1000, False)],
)
def test_full_is_three_quarters_of_what_redis_may_use(used, most, full):
    assert bool(too_full({"used_memory": used, "maxmemory": most})) is full


@pytest.fixture
def disk(monkeypatch):
    left = {"free": 10 * LEAST_DISK}
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: Usage(10**12, 0, left["free"]))
    return left


class FakeRedis:
    async def info(self, section):
        return {"used_memory": 1, "maxmemory": 10}


@pytest.mark.parametrize(("free", "closed"), [(LEAST_DISK, False), (LEAST_DISK - 1, True)])
def test_under_50_mib_of_disk_the_door_closes(disk, tmp_path, free, closed):
    disk["free"] = free
    keeper = Keeper(FakeRedis(), tmp_path)
    assert ("MiB of disk" in asyncio.run(keeper.look())) is closed


def test_the_disk_of_somebody_elses_redis_is_not_ours_to_look_at(disk):
    disk["free"] = 0
    assert asyncio.run(Keeper(FakeRedis(), None).look()) == ""


def test_a_data_folder_that_is_gone_closes_the_door_with_a_sentence(tmp_path):
    keeper = Keeper(FakeRedis(), tmp_path / "gone")
    assert "cannot be read" in asyncio.run(keeper.look())


def test_at_three_quarters_the_door_says_503_while_a_worker_finishes_what_waits(
    door, redis_client, tmp_path, redis_server, stand_ins
):
    product = Product(redis_server.url, tmp_path, stand_ins)
    redis_client.delete("ah:settings:head", "ah:settings:revisions")
    product.start()
    for sent in call_events(5, "inbound_answered", start=1_790_000_000, phone="+33199887766"):
        assert door.deliver(sent) == 200
    before = redis_client.config_get("maxmemory")["maxmemory"]
    try:
        redis_client.config_set("maxmemory", int(redis_client.info()["used_memory"] / 0.8))
        until(lambda: door.deliver(event("call.ended", 6)) == 503)
        assert door.ask("POST", "/aircall/webhook", b"{}")[0] == 401
        status, words = door.ask("GET", "/readyz")
        assert status == 503
        assert "of its memory" in words
        until(lambda: "door closed" in [each.name for each in product.shop.alerts.open()])
        product.drain()
        assert product.one("calls", "call-5")
        assert not stored(redis_client, "call-5")
    finally:
        redis_client.config_set("maxmemory", before)
    until(lambda: door.deliver(event("call.ended", 7)) == 200)
    until(lambda: "door closed" not in [each.name for each in product.shop.alerts.open()])
    assert door.ask("GET", "/readyz") == (200, "ready")
