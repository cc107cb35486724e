"""`make setup`: leads from nothing to a `.env` that works, testing each token as it is given."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from dotenv import dotenv_values, set_key

from clients.aircall import Aircall, aircall_http
from clients.errors import Unavailable, VendorError
from clients.gate import OpenGate
from clients.hubspot import HubSpot
from clients.hubspot.connection import hubspot_http
from clients.slack import Slack
from settings.errors import StartupError

ROOT: Final = Path(__file__).resolve().parent.parent
CREATE_APP: Final = "https://api.slack.com/apps?new_app=1&manifest_yaml="
EXAMPLE: Final = "https://bot.example.com"
Values = dict[str, str]
Test = Callable[[Mapping[str, str]], str]
"""Tries what was given; returns whose it is. Raises VendorErrors, ValueError with a sentence."""


@dataclass(frozen=True, slots=True)
class Question:
    """One value asked for."""

    name: str
    where: str
    """Where a person finds it."""
    secret: bool = True
    test: Test | None = None
    needed: bool = True


def set_up(path: Path) -> int:
    """Ask for everything, test it at once, and write `path` (mode 600); nothing else is changed.

    What is there already is kept by an empty answer. Raises StartupError where the file cannot be
    written.
    """
    values = {name: value for name, value in dotenv_values(path).items() if value}
    base = {**values, **{name: value for name, value in os.environ.items() if value}}
    _say("This asks for the tokens of Slack, Aircall and HubSpot, tries each, and writes .env.")
    _say("An empty answer keeps what is there already.\n")
    try:
        mode = _mode(values)
        _say_link(mode)
        for question in questions(mode):
            _ask(question, values, base)
    except (EOFError, KeyboardInterrupt):
        _say("\nStopped: nothing was written.")
        return 1
    write(path, values)
    _say(f"\n{path} is written, readable by you alone. Next: make doctor, then make run.")
    return 0


def questions(mode: str) -> tuple[Question, ...]:
    """List what is asked for, in the order in which a person comes by it."""
    connection = (
        Question(
            "SLACK_APP_TOKEN",
            "Basic Information > App-Level Tokens, with connections:write (xapp-...)",
            test=_slack_app,
        )
        if mode == "socket"
        else Question(
            "SLACK_SIGNING_SECRET", "Basic Information > App Credentials", test=_signing_secret
        )
    )
    return (
        Question(
            "SLACK_BOT_TOKEN",
            "Install App > Bot User OAuth Token (xoxb-...), after installing it",
            test=_slack_bot,
        ),
        connection,
        Question("AIRCALL_API_ID", "Aircall: Integrations & API > API keys", secret=False),
        Question("AIRCALL_API_TOKEN", "shown once, beside the id", test=_aircall),
        Question(
            "HUBSPOT_ACCESS_TOKEN",
            "HubSpot: Development > Keys > Service keys (or a private app)",
            test=_hubspot,
        ),
        Question(
            "PUBLIC_URL",
            "https address where Aircall reaches this machine (may stay empty)",
            secret=False,
            needed=False,
        ),
    )


def link(mode: str, address: str = EXAMPLE) -> str:
    """Return the address at which Slack creates the app of our manifest."""
    name = "manifest.yaml" if mode == "socket" else "manifest-http.yaml"
    text = (ROOT / name).read_text(encoding="utf-8")
    kept = [line.partition(" # ")[0].rstrip() for line in text.splitlines() if line[:1] != "#"]
    return CREATE_APP + quote("\n".join(kept).replace(EXAMPLE, address.rstrip("/")), safe="")


def write(path: Path, values: Mapping[str, str]) -> None:
    """Put the values into the file, beside what else stands there; nobody else may read it."""
    try:
        path.touch(mode=0o600, exist_ok=True)
        path.chmod(0o600)
        for name, value in values.items():
            set_key(path, name, value, quote_mode="auto")
        path.chmod(0o600)
    except OSError as error:
        raise StartupError(f"{path} cannot be written: {error.strerror}.") from error


def _mode(values: Mapping[str, str]) -> str:
    before = "http" if "SLACK_SIGNING_SECRET" in values else "socket"
    _say("How does Slack reach the bot? socket: it needs no address of yours. http: over https.")
    while True:
        answer = input(f"  socket or http [{before}]: ").strip().casefold() or before
        if answer in ("socket", "http"):
            return answer


def _say_link(mode: str) -> None:
    address = EXAMPLE
    if mode == "http":
        address = input("  https address of the bot, as Slack reaches it: ").strip() or EXAMPLE
    _say("\nCreate the Slack app with this link, then install it to your workspace:\n")
    _say(f"  {link(mode, address)}\n")


def _ask(question: Question, values: Values, base: Mapping[str, str]) -> None:
    """Ask until an answer works, or a person insists on one."""
    kept = values.get(question.name, "")
    refused = ""
    while True:
        _say(f"{question.name}: {question.where}")
        given = _read("  keep what is there: " if kept else "  : ", secret=question.secret)
        answer = given or kept
        if not answer and question.needed:
            _say("  It is needed.")
            continue
        if not answer:
            return
        values[question.name] = answer
        if question.test is None or _works(question.test, {**base, **values}):
            return
        if given == refused:
            _say("  Given twice: it is kept as it is.")
            return
        refused, kept = answer, ""
        _say("  Correct it, or give the same once more to keep it anyway.")


def _works(test: Test, values: Mapping[str, str]) -> bool:
    try:
        _say(f"  ✓ {test(values)}")
    except Unavailable as error:
        if error.reason == "credentials":
            _say(f"  ✗ {error.sentence}.")
            return False
        _say(f"  ? {error.sentence}: it could not be tried, and is kept.")
    except (VendorError, ValueError) as error:
        _say(f"  ✗ {error}.")
        return False
    return True


def _slack_bot(values: Mapping[str, str]) -> str:
    who, _ = Slack(_slack_url(values), values["SLACK_BOT_TOKEN"]).scopes()
    return f"Slack takes it, for the workspace {who.get('team')}."


def _slack_app(values: Mapping[str, str]) -> str:
    Slack(_slack_url(values), values["SLACK_APP_TOKEN"]).tell("apps.connections.open")
    return "Slack takes it."


def _signing_secret(values: Mapping[str, str]) -> str:
    secret = values["SLACK_SIGNING_SECRET"]
    if len(secret) != 32 or not set(secret) <= set("0123456789abcdef"):
        raise ValueError("a signing secret has 32 characters, 0-9 and a-f")
    return "It has the shape of one; Slack's first request will tell."


def _aircall(values: Mapping[str, str]) -> str:
    base = values.get("AIRCALL_BASE_URL", "https://api.aircall.io")
    key = values["AIRCALL_API_ID"], values["AIRCALL_API_TOKEN"]
    company = Aircall(aircall_http(base, *key, OpenGate())).company()
    return f"Aircall takes it, for the company {company.name}."


def _hubspot(values: Mapping[str, str]) -> str:
    base = values.get("HUBSPOT_BASE_URL", "https://api.hubapi.com")
    http = hubspot_http(base, values["HUBSPOT_ACCESS_TOKEN"], OpenGate())
    return f"HubSpot takes it, for the portal {HubSpot(http).account().portal_id}."


def _slack_url(values: Mapping[str, str]) -> str:
    return values.get("SLACK_BASE_URL", "https://slack.com/api/").rstrip("/") + "/"


def _read(prompt: str, *, secret: bool) -> str:
    # Without a terminal (a test, a script) there is no echo to be switched off.
    if secret and sys.stdin.isatty():
        return getpass.getpass(prompt).strip()
    return input(prompt).strip()


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
