"""The door as a process: it answers, and SIGTERM ends it with 0."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from run import supervisor
from settings.errors import StartupError
from store.connection import TIMEOUT
from tests.patience import PATIENCE, until
from tests.worker.intake.door import TOKEN, event, head, stored
from worker.intake.server import GRACE, listen

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
def process(request, redis_client, redis_server, sandbox, tmp_path):
    if getattr(request, "param", None) == "aircall hangs":
        sandbox.aircall.world.fault("timeout", times=None, hold=30)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (tmp_path / "settings.toml").write_text("")
    log = (tmp_path / "log").open("wb")
    started = subprocess.Popen(
        [sys.executable, "-m", "run", "intake"],
        cwd=tmp_path,
        stdout=log,
        stderr=log,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(REPOSITORY),
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_APP_TOKEN": "xapp-1",
            "AIRCALL_API_ID": "sandbox-id",
            "AIRCALL_API_TOKEN": "sandbox-token",
            "AIRCALL_WEBHOOK_TOKEN": TOKEN,
            "HUBSPOT_ACCESS_TOKEN": "pat-1",
            "AIRCALL_BASE_URL": sandbox.aircall.url,
            "HUBSPOT_BASE_URL": sandbox.hubspot.url,
            "REDIS_URL": redis_server.url,
            "DATA_DIR": str(tmp_path),
            "INTAKE_PORT": str(port),
        },
    )
    started.port, started.url = port, f"http://127.0.0.1:{port}"

    def ready() -> bool:
        assert started.poll() is None, (tmp_path / "log").read_text()
        try:
            return requests.get(f"{started.url}/readyz", timeout=PATIENCE).status_code == 200
        except requests.ConnectionError:
            return False

    until(ready)
    yield started
    started.kill()
    started.wait()
    log.close()


def ends_with_0(process) -> None:
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0


def test_a_door_gives_open_requests_less_time_than_its_supervisor_gives_it():
    assert GRACE + TIMEOUT < supervisor._STOP_SECONDS


def test_sigterm_ends_the_door_with_0_though_somebody_has_sent_half_a_request(
    process, redis_client
):
    answer = requests.post(
        f"{process.url}/aircall/webhook",
        json={**event("call.ended", 1), "token": TOKEN},
        timeout=PATIENCE,
    )
    assert (answer.status_code, len(stored(redis_client, "call-1"))) == (200, 1)
    with socket.create_connection(("127.0.0.1", process.port)) as wire:
        wire.sendall(head(length=100) + b"{")
        ends_with_0(process)


def test_the_door_tells_where_it_is_and_nothing_of_what_strangers_send(process, tmp_path):
    with socket.create_connection(("127.0.0.1", process.port)) as wire:
        wire.sendall(b"HELLO\r\n\r\n")
        assert wire.recv(100).startswith(b"HTTP/1.1 400")
    ends_with_0(process)
    (line,) = (tmp_path / "log").read_text().splitlines()
    assert json.loads(line)["at"] == f"{process.url}/aircall/webhook"


@pytest.mark.parametrize("process", ["aircall hangs"], indirect=True)
def test_sigterm_ends_the_door_with_0_while_aircall_hangs_and_redis_is_silent(
    process, redis_client, sandbox
):
    until(lambda: sandbox.aircall.world.count("GET", "/v1/webhooks") == 1)
    redis = redis_client.info("server")["process_id"]
    os.kill(redis, signal.SIGSTOP)
    try:
        ends_with_0(process)
    finally:
        os.kill(redis, signal.SIGCONT)


def test_an_address_that_is_taken_ends_the_start_with_a_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        words = rf"port {port} \(Address already in use\)\. .*set HOST and INTAKE_PORT"
        with pytest.raises(StartupError, match=words):
            listen("127.0.0.1", port)
