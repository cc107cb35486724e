"""The message that leads through the first start: pure, from how things are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from bot.blocks import (
    Block,
    Element,
    Message,
    channel_select,
    context,
    header,
    section,
)
from bot.channel.posting import trouble_in_words
from bot.integration.buttons import enable_button
from bot.labels import KINDS, first_names
from bot.markup import (
    Markup,
    bold,
    channel,
    clean,
    code,
    date,
    escape,
    join,
    lines,
    link,
    shortened,
)
from bot.status.fixes import NUMBERS
from bot.status.home import CHOOSE_CHANNEL
from bot.words import N_, Words
from store.channel import Trouble
from store.recent import Ended

MOST_CALLED: Final = 3
"""Numbers that are proposed for the first call."""
LINKS: Final[Mapping[str, str]] = {
    "activity": N_("the call in HubSpot"),
    "contact": N_("its contact"),
    "company": N_("its company"),
    "ticket": N_("its ticket"),
}
"""What a link leads to, by what it is of."""


@dataclass(frozen=True, slots=True)
class Logged:
    """The first logged call: Aircall's id, kind, line, and addresses of what it became."""

    id: str
    kind: str
    line: str
    at: int
    links: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Progress:
    """How things are, as far as the first start asks."""

    slash: str
    name: str
    channel: str = ""
    channel_in_file: bool = False
    channel_works: bool = False
    """A post of ours has arrived there, and none failed since."""
    trouble: Trouble | None = None
    numbers: Literal["all"] | tuple[str, ...] = ()
    """Names of the connected numbers."""
    lines: tuple[str, ...] = ()
    """Connected numbers with their digits, to call one."""
    enabled: bool = False
    logged_before: bool = False
    call: Logged | None = None
    missed: Ended | None = None
    """The last call that ended since and was not logged, while none was."""

    @property
    def done(self) -> tuple[bool, bool, bool, bool]:
        """Which of the four steps are: channel, numbers, enabled, a call."""
        called = self.call is not None or self.logged_before
        return (self.channel_works, bool(self.numbers), self.enabled, called)

    @property
    def over(self) -> bool:
        """Whether all of them are."""
        return all(self.done)


def message(now: Progress, words: Words) -> Message:
    """Build the message; each step that is done says so by itself."""
    parts = (_channel(now, words), _numbers(now, words), _enable(now, words), _call(now, words))
    steps = [
        _step(number, *part, words, done=done)
        for number, (done, part) in enumerate(zip(now.done, parts, strict=True), 1)
    ]
    intro = words.md(
        "From here every call and message of Aircall is written into HubSpot. Four steps lead "
        "there; this message follows what you do, here or elsewhere."
    )
    if now.over:
        intro = words.md("All four steps are done: calls and messages are written into HubSpot.")
    more = words.md(
        "{status} shows how it goes, {settings} all that can be chosen, {help} the rest.",
        status=code(now.slash),
        settings=code(f"{now.slash} settings"),
        help=code(f"{now.slash} help"),
    )
    blocks = [header(words("Welcome to {name}", name=now.name)), section(intro), *steps]
    return Message(headline(now, words), (*blocks, context(more)))


def headline(now: Progress, words: Words) -> str:
    """Say in a plain sentence how far it is and what comes next."""
    nexts = (
        words("choose the channel for announcements"),
        words("choose the numbers whose calls are logged"),
        words("enable the integration"),
        words("call one of your numbers"),
    )
    left = [text for done, text in zip(now.done, nexts, strict=True) if not done]
    if not left:
        return words("{name} is set up: all four steps are done.", name=now.name)
    return words(
        "{name}: {count} of 4 steps are done. Next: {next}.",
        name=now.name,
        count=4 - len(left),
        next=left[0],
    )


def _step(number: int, said: Markup, beside: Element | None, words: Words, *, done: bool) -> Block:
    if done:
        return section(
            words.md(":white_check_mark: *{number}. Done*: {said}", number=number, said=said)
        )
    return section(words.md("*{number}.* {said}", number=number, said=said), beside)


def _channel(now: Progress, words: Words) -> tuple[Markup, Element | None]:
    where = channel(now.channel)
    if now.channel_works:
        return words.md("changes and alerts are announced in {channel}.", channel=where), None
    if now.channel_in_file:
        why = trouble_in_words(now.trouble, words) if now.trouble else ""
        said = words.md(
            "Settings.toml names {channel} for announcements and alerts, and no post of mine has "
            "arrived there yet. {why}",
            channel=where,
            why=why,
        )
        return said, None
    said = words.md(
        "*Choose a channel* for announcements and alerts. Invite me there first; I test it by a "
        "message."
    )
    if now.trouble:
        said = lines(said, trouble_in_words(now.trouble, words))
    return said, channel_select(CHOOSE_CHANNEL, words("Choose a channel"), now.channel)


def _numbers(now: Progress, words: Words) -> tuple[Markup, Element | None]:
    if now.numbers == "all":
        return words.md("all numbers are connected, new ones too."), None
    if now.numbers:
        named = first_names(now.numbers, words)
        return words.md("connected numbers are {names}.", names=named), None
    said = words.md("*Choose the numbers* whose calls and messages are logged.")
    return said, NUMBERS.button(words)


def _enable(now: Progress, words: Words) -> tuple[Markup, Element | None]:
    if now.enabled:
        return words.md("the integration is enabled."), None
    if not now.numbers:
        return words.md("*Enable* the integration, once numbers are chosen."), None
    said = words.md("*Enable* the integration: what comes in from then on is logged.")
    return said, enable_button(words)


def _call(now: Progress, words: Words) -> tuple[Markup, Element | None]:
    if now.call is not None:
        return words.md(
            "your first call is in HubSpot: {links}.", links=_links(now.call, words)
        ), None
    if now.logged_before:
        return words.md("calls are logged already."), None
    if not (now.enabled and now.numbers):
        return words.md("*Call one of your numbers*, once the integration is enabled."), None
    called = join(words(" or "), map(bold, now.lines[:MOST_CALLED])) or words.md(
        "one of your numbers"
    )
    said = words.md(
        "*Call now*: {numbers}. About half a minute after you hang up I tell you here what became "
        "of it.",
        numbers=called,
    )
    return lines(said, _not_logged(now, words)), None


def _not_logged(now: Progress, words: Words) -> Markup:
    if now.missed is None:
        return Markup("")
    asked = code(f"{now.slash} explain {now.missed.id.partition('-')[2]}")
    when, why = date(now.missed.at), clean(words.retell(now.missed.reason))
    if now.missed.result == "ignored":
        return words.md(
            "A call of {when} was ignored: {why}. {command} tells more.",
            when=when,
            why=why,
            command=asked,
        )
    return words.md(
        "A call of {when} could not be written: {why}. {command} tells more.",
        when=when,
        why=why,
        command=asked,
    )


def report(call: Logged, slash: str, words: Words) -> Message:
    """Build the message that tells of the first logged call."""
    kind = words(KINDS.get(call.kind, N_("Call")))
    line = shortened(clean(call.line), 60) or words("one of your numbers")
    said = words("Your first call is in HubSpot: {kind} on {line}.", kind=kind, line=line)
    shown = words.md(
        ":tada: *Your first call is in HubSpot*: {kind} on {line}, {when}.",
        kind=kind,
        line=line,
        when=date(call.at),
    )
    why = words.md(
        "{command} tells why it was logged as it was.",
        command=code(f"{slash} explain {call.id.partition('-')[2]}"),
    )
    return Message(said, (section(lines(shown, _links(call, words))), context(why)))


def _links(call: Logged, words: Words) -> Markup:
    found = [
        link(call.links[what], words(text)) for what, text in LINKS.items() if what in call.links
    ]
    return join(" · ", found) if found else escape(call.id)
