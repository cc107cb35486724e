"""Lets the sandbox's small day happen, and shows what arrived in HubSpot through the real door."""

import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

import requests

from sandbox.arrived import Names, arrivals
from sandbox.day import days_before, deliveries, small_day
from settings.environment import Environment
from settings.errors import StartupError
from settings.file import SettingsFile

Json: TypeAlias = Mapping[str, Any]

_DOOR_SECONDS: Final = 60.0
_ARRIVAL_SECONDS: Final = 60.0
_QUIET_SECONDS: Final = 3.0
"""Nothing new for so long means that all has arrived."""
_POLL_SECONDS: Final = 0.25
_HOURS_AGO: Final = 2
_HEADINGS: Final = ("time", "activity", "outcome", "owner", "contact", "ticket")
_WIDEST: Final = 44
_NEXT: Final = (
    "That was the sandbox: HubSpot and Aircall are stand-ins on this machine, nothing is real.",
    "In another terminal: `. .venv/bin/activate`, then `python -m worker status`, and "
    "`python -m worker explain ID` tells why a call became what it is.",
    "Ctrl-C ends everything. With accounts: README.md, Start.",
)


def main(environment: Environment, _file: SettingsFile) -> int:
    """Let the day happen, wait until HubSpot is quiet, print a table; 1 if nothing arrived.

    Of the days before nobody is told: they are in Aircall's list only, for a backfill.

    Raises `StartupError` outside the sandbox: invented calls must never reach a real account.
    """
    if not environment.sandbox:
        raise StartupError("The small day is for the sandbox only; real accounts are configured.")
    door = environment.network.door
    if not _wait(lambda: _ready(door)):
        print("The door did not open; the small day was not sent.")  # noqa: T201 - this is the show
        return 1
    start = int(time.time()) - _HOURS_AGO * 3600
    day, aircall = small_day(start), environment.aircall.base_url
    _tell(f"{aircall}/_sandbox/seed", {"calls": days_before(start)})
    happened = _tell(f"{aircall}/_sandbox/happen", {"events": deliveries(day)})
    answers = happened.json()["answers"]
    told = ", ".join(f"{count} answered {status}" for status, count in sorted(answers.items()))
    print(f"A small day of {len(day)} calls and messages was sent: {told}.")  # noqa: T201 - the same
    state = _settled(f"{environment.hubspot.base_url}/_sandbox/state")
    lines = table(state)
    shown = [*lines, "", *next_steps(environment.slack.base_url)]
    sys.stdout.write("".join(f"{line}\n" for line in shown))
    return 0 if len(lines) > 1 else 1


def next_steps(slack_url: str) -> tuple[str, ...]:
    """What to do after the small day, most inviting first; `slack_url` ends in `/api/`."""
    page = slack_url.removesuffix("api/")
    return (f"Now open {page} in a browser: Slack with the bot, a phone, and HubSpot.", *_NEXT)


def table(state: Json) -> list[str]:
    """HubSpot's activities of `state` (`GET /_sandbox/state`) as lines under a heading."""
    found = arrivals(state["objects"], Names(state["outcomes"], state["owners"], {}))
    cells = [
        (one.time[11:16], one.activity, one.outcome, one.owner, one.contact, one.ticket)
        for one in found
    ]
    return _aligned([_HEADINGS, *cells])


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    short = [[_cut(" ".join(cell.split())) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*short, strict=True)]
    return [_joined(row, widths) for row in short]


def _joined(row: Iterable[str], widths: Iterable[int]) -> str:
    return "  ".join(f"{cell:<{w}}" for cell, w in zip(row, widths, strict=True)).rstrip()


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def _ready(door: str) -> bool:
    try:
        return requests.get(f"{door}/readyz", timeout=2).status_code == 200
    except requests.RequestException:
        return False


def _wait(reached: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + _DOOR_SECONDS
    while not reached():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


def _settled(url: str) -> Json:
    """The state once it has been the same for a while, or as it is when patience ends."""
    deadline = time.monotonic() + _ARRIVAL_SECONDS
    state, since = _state(url), time.monotonic()
    while (now := time.monotonic()) < min(deadline, since + _QUIET_SECONDS):
        time.sleep(_POLL_SECONDS)
        newer = _state(url)
        if newer["objects"] != state["objects"]:
            state, since = newer, now
    return state


def _tell(url: str, given: Json) -> requests.Response:
    answer = requests.post(url, json=given, timeout=_ARRIVAL_SECONDS)
    answer.raise_for_status()
    return answer


def _state(url: str) -> Json:
    answer = requests.get(url, timeout=10)
    answer.raise_for_status()
    state: Json = answer.json()
    return state
