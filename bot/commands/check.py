"""`check`: hold tokens, permissions, webhook, channel and settings against the world, now."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from bot.asking.asked import Asked
from bot.asking.errors import later
from bot.asking.routes import Command
from bot.blocks import Block, Message, actions, button, context, header, section
from bot.markup import Markup, bold, channel, escape, lines
from bot.words import N_, Words
from sync.checks import look
from sync.checks.finding import Finding, State
from sync.checks.world import World

SIGNS: Final[dict[State, tuple[str, str]]] = {
    "ok": (":white_check_mark:", N_("fine")),
    "warning": (":warning:", N_("could be better")),
    "broken": (":x:", N_("broken")),
    "unknown": (":grey_question:", N_("could not be looked at")),
}
TITLES: Final[dict[str, str]] = {
    "redis": N_("Store"),
    "slack": N_("Slack"),
    "aircall": N_("Aircall"),
    "hubspot": N_("HubSpot"),
    "settings": N_("Settings"),
}
MOST_BUTTONS: Final = 2
_CHANNEL: Final = re.compile(r"\b[CG](?=[A-Z]*\d)[A-Z0-9]{6,}\b")
FORMS: Final[dict[str, str]] = {
    "numbers": N_("Choose numbers"),
    "outcomes": N_("Choose outcomes"),
    "tickets": N_("Choose stages"),
    "general": N_("Choose an owner"),
}


def run(asked: Asked) -> None:
    """Say that we look, and put what was found in its place."""
    said = asked.words("Looking at Slack, Aircall, HubSpot and the settings …")
    asked.tell(Message(said, (context(Markup(said)),)))
    later(asked, lambda: _look(asked))


def _look(asked: Asked) -> None:
    shop = asked.desk.shop
    world = World(
        asked.desk.environment,
        shop.file,
        shop.connection,
        asked.desk.slack,
        shop.hubspot,
        shop.aircall,
    )
    try:
        findings = tuple(look(world))
    finally:
        shop.counts.flush()
    asked.tell(message(findings, asked.words), replace=True)


def message(findings: Sequence[Finding], words: Words) -> Message:
    """Build the result: what needs a look first in words, all of it by subject."""
    bad = [each for each in findings if each.state in ("broken", "unknown")]
    said = (
        words.count("{count} thing needs a look.", "{count} things need a look.", len(bad))
        if bad
        else words("All is well.")
    )
    blocks: list[Block] = [header(words("Check")), section(Markup(f"*{said}*"))]
    for subject, those in groupby(findings, key=lambda each: each.check.partition(".")[0]):
        rows = [row for each in those for row in _rows(each, words)]
        blocks.append(section(lines(bold(words(TITLES.get(subject, subject))), *rows)))
    if buttons := _buttons(findings, words):
        blocks.append(actions(*buttons))
    return Message(said, tuple(blocks))


def _rows(finding: Finding, words: Words) -> list[Markup]:
    sign, state = SIGNS[finding.state]
    rows = [
        words.md(
            "{sign} {state}: {sentence}",
            sign=Markup(sign),
            state=words(state),
            sentence=_named(words.retell(finding.sentence)),
        )
    ]
    if finding.mend:
        rows.append(words.md("      → {mend}", mend=words.retell(finding.mend)))
    return rows


def _named(sentence: str) -> Markup:
    """Name the channels that a sentence knows by their ids."""
    return Markup(_CHANNEL.sub(lambda found: channel(found[0]), escape(sentence)))


def _buttons(findings: Sequence[Finding], words: Words) -> list[Block]:
    """A button for each section whose form mends something; at most two."""
    named = dict.fromkeys(each.section for each in findings if each.section in FORMS)
    return [
        button(
            words(FORMS[name]),
            f"edit.{name}",
            label=words("{action} in the form of the settings", action=words(FORMS[name])),
            style="primary",
        )
        for name in list(named)[:MOST_BUTTONS]
    ]


CHECK: Final = Command(
    "check",
    N_("Compare the settings, tokens and permissions with Slack, Aircall and HubSpot now."),
    "admins",
    lambda asked, _: run(asked),
)
