"""A scene: people act before the bot in one language, and all it says is written down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.blocks import Message
from bot.words import Language, Words, words_in
from sandbox.slack.delivery.acted import Acted
from sandbox.slack.seeing import Where
from sandbox.slack.workspace import COMMAND
from tests.bot.every.recording import Json, Recording, Sent
from tests.bot.every.rendering import name_of, written
from tests.bot.team import ADMIN, Team


@dataclass(frozen=True)
class Scene:
    """What is played, and `[slack]` of settings.toml in it."""

    name: str
    run: Callable[[Play], None]
    slack: Mapping[str, Any] = field(default_factory=dict)
    wild: bool = False
    """Names hold anything in it, so it has no golden file."""


SCENES: dict[str, Scene] = {}


def scene(name: str, **slack: Any) -> Callable[[Callable[[Play], None]], Callable[[Play], None]]:
    """Make a scene of a function; `name` is its golden file's."""

    def made(run: Callable[[Play], None]) -> Callable[[Play], None]:
        assert name not in SCENES, f"two scenes are called {name}"
        SCENES[name] = Scene(name, run, slack)
        return run

    return made


@dataclass
class Play:
    """One scene as it goes on: `lines` are its transcript, `said` all that was said in it."""

    team: Team
    recording: Recording
    language: Language
    lines: list[str] = field(default_factory=list)
    said: list[Sent] = field(default_factory=list)

    @property
    def words(self) -> Words:
        """The language that everybody speaks here."""
        return words_in(self.language)

    # what people do; buttons and fields are named by their ids, which no language changes

    def command(self, text: str = "", user: str = ADMIN) -> Acted:
        """Type a sub-command."""
        return self._act(user, f"types {COMMAND} {text}", lambda: self.team.command(user, text))

    def click(
        self, what: str, value: str | None = None, user: str = ADMIN, *, where: Where | None = None
    ) -> Acted:
        """Press a button by its action id."""
        about = f"clicks {what}" + (f" of {value}" if value else "")
        return self._act(user, about, lambda: self.team.click(user, what, value, where=where))

    def choose(self, what: str, choice: Any, user: str = ADMIN, where: Where = "modal") -> Acted:
        """Choose in a menu, by its block id and the option's value."""
        act = lambda: self.team.choose(user, what, choice, where)  # noqa: E731 - told by name
        return self._act(user, f"chooses {choice} in {what}", act)

    def type(self, what: str, text: str, user: str = ADMIN) -> None:
        """Type into a field."""
        self._act(user, f"types “{text}” into {what}", lambda: self.team.type(user, what, text))

    def search(self, what: str, typed: str, user: str = ADMIN) -> None:
        """Type into a long list."""
        self._act(
            user, f"searches “{typed}” in {what}", lambda: self.team.search(user, what, typed)
        )

    def submit(self, user: str = ADMIN) -> Acted:
        """Press the form's button."""
        return self._act(user, "submits", lambda: self.team.submit(user))

    def home(self, user: str = ADMIN) -> Acted:
        """Open the Home tab."""
        return self._act(user, "opens Home", lambda: self.team.open_home(user))

    def close(self, user: str = ADMIN) -> None:
        """Close every form."""
        if self.team.slack.modal(user):
            self.team.close(user)

    def background(self) -> None:
        """Run what waits in the background."""
        self.lines.append("> jobs run in the background")
        self.team.background()
        self._flush(ADMIN)

    def meanwhile(self, what: str, act: Callable[[], object] = lambda: None) -> None:
        """Let something else happen."""
        self.lines.append(f"> meanwhile {what}")
        act()
        self._flush(ADMIN)

    def built(self, what: str, thing: Message | Json) -> None:
        """Write down what was built without anybody's act: only what is new in this scene."""
        before, self.lines = self.lines, []
        if isinstance(thing, Message):
            # As it is sent: `text` is escaped, and nothing in it is ours to format.
            from bot.markup import escape  # noqa: PLC0415 - only here

            payload = {"text": escape(thing.text), "blocks": list(thing.blocks)}
            self._write(Sent("message", "made", "", payload), ADMIN)
        else:
            self._write(Sent(thing["type"], "made", "", thing), ADMIN)
        there = set(before)
        self.lines = [*before, f"> {what}", *(each for each in self.lines if each not in there)]

    def _act(self, user: str, what: str, act: Callable[[], Any]) -> Any:
        house = self.team.slack.house
        self.lines.append(f"> {name_of(house, user)} {what}".rstrip())
        acted = act()
        self._flush(user)
        return acted

    def _flush(self, user: str) -> None:
        for sent in self.recording.take():
            self._write(sent, user)

    def _write(self, sent: Sent, user: str) -> None:
        self.said.append(sent)
        house = self.team.slack.house
        with house.lock:
            reader = sent.to if sent.to in house.workspace.people else user
            self.lines += written(house, sent, reader)
