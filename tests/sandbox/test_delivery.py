"""Aircall's deliveries: through active webhooks, again while they fail, switched off at last."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar

import pytest
import requests

from sandbox.aircall.delivery import FAILURES
from sandbox.aircall.webhooks import SEEDED_ID, SEEDED_TOKEN
from sandbox.aircall.world import AircallWorld
from sandbox.server import Sandbox
from sandbox.traffic import call_events, message_events, number_event
from tests.patience import PATIENCE, until

START = 1_790_000_000
HOUR = 3600


class Door(BaseHTTPRequestHandler):
    got: ClassVar[list[Any]] = []
    answers: ClassVar[list[int]] = []

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status = Door.answers.pop(0) if Door.answers else 200
        if 200 <= status < 300:
            Door.got.append(body)
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def door() -> Iterator[str]:
    Door.got, Door.answers = [], []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/aircall/webhook"
    server.shutdown()
    server.server_close()


@pytest.fixture
def hands():
    class Hands:
        now = float(START)

        def __call__(self):
            return self.now

    return Hands()


@pytest.fixture
def world(hands, door) -> AircallWorld:
    world = AircallWorld(hands)
    world.deliveries.door = door
    return world


def events(count=1):
    """Deliveries of as many messages."""
    return [
        event
        for n in range(count)
        for event in message_events(f"m-{n}", "inbound", start=START, phone="+33199004567")
    ]


def seeded(world):
    return world.office.webhooks[SEEDED_ID]


def test_what_happens_is_told_with_the_webhooks_own_token_and_is_in_the_api(world):
    told = call_events(7, "inbound_answered", start=START, phone="+33199004567", token="other")
    assert world.happen(told) == {200: len(told)}
    assert [one["event"] for one in Door.got] == [one["event"] for one in told]
    assert {one["token"] for one in Door.got} == {SEEDED_TOKEN}
    assert world.office.calls[7]["status"] == "done"


def test_each_active_webhook_that_leads_here_is_told_and_no_other(world):
    hook = seeded(world)
    for id_, url, active in (
        ("second", "https://other.example.com/aircall/webhook/", True),
        ("elsewhere", "https://other.example.com/another/path", True),
        ("off", "https://other.example.com/aircall/webhook", False),
    ):
        made = {**hook, "webhook_id": id_, "url": url, "active": active, "token": id_}
        world.office.webhooks[id_] = made
    assert world.happen(events()) == {200: 2}
    assert sorted(one["token"] for one in Door.got) == [SEEDED_TOKEN, "second"]


def test_a_webhook_is_told_only_of_the_events_it_is_registered_for(world):
    seeded(world)["events"] = ["number.closed"]
    assert world.happen([*events(), number_event("closed", 1001, START)]) == {200: 1}
    assert [one["event"] for one in Door.got] == ["number.closed"]
    assert world.deliveries.state()["lost"] == ["message.received"]


def test_without_a_webhook_nobody_is_told_and_the_call_is_there_all_the_same(world):
    world.office.webhooks.clear()
    told = call_events(7, "inbound_missed", start=START, phone="+33199004567")
    assert world.happen(told) == {}
    assert world.office.calls[7]
    assert Door.got == []


def test_what_failed_comes_again_later_and_later(world, hands):
    Door.answers = [503, 500, 200]
    assert world.happen(events()) == {503: 1}
    world.deliveries.retry()
    assert Door.got == []
    for pause in (1, 2):
        hands.now += pause
        world.deliveries.retry()
    assert len(Door.got) == 1
    assert world.deliveries.state() == {"pending": [], "lost": [], "failures": {SEEDED_ID: 0}}


def test_ten_failures_in_a_row_switch_it_off_and_what_happens_then_is_lost(world):
    Door.answers = [500] * 20
    world.happen(events(FAILURES - 1))
    assert seeded(world)["active"]
    world.happen(events(1))
    assert not seeded(world)["active"]
    assert world.happen(events(3)) == {}
    assert len(world.deliveries.lost) == 3
    assert len(world.deliveries.pending) == FAILURES


def test_a_success_in_between_begins_the_count_anew(world):
    Door.answers = [*[500] * 9, 200, *[500] * 9]
    world.happen(events(19))
    assert seeded(world)["active"]


def test_one_success_within_twelve_hours_switches_it_on_again(world, hands):
    Door.answers = [500] * FAILURES
    world.happen(events(FAILURES))
    hands.now += HOUR
    world.deliveries.retry()
    assert seeded(world)["active"]
    assert len(Door.got) == FAILURES


def test_after_twelve_hours_it_stays_off_and_all_is_lost(world, hands):
    world.deliveries.reachable = False
    assert world.happen(events(FAILURES)) == {0: FAILURES}
    world.deliveries.reachable = True
    hands.now += 12 * HOUR + 1
    world.deliveries.retry()
    assert Door.got == []
    assert not seeded(world)["active"]
    assert len(world.deliveries.lost) == FAILURES


def test_switched_on_by_the_api_it_begins_anew(world, hands):
    Door.answers = [500] * FAILURES
    world.happen(events(FAILURES))
    seeded(world)["active"] = True
    assert world.happen(events(1)) == {200: 1}
    assert world.deliveries.state()["failures"] == {SEEDED_ID: 0}


def test_what_a_person_switched_off_or_removed_is_sent_to_no_more(world, hands):
    Door.answers = [500] * 2
    world.happen(events(1))
    seeded(world)["active"] = False
    hands.now += 5
    world.deliveries.retry()
    assert Door.got == []
    seeded(world)["active"] = True
    world.happen(events(1))
    world.office.webhooks.clear()
    hands.now += 5
    world.deliveries.retry()
    assert Door.got == []
    assert len(world.deliveries.lost) == 2


def test_a_side_door_makes_an_outage_and_ends_it(door):
    with Sandbox(door=door) as sandbox:
        side = f"{sandbox.aircall.url}/_sandbox/"

        def post(what, body):
            answer = requests.post(side + what, json=body, timeout=PATIENCE)
            assert answer.ok, answer.text
            return answer

        post("set", {"reachable": False, "first_pause": 0.01})
        answers = post("happen", {"events": events(FAILURES)}).json()["answers"]
        assert answers == {"0": FAILURES}
        state = requests.get(side + "state", timeout=PATIENCE).json()
        assert not state["webhooks"][0]["active"]
        assert len(state["deliveries"]["pending"]) == FAILURES
        post("set", {"reachable": True})

        def active():
            return requests.get(side + "state", timeout=PATIENCE).json()["webhooks"][0]["active"]

        until(active)
        post("reset", {})
    assert Door.got


def test_reset_forgets_what_waits_and_keeps_where_the_door_is(world, door):
    world.deliveries.reachable = False
    world.happen(events(3))
    world.reset()
    assert world.deliveries.state() == {"pending": [], "lost": [], "failures": {}}
    assert world.happen(events(1)) == {200: 1}
