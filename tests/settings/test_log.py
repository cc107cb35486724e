import json
import subprocess
import sys
from pathlib import Path

import pytest

from settings.environment import load_environment
from settings.log import redact, secret_forms

ENVIRON = {
    "SLACK_BOT_TOKEN": "xoxb-secret-1",
    "SLACK_APP_TOKEN": "xapp-secret-2",
    "AIRCALL_API_ID": "aircall-id-3",
    "AIRCALL_API_TOKEN": "aircall/token=4",
    "HUBSPOT_ACCESS_TOKEN": "pat-secret-5",
    "REDIS_URL": "redis://:redis-pass-6@h:1/0",
}
PROGRAM = """
import logging, sys, structlog
from settings.environment import load_environment
from settings.log import configure_log
environment = load_environment()
configure_log(environment, "worker")
log = structlog.get_logger()
{statement}
"""


def logged(statement, **variables):
    """What a process that runs `statement` writes to stderr."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(statement=statement)],
        cwd=Path(__file__).parents[2],
        env={**ENVIRON, **variables},
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    )
    assert done.stdout == ""
    return done.stderr


def test_an_event_is_one_line_of_json_with_time_level_and_process():
    event = json.loads(logged("log.info('logged', call='call-1', tries=2)"))
    assert event.pop("timestamp").endswith("Z")
    assert event == {
        "event": "logged",
        "level": "info",
        "process": "worker",
        "call": "call-1",
        "tries": 2,
    }


@pytest.mark.parametrize("log", ["log", "logging.getLogger('rq')"])
def test_a_line_of_another_thread_names_the_process_as_well(log):
    told = f"import threading; threading.Thread(target={log}.warning, args=('tried',)).start()"
    assert json.loads(logged(told))["process"] == "worker"


def test_what_strangers_send_fills_no_log():
    told = "web = logging.getLogger('uvicorn.error'); web.warning('Invalid'); web.error('broken')"
    assert [json.loads(line)["event"] for line in logged(told).splitlines()] == ["broken"]


def test_addresses_that_are_asked_stand_in_no_log_whatever_its_level():
    told = "pool = logging.getLogger('urllib3.connectionpool'); pool.debug('GET /commands/T1/key')"
    assert not logged(
        f"{told}; pool.warning('Retrying /search?phone=%2B33199004567')", LOG_LEVEL="debug"
    )


def test_text_is_chosen_by_log_format():
    line = logged("log.info('logged', call='call-1')", LOG_FORMAT="text")
    assert "level='info' process='worker' event='logged' call='call-1'\n" in line


def test_what_is_below_the_level_is_not_written():
    statement = "log.debug('a'); log.info('b'); logging.getLogger('rq').info('c'); log.error('d')"
    assert json.loads(logged(statement, LOG_LEVEL="warning"))["event"] == "d"


def test_libraries_logs_take_the_same_way():
    statement = "logging.getLogger('uvicorn').warning('with %s', 'pat-secret-5')"
    assert json.loads(logged(statement))["event"] == "with [secret]"


@pytest.mark.parametrize("log_format", ["json", "text"])
def test_a_line_break_in_a_value_makes_no_second_line(log_format):
    line = logged("log.info('x', name='a\\nforged\\r\\x1b[2J\\u2028b')", LOG_FORMAT=log_format)
    assert len(line.splitlines()) == 1
    assert "\x1b" not in line


def test_a_traceback_stays_on_its_line_and_holds_no_secret():
    statement = """
try:
    raise ValueError("refused pat-secret-5")
except ValueError:
    log.exception("failed")
"""
    line = logged(statement)
    assert len(line.splitlines()) == 1
    assert "Traceback" in line
    assert "ValueError: refused [secret]" in line


@pytest.mark.parametrize(
    "form",
    [
        *(value for value in ENVIRON.values()),
        "redis-pass-6",
        "aircall%2Ftoken%3D4",
        "YWlyY2FsbC1pZC0zOmFpcmNhbGwvdG9rZW49NA==",
    ],
)
def test_a_secret_is_redacted_in_every_spelling_and_wherever_it_stands(form):
    step = redact(secret_forms(load_environment(ENVIRON, dotenv="nowhere")))
    event = {
        "event": f"to {form}!",
        "list": [form, {"inner": (f"-{form}-",), form: 1}],
        "object": ValueError(form),
        "set": {form},
    }
    assert form not in str(step(None, "info", event))


def test_a_short_value_is_not_redacted_since_every_line_would_suffer():
    environment = load_environment({**ENVIRON, "AIRCALL_API_ID": "a"}, dotenv="nowhere")
    assert "a" not in secret_forms(environment)


def test_numbers_and_truth_stay_what_they_are():
    event = {"a": 1, "b": None, "c": True, "d": 1.5}
    assert redact(("secret",))(None, "info", dict(event)) == event
