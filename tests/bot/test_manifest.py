"""The app's manifest asks for what the code uses, and for nothing more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from run.setup import EXAMPLE
from settings.file import SettingsFile
from sync.checks.slack import SCOPES

ROOT = Path(__file__).parents[2]
MODES = {"socket": "manifest.yaml", "http": "manifest-http.yaml"}
METHODS = {
    "auth.test": set(),
    "apps.connections.open": set(),
    "chat.postMessage": {"chat:write"},
    "chat.postEphemeral": {"chat:write"},
    "chat.update": {"chat:write"},
    "chat.delete": {"chat:write"},
    "conversations.info": {"channels:read", "groups:read"},
    "users.info": {"users:read"},
    "views.open": set(),
    "views.push": set(),
    "views.update": set(),
    "views.publish": set(),
}
"""Slack's methods -> the scopes that they need of a bot."""


def manifest(mode: str):
    return yaml.safe_load((ROOT / MODES[mode]).read_text(encoding="utf-8"))


def source() -> str:
    rooms = ("bot", "sync", "clients", "worker")
    return "\n".join(path.read_text() for room in rooms for path in (ROOT / room).rglob("*.py"))


def methods() -> set[str]:
    families = "auth|apps|chat|conversations|users|views|usergroups|reactions|files|team|pins"
    return set(re.findall(rf'"((?:{families})\.[a-zA-Z.]+)"', source()))


def test_every_method_the_code_calls_is_known_here():
    assert methods() <= set(METHODS), "say which scope the new method needs"


@pytest.mark.parametrize("mode", MODES)
def test_exactly_the_scopes_in_use_are_asked_for(mode):
    used = {"commands"}.union(*(METHODS[method] for method in methods()))
    assert set(manifest(mode)["oauth_config"]["scopes"]["bot"]) == used == set(SCOPES)


@pytest.mark.parametrize("mode", MODES)
def test_every_scope_has_its_reason_beside_it(mode):
    text = (ROOT / MODES[mode]).read_text(encoding="utf-8")
    for scope, reason in SCOPES.items():
        assert f"- {scope} # {reason}\n" in text


@pytest.mark.parametrize("mode", MODES)
def test_exactly_the_events_in_use_are_subscribed(mode):
    used = set(re.findall(r'app\.event\("(\w+)"\)', source()))
    assert used
    assert set(manifest(mode)["settings"]["event_subscriptions"]["bot_events"]) == used


@pytest.mark.parametrize("mode", MODES)
def test_the_command_is_the_one_we_listen_to(mode):
    (command,) = manifest(mode)["features"]["slash_commands"]
    assert command["command"] == SettingsFile().slack.command


def test_both_modes_differ_in_addresses_and_mode_only():
    socket, http = manifest("socket"), manifest("http")
    address = f"{EXAMPLE}/slack/events"
    assert http["features"]["slash_commands"][0].pop("url") == address
    settings = http["settings"]
    assert settings["event_subscriptions"].pop("request_url") == address
    assert settings["interactivity"].pop("request_url") == address
    assert settings["interactivity"].pop("message_menu_options_url") == address
    assert socket["settings"].pop("socket_mode_enabled") is True
    assert settings.pop("socket_mode_enabled") is False
    assert socket == http


@pytest.mark.parametrize("mode", MODES)
def test_it_keeps_slacks_limits(mode):
    told = manifest(mode)
    assert len(told["display_information"]["name"]) <= 35
    assert len(told["display_information"]["description"]) <= 140
    assert len(told["features"]["bot_user"]["display_name"]) <= 80
    (command,) = told["features"]["slash_commands"]
    assert len(command["command"]) <= 32
    assert len(command["usage_hint"]) <= 1000
