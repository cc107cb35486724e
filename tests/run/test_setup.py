"""`make setup`: what is asked, tried and written."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from dotenv import dotenv_values

from run.setup import link
from sandbox.server import Sandbox
from sandbox.slack.workspace import APP_TOKEN, BOT_TOKEN
from settings.environment import load_environment

ROOT = Path(__file__).parents[2]
GOOD = (BOT_TOKEN, APP_TOKEN, "sandbox-id", "sandbox-token", "sandbox-hubspot-token")


@pytest.fixture(scope="module")
def vendors():
    with Sandbox() as sandbox:
        yield {
            "SLACK_BASE_URL": f"{sandbox.slack.url}/api/",
            "AIRCALL_BASE_URL": sandbox.aircall.url,
            "HUBSPOT_BASE_URL": sandbox.hubspot.url,
        }


@pytest.fixture
def answer(tmp_path, vendors):
    """Run it in an empty folder, typing these lines."""

    def run(*lines: str, **more: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SLACK_")}
        return subprocess.run(
            [sys.executable, "-m", "run", "setup"],
            input="".join(f"{line}\n" for line in lines),
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**kept, "PYTHONPATH": str(ROOT), **vendors, **more},
            timeout=60,
            check=False,
        )

    return run


def test_good_tokens_are_tried_and_written_for_their_owner_alone(answer, tmp_path):
    told = answer("socket", *GOOD, "https://phone.example.com")
    assert told.returncode == 0, told.stderr
    assert told.stdout.count("✓") == 4
    assert "for the workspace" in told.stdout
    assert "for the company" in told.stdout
    assert "for the portal" in told.stdout
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
    environment = load_environment({}, tmp_path / ".env")
    assert environment.slack.bot_token.get_secret_value() == BOT_TOKEN
    assert environment.network.public_url == "https://phone.example.com"
    assert not environment.sandbox


def test_no_token_is_repeated_on_the_screen(answer):
    told = answer("socket", *GOOD, "")
    for secret in (BOT_TOKEN, APP_TOKEN, "sandbox-token", "sandbox-hubspot-token"):
        assert secret not in told.stdout + told.stderr


def test_a_refused_token_is_asked_for_again(answer, tmp_path):
    told = answer("socket", "xoxb-wrong", *GOOD, "")
    assert "✗ Slack refuses our bot token" in told.stdout
    assert dotenv_values(tmp_path / ".env")["SLACK_BOT_TOKEN"] == BOT_TOKEN


def test_a_refused_token_given_twice_is_kept(answer, tmp_path):
    answer("socket", "xoxb-wrong", "xoxb-wrong", *GOOD[1:], "")
    assert dotenv_values(tmp_path / ".env")["SLACK_BOT_TOKEN"] == "xoxb-wrong"


def test_a_vendor_that_is_away_leaves_the_token_untried_and_kept(answer, tmp_path):
    told = answer("socket", *GOOD, "", HUBSPOT_BASE_URL="http://127.0.0.1:9")
    assert "it could not be tried, and is kept" in told.stdout
    assert dotenv_values(tmp_path / ".env")["HUBSPOT_ACCESS_TOKEN"] == GOOD[-1]


def test_an_empty_answer_keeps_what_is_there_and_the_rest_of_the_file(answer, tmp_path):
    (tmp_path / ".env").write_text("# ours\nBOT_PORT=3100\nSLACK_BOT_TOKEN=" + BOT_TOKEN + "\n")
    told = answer("", "", *GOOD[1:], "")
    assert told.returncode == 0, told.stdout
    text = (tmp_path / ".env").read_text()
    assert "# ours\nBOT_PORT=3100\n" in text
    assert dotenv_values(tmp_path / ".env")["SLACK_BOT_TOKEN"] == BOT_TOKEN
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600


def test_an_end_in_the_middle_writes_nothing(answer, tmp_path):
    told = answer("socket", BOT_TOKEN)
    assert told.returncode == 1
    assert "nothing was written" in told.stdout
    assert not (tmp_path / ".env").exists()


def test_http_mode_asks_for_the_signing_secret(answer, tmp_path):
    told = answer(
        "http", "https://bot.example.org/", GOOD[0], "no secret", "ab" * 16, *GOOD[2:], ""
    )
    assert told.returncode == 0, told.stdout
    assert "✗ a signing secret has 32 characters" in told.stdout
    assert "bot.example.org%2Fslack%2Fevents" in told.stdout
    assert load_environment({}, tmp_path / ".env").slack.signing_secret is not None


@pytest.mark.parametrize("mode", ["socket", "http"])
def test_the_link_carries_the_manifest(mode):
    query = parse_qs(urlsplit(link(mode, "https://bot.example.org/")).query)
    manifest = yaml.safe_load(query["manifest_yaml"][0])
    assert manifest["settings"]["socket_mode_enabled"] is (mode == "socket")
    command = manifest["features"]["slash_commands"][0]
    assert command.get("url") == (
        None if mode == "socket" else "https://bot.example.org/slack/events"
    )


def test_a_folder_that_cannot_be_written_is_one_sentence(answer, tmp_path):
    (tmp_path / ".env").mkdir()
    told = answer("socket", *GOOD, "")
    assert told.returncode == 2
    assert "Traceback" not in told.stderr
