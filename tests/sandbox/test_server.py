import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from tests.patience import PATIENCE

HEADERS = {"Authorization": "Bearer sandbox-hubspot-token"}
CLAIRE = "/crm/objects/2026-09/contacts/12345"


@pytest.fixture
def session():
    with requests.Session() as session:
        session.headers.update(HEADERS)
        session.trust_env = False
        yield session


def test_all_worlds_answer_over_http(served, session):
    assert session.get(served.hubspot.url + CLAIRE).json()["id"] == "12345"
    answer = requests.get(
        served.aircall.url + "/v1/ping", auth=("sandbox-id", "sandbox-token"), timeout=PATIENCE
    )
    assert answer.json() == {"ping": "pong"}
    headers = {"Authorization": "Bearer xoxb-sandbox-bot-token"}
    answer = requests.post(served.slack.url + "/api/auth.test", headers=headers, timeout=PATIENCE)
    assert answer.json()["team_id"] == "T0SANDBOX"


def test_query_is_decoded(served):
    answer = requests.get(
        served.aircall.url + "/v1/contacts/search",
        params={"phone_number": "+33199004567"},
        auth=("sandbox-id", "sandbox-token"),
        timeout=PATIENCE,
    )
    assert answer.json()["meta"]["total"] == 1


def test_connection_is_kept_alive(served):
    connection = http.client.HTTPConnection("127.0.0.1", served.hubspot.port, timeout=PATIENCE)
    sockets = set()
    for _ in range(3):
        connection.request("GET", CLAIRE, headers=HEADERS)
        assert connection.getresponse().read()
        sockets.add(connection.sock)
    connection.close()
    assert len(sockets) == 1
    assert None not in sockets


def test_many_threads_make_each_record_once(served):
    def create(at):
        body = {"properties": {"hs_timestamp": "1", "hs_call_title": str(at)}, "associations": []}
        url = served.hubspot.url + "/crm/objects/2026-09/calls"
        return requests.post(url, json=body, headers=HEADERS, timeout=PATIENCE).json()["id"]

    with ThreadPoolExecutor(8) as threads:
        ids = list(threads.map(create, range(80)))
    assert len(set(ids)) == 80
    titles = {
        one["properties"]["hs_call_title"] for one in served.hubspot.world.dump()["calls"].values()
    }
    assert titles == {str(at) for at in range(80)}


@pytest.mark.parametrize("kind", ["reset", "reset_after", "timeout", "timeout_after"])
def test_client_sees_a_broken_connection(served, session, kind):
    served.hubspot.world.fault(kind, hold=0.01)
    with pytest.raises(requests.ConnectionError):
        session.get(served.hubspot.url + CLAIRE, timeout=PATIENCE)


def test_timeout_is_longer_than_the_clients_patience(served, session):
    served.hubspot.world.fault("timeout", hold=30)
    # When the silence ends the connection is reset, and that is another error.
    with pytest.raises(requests.ReadTimeout):
        session.get(served.hubspot.url + CLAIRE, timeout=(PATIENCE, 0.1))


def test_cut_answer_ends_in_the_middle(served, session):
    served.hubspot.world.fault("cut")
    with pytest.raises((requests.exceptions.ChunkedEncodingError, requests.ConnectionError)):
        session.get(served.hubspot.url + CLAIRE, timeout=PATIENCE).json()


def test_trickled_answer_arrives_whole_but_late(served, session):
    served.hubspot.world.fault("trickle", hold=0.001)
    began = time.monotonic()
    answer = session.get(served.hubspot.url + CLAIRE, timeout=PATIENCE)
    assert answer.json()["id"] == "12345"
    assert time.monotonic() - began >= 0.001 * (len(answer.content) - 1)


def test_ready_delay_is_waited_for(served, session):
    served.hubspot.world.ready_delay = 0.1
    began = time.monotonic()
    session.get(served.hubspot.url + CLAIRE, timeout=PATIENCE)
    assert time.monotonic() - began >= 0.1


def test_204_has_no_body_and_the_connection_goes_on(served, session):
    assert session.delete(served.hubspot.url + CLAIRE).status_code == 204
    assert session.get(served.hubspot.url + CLAIRE).status_code == 404


def test_chunked_request_is_refused(served, session):
    answer = session.post(served.hubspot.url + CLAIRE, data=iter([b"a"]))
    assert answer.status_code == 411


def control(served, method, what, body=None, **query):
    url = f"{served.hubspot.url}/_sandbox/{what}"
    return requests.request(method, url, json=body, params=query, timeout=PATIENCE)


def test_side_door_shows_state_and_requests(served, session):
    session.get(served.hubspot.url + CLAIRE)
    session.get(served.hubspot.url + "/nowhere")
    state = control(served, "GET", "state").json()
    assert state["objects"]["contacts"]["12345"]["associations"] == {"companies": ["8001"]}
    assert state["owners"]["11349275740"] == "Jeanne Martin"
    assert state["outcomes"]["f240bbac-87c9-4f6e-bf70-924b57d47db7"] == "Connected"
    assert len(state["surprises"]) == 1
    log = control(served, "GET", "requests").json()
    assert [one["status"] for one in log["requests"]] == [200, 404]
    assert log["counts"][f"GET {CLAIRE}"] == 1
    assert len(control(served, "GET", "requests", last=1).json()["requests"]) == 1


def test_side_door_meddles_like_a_person(served, session):
    world = served.hubspot.world
    values = {"firstname": "Clara"}
    for what, body in (
        ("edit", {"kind": "contacts", "id_": "12345", "values": values}),
        ("delete", {"kind": "contacts", "id_": "12346"}),
        ("delete", {"kind": "stages", "id_": "158001", "inside": "81234567"}),
        ("merge", {"kind": "contacts", "winner": "12351", "loser": "12352"}),
        ("seed", {"contacts": [{"firstname": "Seeded"}]}),
        ("set", {"search_lag": 2.5, "missing_scopes": ["tickets"], "ready_delay": 0}),
        ("limits", {"burst": 1}),
    ):
        assert control(served, "POST", what, body).status_code == 204, what
    contacts = world.dump()["contacts"]
    assert contacts["12345"]["properties"]["firstname"] == "Clara"
    assert contacts["12346"]["archived"]
    assert "12352" not in contacts
    assert contacts["20001"]["properties"]["firstname"] == "Seeded"
    assert world.switches.search_lag == 2.5
    assert world.switches.missing_scopes == {"tickets"}
    statuses = [session.get(served.hubspot.url + CLAIRE).status_code for _ in range(2)]
    assert statuses == [200, 429]
    assert control(served, "POST", "reset").status_code == 204
    assert world.dump()["contacts"]["12345"]["properties"]["firstname"] == "Claire"


def test_side_door_arms_and_clears_faults(served, session):
    control(served, "POST", "faults", {"add": {"kind": "503", "times": None}})
    assert session.get(served.hubspot.url + CLAIRE).status_code == 503
    control(served, "POST", "faults", {"clear": True, "chaos": {"rate": 0.0}})
    assert session.get(served.hubspot.url + CLAIRE).status_code == 200


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("nothing", {}),
        ("edit", {"kind": "contacts", "id_": "1", "values": {}}),
        ("set", {"nobody": 1}),
        ("faults", {"add": {"kind": "earthquake"}}),
        ("limits", {"monthly": 1}),
    ],
)
def test_side_door_refuses_nonsense_with_a_sentence(served, what, body):
    answer = control(served, "POST", what, body)
    assert answer.status_code == 400
    assert answer.json()["message"]
    assert served.hubspot.world.surprises == []


def test_resets_are_cheap(served):
    """No server starts anew and the seed is not made anew: some hundred calls are enough."""
    calls = []
    before = sys.getprofile()
    sys.setprofile(lambda frame, what, _: what == "call" and calls.append(frame.f_code.co_name))
    try:
        served.reset()
    finally:
        sys.setprofile(before)
    assert 0 < len(calls) < 300


def test_sandbox_runs_as_a_process_until_sigterm():
    ports = ("--hubspot-port", "--aircall-port", "--slack-port")
    command = [sys.executable, "-m", "sandbox", *(word for port in ports for word in (port, "0"))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        lines = [process.stdout.readline() for _ in ports]
        urls = [re.search(r"http://\S+", line)[0] for line in lines]
        assert requests.get(urls[0] + "/_sandbox/state", timeout=PATIENCE).status_code == 200
        assert requests.get(urls[1] + "/v1/ping", timeout=PATIENCE).status_code == 401
        answer = requests.post(urls[2] + "/api/auth.test", timeout=PATIENCE)
        assert answer.json() == {"ok": False, "error": "not_authed"}
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(PATIENCE) == 0


def test_taken_port_is_said_in_a_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "sandbox", "--hubspot-port", port]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    assert done.returncode == 2
    assert done.stderr.startswith("error: the sandbox could not listen")
