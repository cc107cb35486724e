"""`make doctor`: one table, one exit code, though half of the world is away."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.server import Sandbox
from sandbox.slack.workspace import APP_TOKEN, BOT_TOKEN, CALLS
from sync.checks.slack import SCOPES

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def doctor(sandbox, redis_server, redis_client, tmp_path):
    """Run it against the stand-ins, in an empty folder; `more` changes the environment."""
    sandbox.reset()
    sandbox.slack.world.grant(*SCOPES)
    settings = tmp_path / "settings.toml"
    settings.write_text(
        f'[slack]\nchannel = "{CALLS}"\n[defaults]\nnumbers = "all"\nenabled = true\n'
    )

    def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        variables = {
            "SLACK_BASE_URL": f"{sandbox.slack.url}/api/",
            "AIRCALL_BASE_URL": sandbox.aircall.url,
            "HUBSPOT_BASE_URL": sandbox.hubspot.url,
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "AIRCALL_API_ID": "sandbox-id",
            "AIRCALL_API_TOKEN": "sandbox-token",
            "HUBSPOT_ACCESS_TOKEN": "sandbox-hubspot-token",
            "REDIS_URL": redis_server.url,
            "SETTINGS_FILE": str(settings),
            "PYTHONPATH": str(ROOT),
            **more,
        }
        return subprocess.run(
            [sys.executable, "-m", "run", "doctor", *arguments],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**os.environ, **variables},
            timeout=60,
            check=False,
        )

    return run


def findings(told: subprocess.CompletedProcess[str]) -> dict[str, str]:
    return {each["check"]: each["state"] for each in json.loads(told.stdout)["findings"]}


def test_it_tells_every_subject_and_how_to_mend_what_is_wrong(doctor):
    told = doctor()
    assert "Slack takes the bot token" in told.stdout
    assert "These unique properties are not there" in told.stdout
    assert "→ They are made at the start" in told.stdout
    assert told.returncode == 0, told.stdout + told.stderr


def test_json_tells_the_same(doctor):
    told = doctor("--json")
    assert json.loads(told.stdout)["well"] is True
    assert set(findings(told)) >= {"redis", "slack.token", "aircall.key", "hubspot.token"}
    assert findings(told)["hubspot.unique"] == "warning"


def test_wrong_tokens_are_broken_and_the_exit_code_says_so(doctor):
    told = doctor(
        "--json",
        SLACK_BOT_TOKEN="xoxb-other",
        AIRCALL_API_TOKEN="other",
        HUBSPOT_ACCESS_TOKEN="other",
    )
    assert told.returncode == 1
    states = findings(told)
    assert {states[name] for name in ("slack.token", "aircall.key", "hubspot.token")} == {"broken"}


def test_a_redis_that_is_away_leaves_the_rest_looked_at(doctor, tmp_path):
    told = doctor("--json", REDIS_URL=f"unix://{tmp_path}/none.sock")
    assert told.returncode == 1
    states = findings(told)
    assert states["redis"] == "broken"
    assert states["hubspot.token"] == "ok"
    assert states["settings"] == "unknown"


def test_vendors_that_are_away_are_unknown(doctor):
    told = doctor(
        "--json", HUBSPOT_BASE_URL="http://127.0.0.1:9", SLACK_BASE_URL="http://127.0.0.1:9"
    )
    states = findings(told)
    assert states["hubspot.token"] == states["slack.token"] == "unknown"
    assert told.returncode == 1


def test_a_bad_environment_is_one_sentence(doctor):
    told = doctor(AIRCALL_API_ID="")
    assert told.returncode == 2
    assert told.stderr.startswith("error: AIRCALL_API_ID is missing")


def test_no_secret_is_told(doctor):
    told = doctor("--json", HUBSPOT_ACCESS_TOKEN="pat-canary-4711")
    assert "4711" not in told.stdout + told.stderr
