"""The processes of RQ: one workshop for the process and its jobs, and RQ apart from it."""

import pytest
from rq import SimpleWorker

from settings.file import SettingsFile
from store.connection import TIMEOUT
from worker import jobs
from worker.nudge import BACKGROUND, enqueue, queue


@pytest.fixture
def begun(product, monkeypatch, tmp_path):
    """Begin a process, without working; the workers that would have worked, and the workshops."""
    for name, value in product.variables.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "settings.toml").write_text("")
    monkeypatch.chdir(tmp_path)
    workers, workshops, real = [], [], jobs.open_workshop
    monkeypatch.setattr(SimpleWorker, "work", lambda worker, **_: workers.append(worker))
    monkeypatch.setattr(
        jobs, "open_workshop", lambda *how: workshops.append(real(*how)) or workshops[-1]
    )
    jobs.workshop.cache_clear()
    yield product, workers, workshops
    jobs.workshop.cache_clear()


@pytest.mark.parametrize(
    ("process", "name"), [(jobs.work_drain, "drain"), (jobs.work_background, "background")]
)
def test_a_process_opens_one_workshop_which_its_jobs_use_too(begun, process, name):
    product, workers, workshops = begun
    assert process(product.environment, SettingsFile()) == 0
    (worker,) = workers
    jobs.drain()
    assert len(workshops) == 1
    assert jobs.workshop() is workshops[0]
    assert [queue.name for queue in worker.queues] == [name]


@pytest.mark.parametrize("taken", [False, True])
def test_a_job_that_a_disk_changed_is_dropped_before_rq_would_end_with_it(begun, taken):
    product = begun[0]
    for name in ("tests.one", "tests.two"):
        enqueue(product.redis, BACKGROUND, name)
    _, damaged = queue(product.redis, BACKGROUND).job_ids
    product.redis.hset(f"rq:job:{damaged}", "status", "quEued")
    if taken:
        key = queue(product.redis, BACKGROUND).intermediate_queue_key
        product.redis.lmove("rq:queue:background", key, "RIGHT", "LEFT")
    jobs.work_background(product.environment, SettingsFile())
    assert [each.func_name for each in queue(product.redis, BACKGROUND).jobs] == ["tests.one"]
    assert not product.redis.exists(f"rq:job:{damaged}", "rq:queue:background:intermediate")


def test_rq_waits_for_jobs_for_minutes_and_the_workshop_for_redis_only_as_long_as_ever(begun):
    product, workers, workshops = begun
    jobs.work_drain(product.environment, SettingsFile())
    timeouts = [
        connection.connection_pool.connection_kwargs["socket_timeout"]
        for connection in (workers[0].connection, workshops[0].connection)
    ]
    assert timeouts[0] > 60
    assert timeouts[1] == TIMEOUT
