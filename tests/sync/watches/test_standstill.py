"""Background jobs that stand still are said, with the reason, and said no more when they go on."""

import json

import pytest
from rq import Worker
from rq.serializers import JSONSerializer

from store import keys
from store.alerts import Alerts
from store.connection import now_ms
from store.leader import Leader
from store.operations import Operations
from store.runs import Runs
from store.schedule import Schedule
from sync.operations import JOBS
from sync.watches.standstill import ALERT, LEAST, watch_standstill
from worker.nudge import BACKGROUND, queue

JOB = "sync.pipelines.watch.look"


class Look:
    def __init__(self, client) -> None:
        self.client, self.alerts, self.runs = client, Alerts(client), Runs(client)

    def said(self) -> str:
        watch_standstill(self.client, self.alerts)
        return {each.name: each.sentence for each in self.alerts.open()}.get(ALERT, "")

    def pass_time(self, ms: int, *, beating: bool = True) -> None:
        """Let so much time pass, in which the clock beats, or stands as well."""
        for job, raw in self.client.hgetall(keys.RUNS).items():
            run = {k: v - ms if isinstance(v, int) else v for k, v in json.loads(raw).items()}
            self.client.hset(keys.RUNS, job, json.dumps(run))
        for field in ("since", *(() if beating else ("at",))):
            self.client.hincrby(keys.LEADER, field, -ms)
        Leader(self.client).lead()


@pytest.fixture
def look(redis_client):
    Schedule(redis_client).publish({JOB: 60})
    Leader(redis_client).lead()
    return Look(redis_client)


def hear_of_a_process(client) -> Worker:
    jobs = queue(client, BACKGROUND)
    worker = Worker([jobs], connection=client, serializer=JSONSerializer, name="sync-1")
    worker.register_birth()
    return worker


def test_jobs_that_run_are_no_news(look):
    look.runs.begin(JOB)
    look.runs.end(JOB)
    look.pass_time(100_000)
    assert look.said() == ""


def test_that_no_process_takes_them_up_is_said_after_three_intervals(look):
    look.runs.begin(JOB)
    look.runs.end(JOB)
    look.pass_time(LEAST - 5_000)
    assert look.said() == ""
    look.pass_time(6_000)
    assert "the process sync does not run, or hangs" in look.said()
    look.runs.begin(JOB)
    assert look.said() == ""


def test_jobs_that_never_ran_at_all_are_said(look):
    look.pass_time(LEAST + 1_000)
    assert "does not run" in look.said()


def test_a_job_that_is_passed_over_by_a_process_that_works_is_named(look, redis_client):
    hear_of_a_process(redis_client)
    look.pass_time(LEAST + 1_000)
    assert look.said().startswith(
        f"Background jobs stand still, though the process sync works: {JOB}."
    )


def test_a_process_that_was_killed_long_ago_works_no_more(look, redis_client):
    worker = hear_of_a_process(redis_client)
    redis_client.hset(worker.key, "last_heartbeat", "2020-01-01T00:00:00.000000Z")
    look.pass_time(LEAST + 1_000)
    assert "does not run" in look.said()


def test_after_the_clock_itself_stood_for_an_hour_jobs_have_time_to_begin(look):
    look.runs.begin(JOB)
    look.runs.end(JOB)
    look.pass_time(3_600_000, beating=False)
    assert look.said() == ""
    look.pass_time(LEAST + 1_000)
    assert "does not run" in look.said()


def test_a_short_interval_makes_no_haste(look, redis_client):
    Schedule(redis_client).publish({JOB: 1})
    look.pass_time(LEAST - 5_000)
    assert look.said() == ""


def test_a_daily_job_is_given_three_days(look, redis_client):
    Schedule(redis_client).publish({JOB: 86_400})
    look.pass_time(2 * 86_400_000)
    assert look.said() == ""


def test_a_job_that_fails_each_time_is_named(look):
    for ms in (0, LEAST + 1_000):
        look.pass_time(ms)
        look.runs.begin(JOB)
        look.runs.end(JOB, "It failed (KeyError): see the log of the process sync.", lasting=True)
    assert look.said().startswith(f"Background jobs fail each time: {JOB}.")
    look.runs.begin(JOB)
    look.runs.end(JOB)
    assert look.said() == ""


def test_a_job_that_fails_each_time_is_not_said_to_go_well_while_it_tries_again(look):
    for ms in (0, LEAST + 1_000):
        look.pass_time(ms)
        look.runs.begin(JOB)
        look.runs.end(JOB, "It failed (KeyError): see the log of the process sync.", lasting=True)
    look.runs.begin(JOB)
    assert look.said().startswith(f"Background jobs fail each time: {JOB}.")
    look.runs.go_on(JOB)
    assert look.said() == ""


def test_a_long_work_that_fails_each_time_is_named_while_it_is_under_way(look, redis_client):
    operations, job = Operations(redis_client), JOBS["backfill"]
    operation = operations.start("backfill", "U1", "Ada", {})
    for ms in (0, LEAST + 1_000):
        look.pass_time(ms)
        look.runs.begin(JOB)
        look.runs.end(JOB)
        look.runs.begin(job)
        look.runs.end(job, "It failed (KeyError): see the log of the process sync.", lasting=True)
    assert look.said().startswith(f"Background jobs fail each time: {job}.")
    operations.end(operation, "stopped")
    assert look.said() == ""


def test_one_failure_is_tried_again_before_anything_is_said(look):
    look.runs.begin(JOB)
    look.runs.end(JOB, "It failed (KeyError): see the log of the process sync.", lasting=True)
    assert look.said() == ""


def test_a_vendor_that_is_away_has_an_alert_of_its_own(look):
    for ms in (0, LEAST + 1_000):
        look.pass_time(ms)
        look.runs.begin(JOB)
        look.runs.end(JOB, "HubSpot does not answer")
    assert look.said() == ""


def test_a_wall_clock_that_stepped_back_raises_nothing(look, redis_client):
    look.runs.begin(JOB)
    look.runs.end(JOB)
    before = now_ms(redis_client)
    look.pass_time(-3_600_000, beating=False)
    assert look.said() == ""
    assert before <= int(redis_client.hget(keys.LEADER, "since")) <= now_ms(redis_client)
