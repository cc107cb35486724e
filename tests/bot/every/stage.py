"""Where scenes are played: a fresh team for each, everybody of one language, all of it kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final
from unittest.mock import patch

import pytest
import redis

import bot.asking.desk
import bot.asking.errors
import bot.modals.opening
import worker.jobs
from bot.asking.routes import Routes
from bot.table import build_routes
from bot.words import Language
from sandbox.server import Sandbox
from settings.file import SettingsFile
from store import keys
from store.connection import now_ms
from store.directory import DirectoryStore
from store.welcome import Welcome, Welcomes
from tests.bot import team as teams
from tests.bot.conftest import jobs_use, lead_to
from tests.bot.every.playing import Play, Scene
from tests.bot.every.recording import Recording, recorded
from tests.bot.every.rules import broken_rules
from tests.bot.team import Team, file_with

LOCALES: Final[dict[Language, str]] = {"en": "en-GB", "de": "de-DE"}
REFERENCE: Final = "0badcafe"


@dataclass(frozen=True)
class Played:
    """A scene that was played: its transcript, the rules it broke, and what it reached."""

    lines: tuple[str, ...]
    broken: tuple[str, ...]
    recording: Recording


class Stage:
    """Plays scenes, each once per language."""

    def __init__(self, play: Callable[[Scene, Language], Played]) -> None:
        self._play = play
        self._played: dict[tuple[str, Language], Played] = {}

    def play(self, scene: Scene, language: Language) -> Played:
        """Return a scene as it was played."""
        key = scene.name, language
        if key not in self._played:
            self._played[key] = self._play(scene, language)
        return self._played[key]


@contextmanager
def setting(  # noqa: PLR0917 - what a stage is made of
    scene: Scene, language: Language, url: str, stand_ins: Sandbox, line: Any, folder: Path
) -> Iterator[Play]:
    """Within: a team before the bot, in one language, and all it says is recorded."""
    with redis.Redis.from_url(url) as connection:
        connection.flushall()
    with patch.object(stand_ins.slack.world.sockets, "hang_up"):
        stand_ins.reset()
    for person in stand_ins.slack.world.house.workspace.people.values():
        person.locale = LOCALES[language]
    with ExitStack() as stack:
        monkeypatch = stack.enter_context(pytest.MonkeyPatch.context())
        references = SimpleNamespace(token_hex=lambda _: REFERENCE)
        monkeypatch.setattr(bot.asking.errors, "secrets", references)
        reached: set[str] = set()
        monkeypatch.setattr(teams, "build_routes", lambda file: noted(build_routes(file), reached))
        file = file_with(**{"language": language, **scene.slack})
        team = Team(url, folder, stand_ins, file)
        stack.callback(team.end)
        team.product.start()
        read_now(team)
        monkeypatch.setattr(bot.modals.opening, "now_ms", last_read)
        Welcomes(team.redis).write(Welcome(over=True))
        jobs_use(team, monkeypatch)
        lead_to(line, team)
        stack.callback(bot.asking.desk.desk.cache_clear)
        stack.callback(worker.jobs.workshop.cache_clear)
        recording = stack.enter_context(recorded(team))
        recording.routes = reached
        yield Play(team, recording, language)


def read_now(team: Team, at: int | None = None) -> None:
    """Date all that is known of the vendors as if it was just read, or at another moment (ms)."""
    moment = now_ms(team.redis) if at is None else at
    for part, raw in team.redis.hgetall(keys.DIRECTORY).items():
        kept = {name: value for name, value in json.loads(raw).items() if name != "sum"}
        team.redis.hset(keys.DIRECTORY, part, json.dumps({**kept, "at": moment}))


def last_read(connection: redis.Redis) -> int:
    """Let time stand still for forms: how long a scene takes must not change what it says."""
    return max(DirectoryStore(connection).read().read_at.values(), default=0)


def secrets_of(team: Team) -> frozenset[str]:
    """Return what may stand in nothing that anybody reads."""
    names = ("TOKEN", "SECRET", "AIRCALL_API_ID")
    return frozenset(
        value for name, value in team.variables.items() if any(each in name for each in names)
    )


def played(scene: Scene, play: Play) -> Played:
    """Play a scene, and hold all that was said to the rules."""
    scene.run(play)
    broken = [
        f"{sent.how}: {each}"
        for sent in play.said
        for each in broken_rules(sent, secrets_of(play.team), wild=scene.wild)
    ]
    broken += [f"the sandbox was surprised: {each}" for each in play.team.slack.surprises]
    return Played(tuple(play.lines), tuple(dict.fromkeys(broken)), play.recording)


def noted(table: Routes, reached: set[str]) -> Routes:
    """Return the table of routes that notes which of them was used."""

    def note(name: str, run: Callable[..., Any]) -> Callable[..., Any]:
        def noting(*args: Any) -> Any:
            reached.add(name)
            return run(*args)

        return noting

    return Routes(
        {k: replace(v, run=note(f"command {k}", v.run)) for k, v in table.commands.items()},
        {k: replace(v, run=note(f"action {k}", v.run)) for k, v in table.actions.items()},
        {k: replace(v, submit=note(f"form {k}", v.submit)) for k, v in table.forms.items()},
        {k: replace(v, find=note(f"list {k}", v.find)) for k, v in table.choices.items()},
    )


def route_names(file: SettingsFile) -> set[str]:
    """Name every route as `noted` does."""
    table = build_routes(file)
    kinds = {
        "command": table.commands, "action": table.actions, "form": table.forms,
        "list": table.choices,
    }  # fmt: skip
    return {f"{kind} {name}" for kind, entries in kinds.items() for name in entries}
