"""Starts the sandbox, the stand-ins of HubSpot, Aircall and Slack, as a process of its own."""

import os
import socket
import sys
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from run.procfile import Command
from settings.environment import Environment
from settings.file import SettingsFile
from settings.sandbox import AIRCALL_PORT, HUBSPOT_PORT, SANDBOX_VARIABLES, SLACK_PORT

_HOST: Final = "127.0.0.1"
_ADDRESSES: Final = ("HUBSPOT_BASE_URL", "AIRCALL_BASE_URL", "SLACK_BASE_URL")


def main(environment: Environment, _file: SettingsFile) -> int:
    """Become the sandbox at the addresses this environment expects; returns only by raising."""
    urls = (environment.hubspot.base_url, environment.aircall.base_url, environment.slack.base_url)
    words = _words(environment, *urls)
    os.execv(words[0], words)  # noqa: S606 - no shell is wanted


def command(environ: Mapping[str, str], environment: Environment) -> Command:
    """What starts the sandbox at the addresses in `environ`, before this environment's door."""
    return Command("sandbox", _words(environment, *(environ[name] for name in _ADDRESSES)))


def variables(environment: Environment) -> dict[str, str]:
    """What leads every process to the sandbox; its usual ports, or free ones where taken."""
    return {
        **SANDBOX_VARIABLES,
        "SETTINGS_FILE": str(environment.places.settings_file),
        "HUBSPOT_BASE_URL": f"http://{_HOST}:{_free(HUBSPOT_PORT)}",
        "AIRCALL_BASE_URL": f"http://{_HOST}:{_free(AIRCALL_PORT)}",
        "SLACK_BASE_URL": f"http://{_HOST}:{_free(SLACK_PORT)}/api/",
    }


def answers(environ: Mapping[str, str]) -> bool:
    """Whether all stand-ins take connections."""
    return all(_connects(environ[name]) for name in _ADDRESSES)


def _words(
    environment: Environment, hubspot_url: str, aircall_url: str, slack_url: str
) -> tuple[str, ...]:
    ports = (
        *("--hubspot-port", str(urlsplit(hubspot_url).port)),
        *("--aircall-port", str(urlsplit(aircall_url).port)),
        *("--slack-port", str(urlsplit(slack_url).port)),
        *("--door", f"{environment.network.door}/aircall/webhook"),
    )
    return (sys.executable, "-m", "sandbox", *ports)


def _free(wanted: int) -> int:
    """The port `wanted`, or one the system has free."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((_HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    return wanted


def _connects(url: str) -> bool:
    parts = urlsplit(url)
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((parts.hostname, parts.port)) == 0
