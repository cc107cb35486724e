import json
import socket

from run import sandbox_process
from run.day import next_steps, table
from run.parent import SUPERVISED
from settings.environment import load_environment
from tests.patience import until

SHOW = "python -c \"import os, json; print('up', json.dumps(dict(os.environ)))\""


def test_without_accounts_every_process_is_led_to_the_sandbox(start_run):
    run = start_run(procfile=f"worker: {SHOW}")
    line = until(lambda: next((x for x in run.text().splitlines() if "| up " in x), None))
    environ = json.loads(line[line.index("{") :])
    assert environ[SUPERVISED]
    environment = load_environment(environ, dotenv="nowhere")
    assert environment.sandbox
    assert environment.hubspot.access_token.get_secret_value() == "sandbox-hubspot-token"
    assert environment.hubspot.base_url.startswith("http://127.0.0.1:")
    assert environment.aircall.webhook_token.get_secret_value() == "sandbox-webhook-token"
    assert environment.places.data_dir == start_run.folder / "data" / "sandbox"
    assert environment.places.settings_file.name == "sandbox.toml"


def test_a_new_sandbox_forgets_the_old_one_but_nothing_beside_it(start_run):
    old = start_run.folder / "data" / "sandbox" / "appendonlydir"
    old.mkdir(parents=True)
    (old / "left-over").touch()
    (start_run.folder / "data" / "mine").touch()
    run = start_run(procfile=f"worker: {SHOW}")
    until((old / "appendonly.aof.manifest").exists)
    assert not (old / "left-over").exists()
    assert (start_run.folder / "data" / "mine").exists()
    run.process.terminate()
    assert run.code() == 0


def test_a_port_that_is_taken_is_not_asked_for(monkeypatch):
    environment = load_environment({}, dotenv="nowhere")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setattr(sandbox_process, "HUBSPOT_PORT", port)
        environ = sandbox_process.variables(environment)
    words = sandbox_process.command(environ, environment).words
    chosen = words[words.index("--hubspot-port") + 1]
    assert chosen != str(port)
    assert environ["HUBSPOT_BASE_URL"] == f"http://127.0.0.1:{chosen}"


def test_the_sandbox_is_told_where_the_products_door_is():
    environment = load_environment({"INTAKE_PORT": "8123"}, dotenv="nowhere")
    environ = sandbox_process.variables(environment)
    words = sandbox_process.command(environ, environment).words
    assert words[words.index("--door") + 1] == "http://127.0.0.1:8123/aircall/webhook"


def test_the_first_thing_to_do_next_is_to_open_the_page():
    first, *_ = next_steps("http://127.0.0.1:8103/api/")
    assert "http://127.0.0.1:8103/ " in first


def test_the_table_shows_what_a_person_wants_to_know():
    state = {
        "outcomes": {"out-1": "Connected"},
        "owners": {"7": "Jeanne Martin"},
        "objects": {
            "calls": {
                "2": {
                    "properties": {
                        "hs_timestamp": "2026-11-22T09:05:00Z",
                        "hs_call_title": "Inbound call",
                        "hs_call_disposition": "out-1",
                        "hubspot_owner_id": "7",
                    },
                    "associations": {"contacts": ["3"], "tickets": ["4"]},
                }
            },
            "communications": {
                "5": {
                    "properties": {
                        "hs_timestamp": "2026-11-22T08:00:00Z",
                        "hs_communication_body": "<p>Tom &amp; Ann</p>",
                    },
                    "associations": {},
                }
            },
            "contacts": {"3": {"properties": {"firstname": "Claire", "lastname": "Dubois"}}},
            "tickets": {"4": {"properties": {"subject": "Call back"}}},
        },
    }
    assert table(state) == [
        "time   activity      outcome    owner          contact        ticket",
        "08:00  Tom & Ann",
        "09:05  Inbound call  Connected  Jeanne Martin  Claire Dubois  Call back",
    ]
