"""The jobs that read the directory anew, and the alert for a portal without unique properties."""

import json

import pytest

from store import keys
from store.directory import PARTS
from sync import slices
from sync.directory import reading as room
from sync.directory.reading import OFTEN, UNIQUE_ALERT, look_again, refresh_all, refresh_part
from worker.directory import SET_UP
from worker.nudge import BACKGROUND, enqueue, queue


@pytest.fixture
def alert(product):
    def sentence() -> str:
        found = [each.sentence for each in product.shop.alerts.open() if each.name == UNIQUE_ALERT]
        return found[0] if found else ""

    return sentence


@pytest.fixture
def aged(product):
    """Let parts of the directory have been read so many minutes ago."""

    def age(minutes: int, *parts: str) -> None:
        for part in parts or PARTS:
            kept = json.loads(product.redis.hget(keys.DIRECTORY, part))
            kept.pop("sum", None)  # it would not fit any more
            kept["at"] -= minutes * 60_000
            product.redis.hset(keys.DIRECTORY, part, json.dumps(kept))

    age(1)
    return age


def test_what_changed_at_the_vendors_is_there_after_the_job(product):
    product.aircall.office.tags[99] = {**next(iter(product.aircall.office.tags.values())), "id": 99}
    product.hubspot.portal.owners.clear()
    refresh_all()
    now = product.shop.directory.read()
    assert 99 in now.tags
    assert now.owners == ()


def test_a_part_is_read_alone(product):
    before = product.shop.directory.read().read_at
    asked = len(product.hubspot.requests)
    refresh_part("tags")
    after = product.shop.directory.read().read_at
    assert {part for part in after if after[part] != before[part]} <= {"tags"}
    assert product.aircall.requests[-1].path == "/v1/tags"
    assert len(product.hubspot.requests) == asked


def test_a_part_that_is_none_of_ours_asks_nobody(product):
    asked = len(product.hubspot.requests) + len(product.aircall.requests)
    refresh_part("secrets")
    assert len(product.hubspot.requests) + len(product.aircall.requests) == asked


def test_a_vendor_that_refuses_leaves_its_part_as_it_was(product):
    before = product.shop.directory.read()
    product.aircall.fault("503", times=None)
    refresh_all()
    after = product.shop.directory.read()
    assert after.numbers == before.numbers
    assert after.read_at["owners"] >= before.read_at["owners"]


def test_requests_of_the_job_are_counted(product, redis_client):
    redis_client.delete("ah:requests")
    refresh_part("tags")
    assert redis_client.hgetall("ah:requests") == {b"aircall|200": b"1"}


def test_a_portal_that_allows_no_unique_property_is_said_and_resolved(product, alert, aged):
    refresh_all()
    assert alert() == ""
    product.hubspot.switches.no_unique_on = ("calls",)
    del product.hubspot.portal.properties["calls"]["aircall_id"]
    aged(61)
    refresh_all()
    assert "on calls:" in alert()
    product.hubspot.switches.no_unique_on = ()
    queue(product.redis, BACKGROUND).empty()
    # While something is wrong, the next look of all reads it again.
    refresh_all()
    assert alert() == ""


def test_that_is_said_as_well_of_what_a_drain_found_out(product, alert):
    product.shop.directory.write("unique", {"calls": False, "contacts": True})
    product.hubspot.switches.no_unique_on = ("calls",)
    product.hubspot.fault("503", path="*/properties/*", times=None)
    refresh_all()
    assert "on calls:" in alert()


def test_the_set_up_of_the_portal_is_read_hourly_and_the_rest_each_time(product, aged):
    aged(55)
    read_at = product.shop.directory.read().read_at
    with product.asking() as asked:
        refresh_all()
    now = product.shop.directory.read().read_at
    assert {part for part in PARTS if now[part] != read_at[part]} == set(OFTEN)
    assert len(asked) == 3  # owners, archived owners, outcomes
    aged(10, *SET_UP)
    refresh_all()
    later = product.shop.directory.read().read_at
    assert all(later[part] > read_at[part] for part in SET_UP)
    assert later["pipelines"] < now["owners"]


def test_a_set_up_that_was_never_read_is_read_at_once(product):
    product.redis.hdel(keys.DIRECTORY, "properties", "unique")
    refresh_all()
    assert product.shop.directory.read().complete


def test_a_slow_vendor_is_asked_in_slices_and_the_rest_is_read_after_the_others(
    product, aged, monkeypatch
):
    enqueue(product.redis, BACKGROUND, "another.job")
    monkeypatch.setattr(slices, "LONGEST", 0.0)
    refresh_all()
    jobs = queue(product.redis, BACKGROUND)
    first, successor = (jobs.fetch_job(id_) for id_ in jobs.job_ids)
    assert first.func_name == "another.job"
    assert successor.func_name == room.JOB
    began = int(successor.args[0])
    read_at = product.shop.directory.read().read_at
    assert [part for part in OFTEN if read_at[part] >= began] == ["numbers"]
    jobs.empty()
    monkeypatch.undo()
    monkeypatch.setattr(room, "workshop", lambda: product.shop)
    monkeypatch.setattr(slices, "workshop", lambda: product.shop)
    since = len(product.aircall.requests)
    refresh_all(*successor.args)
    read_at = product.shop.directory.read().read_at
    assert all(read_at[part] >= began for part in OFTEN)
    assert "/v1/numbers" not in [each.path for each in product.aircall.requests[since:]]
    assert jobs.count == 0


def test_whoever_waits_for_the_look_finds_all_of_it_done(product, aged):
    enqueue(product.redis, BACKGROUND, "another.job")
    before = product.shop.directory.read().read_at
    refresh_all()
    after = product.shop.directory.read().read_at
    assert all(after[part] > before[part] for part in OFTEN)


def test_a_vendor_that_does_not_answer_is_not_tried_for_ever(product, aged, monkeypatch):
    product.aircall.fault("503", times=None)
    product.hubspot.fault("503", times=None)
    monkeypatch.setattr(slices, "LONGEST", 0.0)
    enqueue(product.redis, BACKGROUND, "another.job")
    refresh_all()
    jobs = queue(product.redis, BACKGROUND)
    assert [jobs.fetch_job(id_).func_name for id_ in jobs.job_ids] == ["another.job"]


def test_a_change_of_the_settings_is_looked_at_without_asking_anybody(product):
    product.shop.alerts.raise_("number gone 5", "It is gone.", {"number": "5"})
    asked = len(product.hubspot.requests) + len(product.aircall.requests)
    look_again()
    assert product.alerts() == {}
    assert len(product.hubspot.requests) + len(product.aircall.requests) == asked
