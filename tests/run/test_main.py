"""What a person reads whose start is impossible, and the exit code a supervisor sees."""

import subprocess
import sys

import pytest

from tests.patience import until
from tests.run.starting import ACCOUNTS, REPOSITORY


def ended(run) -> tuple[int, str]:
    return run.code(), run.text()


def test_a_missing_token_is_one_sentence_and_exit_2(start_run):
    left = {**ACCOUNTS, "HUBSPOT_ACCESS_TOKEN": ""}
    assert ended(start_run(**left)) == (
        2,
        "error: HUBSPOT_ACCESS_TOKEN is missing. Set what is missing in the environment or in "
        ".env (.env.example explains each name), or unset all tokens to start the sandbox.\n",
    )


@pytest.mark.parametrize("arguments", [(), ("intake",), ("worker",), ("sync",), ("clock",)])
def test_every_process_refuses_a_bad_settings_file_alike(start_run, arguments):
    (start_run.folder / "settings.toml").write_text("[limits]\naircal = 60\n")
    assert ended(start_run(*arguments, **ACCOUNTS)) == (
        2,
        f"error: {start_run.folder / 'settings.toml'}: there is no key limits.aircal "
        "(did you mean limits.aircall?).\n",
    )


@pytest.mark.parametrize("arguments", [(), ("intake",), ("worker",), ("sync",), ("clock",)])
def test_a_contradiction_in_the_defaults_is_said_once_before_anything_starts(start_run, arguments):
    file = start_run.folder / "settings.toml"
    file.write_text('[defaults]\nenabled = true\n[defaults.tickets.stages]\ninbound_missed = "1"\n')
    assert ended(start_run(*arguments, procfile="a: b", **ACCOUNTS)) == (
        2,
        f"error: {file}: defaults.enabled: Choose at least one number before you enable the "
        "integration. defaults.tickets.stages.inbound_missed: Choose a pipeline before you choose "
        "a stage of it.\n",
    )
    assert not (start_run.folder / "data").exists()


@pytest.mark.parametrize("arguments", [(), ("intake",)])
def test_a_redis_that_is_not_there_ends_the_start(start_run, arguments):
    url = "redis://:hunter2@127.0.0.1:1/0"
    assert ended(start_run(*arguments, procfile="a: b", **ACCOUNTS, REDIS_URL=url)) == (
        2,
        "error: Could not connect to Redis at redis://127.0.0.1:1/0. Is it running? "
        "(Error 111 connecting to 127.0.0.1:1. Connection refused.)\n",
    )


def test_a_single_process_without_its_embedded_redis_says_so(start_run):
    code, text = ended(start_run("clock", **ACCOUNTS))
    assert code == 2
    assert text.startswith("error: Could not connect to Redis at unix://")


def test_a_weaker_redis_is_said_at_start(start_run, redis_client, redis_server):
    redis_client.config_set("appendfsync", "everysec")
    try:
        run = start_run(**ACCOUNTS, REDIS_URL=redis_server.url)
        until(lambda: "up to one second of accepted events may be lost" in run.text())
    finally:
        redis_client.config_set("appendfsync", "always")


def test_a_start_imports_nothing_of_the_rooms_it_starts():
    # A room that fails to import leaves the rest alive, and Redis is back at once.
    rooms = ("worker", "sync", "bot", "clients", "sandbox", "requests", "slack_bolt")
    program = f"import run.__main__, sys; print([m for m in sys.modules if m.startswith({rooms})])"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_an_unknown_process_is_answered_with_those_there_are(start_run):
    assert ended(start_run("wroker")) == (
        2,
        "error: There is no process 'wroker'. There are: intake, bot, worker, sync, clock, "
        "sandbox, day, redis, repair, backup, restore, setup, doctor.\n",
    )


def test_the_small_day_is_never_sent_to_a_real_account(start_run, redis_server):
    code, text = ended(start_run("day", **ACCOUNTS, REDIS_URL=redis_server.url))
    assert code == 2
    assert "for the sandbox only" in text


def test_repair_of_a_folder_without_a_store_does_not_call_it_sound(start_run):
    assert ended(start_run("repair", **ACCOUNTS)) == (
        0,
        f"There is no append-only file in {start_run.folder / 'data'}; nothing was changed.\n",
    )
