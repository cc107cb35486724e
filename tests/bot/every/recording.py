"""Keeps all that the bot says and where in the code it was built, while a scene is played."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import bot.app
import bot.blocks
from bot.asking.acts import Act
from bot.words import Words
from clients.slack import Slack
from tests.bot.team import Team

Json = dict[str, Any]
BOT = Path(bot.blocks.__file__).parent
BUILDERS = ("modal", "home_tab")
"""Functions that build a whole view; a message is built by its class."""


@dataclass(frozen=True)
class Sent:
    """One thing that was said: a message, a view, sentences under fields, or options of a list."""

    surface: str
    """`message`, `modal`, `home`, `errors` or `options`."""
    how: str
    """The method of Slack, `respond`, or `reply` for the acknowledgement of a submission."""
    to: str
    payload: Any
    replaces: bool = False
    quiet: bool = True
    """Links in it are not unfolded."""


@dataclass
class Recording:
    """What was said since it began, and what of the code that reached."""

    sent: list[Sent] = field(default_factory=list)
    sites: set[tuple[str, int]] = field(default_factory=set)
    """File below bot/ and line of each call that built a message or view."""
    routes: set[str] = field(default_factory=set)
    sentences: set[str | tuple[str, str]] = field(default_factory=set)
    """Every text that was said, as the catalogue names it."""
    untold: set[str] = field(default_factory=set)
    """What lower rooms said in English and no other language could be found for."""
    answers: int = 0

    def told(self, method: str, arguments: Mapping[str, Any]) -> None:
        """Keep what a method of Slack was told."""
        if "view" in arguments:
            surface = "home" if method == "views.publish" else "modal"
            self._keep(surface, method, str(arguments.get("user_id", "")), arguments["view"])
        elif "blocks" in arguments or "text" in arguments:
            self._keep(
                "message",
                method,
                str(arguments.get("channel", "")),
                {name: arguments[name] for name in ("text", "blocks") if name in arguments},
                replaces=method == "chat.update",
                quiet=method == "chat.update"
                or (arguments.get("unfurl_links"), arguments.get("unfurl_media")) == (False, False),
            )

    def responded(self, body: Mapping[str, Any]) -> None:
        """Keep what a response address was told."""
        payload = {name: body[name] for name in ("text", "blocks")}
        self._keep("message", "respond", "", payload, replaces=body["replace_original"])

    def replied(self, reply: Mapping[str, Any], act: Act) -> None:
        """Keep what a submission was answered with, before what it set off besides."""
        kind = reply.get("response_action")
        if kind == "errors":
            self._first("errors", act.user, dict(reply["errors"]))
        elif kind == "update":
            self._first("modal", act.user, reply["view"])

    def take(self) -> list[Sent]:
        """Return what was said since it was last taken."""
        taken, self.sent, self.answers = self.sent, [], 0
        return taken

    def _keep(self, surface: str, how: str, to: str, payload: Any, **more: bool) -> None:
        self.sent.append(Sent(surface, how, to, deepcopy(payload), **more))

    def _first(self, surface: str, to: str, payload: Any) -> None:
        # What runs beside the acknowledgement may be quicker or slower than it.
        self.sent.insert(self.answers, Sent(surface, "reply", to, deepcopy(payload)))
        self.answers += 1


@contextmanager
def recorded(team: Team) -> Iterator[Recording]:
    """Within: all that the bot says is kept."""
    kept, lock = Recording(), threading.Lock()
    tell, respond = Slack.tell, Slack.respond
    reply, options = bot.app.reply, bot.app.options

    def telling(slack: Slack, method: str, *, quick: bool = False, **arguments: Any) -> Json:
        with lock:
            kept.told(method, arguments)
        return tell(slack, method, quick=quick, **arguments)

    def responding(slack: Slack, url: str, body: Mapping[str, Any]) -> None:
        with lock:
            kept.responded(body)
        respond(slack, url, body)

    def replying(desk: Any, act: Act, form: Any) -> Json:
        said = reply(desk, act, form)
        with lock:
            kept.replied(said, act)
        return said

    def offering(desk: Any, act: Act, choices: Any) -> list[Json]:
        found = options(desk, act, choices)
        with lock:
            kept._keep("options", "reply", act.user, found)
        return found

    with (
        patch.object(Slack, "tell", telling),
        patch.object(Slack, "respond", responding),
        patch.object(bot.app, "reply", replying),
        patch.object(bot.app, "options", offering),
        _reaching(kept),
    ):
        yield kept


@contextmanager
def _reaching(kept: Recording) -> Iterator[None]:
    """Note which calls build a message or view, and which sentences are said."""
    build = bot.blocks.Message.__init__
    speak, format_, count, retell = Words.__call__, Words.md, Words.count, Words.retell

    def building(message: Any, *args: Any, **values: Any) -> None:
        _note(kept)
        build(message, *args, **values)

    def speaking(words: Words, text: str, /, **values: object) -> str:
        kept.sentences.add(text)
        return speak(words, text, **values)

    def formatting(words: Words, text: str, /, **values: object) -> Any:
        kept.sentences.add(text)
        return format_(words, text, **values)

    def counting(words: Words, one: str, many: str, number: int, /, **values: object) -> str:
        kept.sentences.add((one, many))
        return count(words, one, many, number, **values)

    def retelling(words: Words, said: str, /) -> str:
        again = retell(words, said)
        kept.sentences.add(said)
        if again == said and words.language != "en":
            kept.untold.add(said)
        return again

    with (
        patch.object(bot.blocks.Message, "__init__", building),
        patch.object(Words, "__call__", speaking),
        patch.object(Words, "md", formatting),
        patch.object(Words, "count", counting),
        patch.object(Words, "retell", retelling),
        _wrapped(kept),
    ):
        yield


@contextmanager
def _wrapped(kept: Recording) -> Iterator[None]:
    """Put a function that notes its caller in the place of each builder, wherever it is named."""
    before: list[tuple[Any, str, Any]] = []
    for name in BUILDERS:
        real = getattr(bot.blocks, name)
        for module in [each for key, each in sys.modules.items() if key.startswith("bot.")]:
            if getattr(module, name, None) is real and module is not bot.blocks:
                before.append((module, name, real))
                setattr(module, name, _noting(kept, real))
    try:
        yield
    finally:
        for module, name, real in before:
            setattr(module, name, real)


def _noting(kept: Recording, real: Callable[..., Json]) -> Callable[..., Json]:
    def built(*args: Any, **values: Any) -> Json:
        _note(kept)
        return real(*args, **values)

    return built


def _note(kept: Recording) -> None:
    caller = sys._getframe(2)
    path = Path(caller.f_code.co_filename)
    if BOT in path.parents:
        kept.sites.add((str(path.relative_to(BOT)), caller.f_lineno))
