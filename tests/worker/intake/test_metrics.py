"""What Prometheus reads: valid, each family once, and waiting exact in each state."""

import pytest
from product import Product
from prometheus_client.parser import text_string_to_metric_families

from sandbox.messages import message_events
from sandbox.traffic import call_events, number_event
from store.gaps import Gaps, Look
from store.outages import Outages
from store.runs import Runs
from sync.clock import tick
from tests.worker.intake.door import event, until

START = 1_790_000_000
PHONE = "+33199887766"


@pytest.fixture
def product(redis_client, redis_server, stand_ins, tmp_path):
    stand_ins.reset()
    product = Product(redis_server.url, tmp_path, stand_ins)
    product.start()
    return product


def waiting(door) -> float:
    return door.metric("aircall_hubspot_waiting")


def test_metrics_are_valid_and_each_family_stands_there_once(product, standing_door):
    product.log(call_events(1, "inbound_answered", start=START, phone=PHONE))
    standing_door.deliver(event("call.ended"))
    tick(product.shop)
    status, text = standing_door.ask("GET", "/metrics")
    assert status == 200
    families = [family.name for family in text_string_to_metric_families(text)]
    assert len(families) == len(set(families))
    told = [line for line in text.splitlines() if line.startswith("# TYPE ")]
    assert len(told) == len(set(told))
    assert {
        "aircall_hubspot_waiting",
        "aircall_hubspot_interactions",
        "aircall_hubspot_requests",
        "aircall_hubspot_events",
        "aircall_hubspot_intake_answers",
        "aircall_hubspot_failures",
        "aircall_hubspot_alerts",
        "aircall_hubspot_unreadable",
        "aircall_hubspot_paused",
        "aircall_hubspot_clock_beat_seconds",
        "aircall_hubspot_last_event_seconds",
    } <= set(families)
    samples = [
        (sample.name, tuple(sorted(sample.labels.items())))
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    ]
    assert len(samples) == len(set(samples))


def test_results_and_requests_are_counted_by_label(product, standing_door):
    product.log(call_events(1, "inbound_answered", start=START, phone=PHONE))
    name = 'aircall_hubspot_interactions_total{reason="inbound_answered",result="logged"}'
    text = standing_door.ask("GET", "/metrics")[1]
    assert standing_door.metric(name) == 1, text
    assert 'aircall_hubspot_requests_total{status="201",vendor="hubspot"}' in text


def test_a_paused_vendor_is_shown(product, standing_door):
    name = 'aircall_hubspot_paused{vendor="hubspot"}'
    assert standing_door.metric(name) == 0
    product.shop.limits.pause("hubspot", 60, "down")
    assert standing_door.metric(name) == 1
    assert standing_door.metric('aircall_hubspot_paused{vendor="aircall"}') == 0


def test_the_beat_of_the_clock_is_shown_in_unix_seconds(product, standing_door, redis_client):
    assert standing_door.metric("aircall_hubspot_clock_beat_seconds") == 0
    before = redis_client.time()[0]
    tick(product.shop)
    after = redis_client.time()[0] + 1
    assert before <= standing_door.metric("aircall_hubspot_clock_beat_seconds") <= after


def test_metrics_are_503_while_redis_is_gone(wired_door, wire):
    wire.set("refuse")
    assert wired_door.ask("GET", "/metrics")[0] == 503
    wire.set("pass")
    until(lambda: wired_door.ask("GET", "/metrics")[0] == 200)


def test_waiting_counts_what_has_ended_and_nothing_else(product, standing_door):
    events = call_events(1, "inbound_answered", start=START, phone=PHONE)
    unended = [each for each in events if each["event"] != "call.ended"]
    (ended,) = [each for each in events if each["event"] == "call.ended"]
    for each in unended:
        assert standing_door.deliver(each) == 200
        assert waiting(standing_door) == 0
    assert standing_door.deliver(number_event("closed", 1001, START)) == 200
    assert waiting(standing_door) == 0
    product.drain()  # the call hung up and waits for its end
    assert waiting(standing_door) == 0
    assert standing_door.deliver(ended) == 200
    assert waiting(standing_door) == 1
    for each in message_events("m-1", "inbound", start=START, phone=PHONE):
        assert standing_door.deliver(each) == 200
    assert waiting(standing_door) == 2
    product.drain()
    assert waiting(standing_door) == 0
    assert standing_door.deliver({**ended, "event": "call.tagged"}) == 200
    assert waiting(standing_door) == 1
    product.drain()
    assert waiting(standing_door) == 0


def test_what_is_parked_is_waiting_until_it_is_logged(product, standing_door):
    product.shop.limits.pause("hubspot", 60, "down")
    for each in call_events(1, "inbound_answered", start=START, phone=PHONE):
        assert standing_door.deliver(each) == 200
    product.drain()
    assert waiting(standing_door) == 1
    product.shop.limits.resume("hubspot")
    assert waiting(standing_door) == 1
    product.drain()
    assert waiting(standing_door) == 0


def test_what_waits_for_enabling_is_waiting(product, standing_door):
    for each in call_events(1, "inbound_answered", start=START, phone=PHONE):
        assert standing_door.deliver(each) == 200
    product.set(enabled=False)
    product.drain()
    assert waiting(standing_door) == 1
    product.set(enabled=True)
    tick(product.shop)
    assert waiting(standing_door) == 1
    product.drain()
    assert waiting(standing_door) == 0
    assert product.one("calls", "call-1")


def test_ignored_interactions_do_not_wait(product, standing_door):
    product.set(enabled=False)
    for each in call_events(1, "inbound_answered", start=START, phone=PHONE):
        assert standing_door.deliver(each) == 200
    product.drain()
    assert waiting(standing_door) == 0


def test_each_background_job_shows_its_last_success_its_next_call_and_its_trouble(
    product, standing_door, redis_client
):
    before = redis_client.time()[0]
    tick(product.shop)
    runs, job = Runs(redis_client), "sync.pipelines.watch.look"
    runs.begin(job)
    runs.end(job)

    def name(what: str) -> str:
        return f'aircall_hubspot_job_{what}{{job="{job}"}}'

    after = redis_client.time()[0] + 1
    assert before <= standing_door.metric(name("last_success_seconds")) <= after
    every = product.file.intervals.pipelines
    assert before <= standing_door.metric(name("next_seconds")) - every <= after
    assert standing_door.metric(name("trouble")) == 0
    runs.begin(job)
    runs.end(job, "HubSpot does not answer.")
    assert standing_door.metric(name("trouble")) == 1
    never = 'aircall_hubspot_job_last_success_seconds{job="sync.retention.prune"}'
    assert never not in standing_door.ask("GET", "/metrics")[1]


def test_whether_a_clock_leads_is_shown(product, standing_door, redis_client):
    assert standing_door.metric("aircall_hubspot_clock_leader") == 0
    tick(product.shop)
    assert standing_door.metric("aircall_hubspot_clock_leader") == 1
    redis_client.hincrby("ah:leader", "at", -60_000)
    assert standing_door.metric("aircall_hubspot_clock_leader") == 0


def test_how_far_calls_are_compared_and_what_that_found_is_told(redis_client, standing_door):
    gaps, outages = Gaps(redis_client), Outages(redis_client)
    assert standing_door.metric("aircall_hubspot_calls_compared_until_seconds") == 0.0
    look = Look(START - 60, START, ())
    outages.note("door", START * 1000, (START + 600) * 1000)
    gaps.note_found({"call-1": START, "call-2": START})
    gaps.keep(look, updated=5)
    assert standing_door.metric("aircall_hubspot_outages") == 1.0
    assert gaps.done(look)
    assert standing_door.metric("aircall_hubspot_gap_calls_found_total") == 2.0
    assert standing_door.metric("aircall_hubspot_gap_calls_updated_total") == 5.0
    assert standing_door.metric("aircall_hubspot_calls_compared_until_seconds") == START
