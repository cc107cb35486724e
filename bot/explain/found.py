"""What is found where no single interaction is meant: several, none, or nothing was asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_datetime

from bot.asking.asked import Asked
from bot.blocks import Message, Option, actions, context, header, section, select
from bot.explain.story import title
from bot.labels import KINDS
from bot.markup import Markup, bold, clean, code, date, lines, shortened
from bot.words import N_, Words
from worker.cases import Case
from worker.finding import Found, WhyNot

PICK: Final = "explain.pick"
"""Explains the one that was chosen in a list."""
LONGEST_ASKED: Final = 60
RESULTS: Final[dict[str, str]] = {
    "logged": N_("logged"),
    "ignored": N_("ignored"),
    "failed": N_("failed"),
    "pending": N_("waiting"),
}
WHY_NOT: Final[dict[WhyNot, str]] = {
    "forgotten": N_("HubSpot has it by our hand, but what was decided is long forgotten here."),
    "other account": N_("That link leads to another HubSpot account than the one we write to."),
    "not ours": N_("HubSpot has this record, but it was not made by this integration."),
    "not in hubspot": N_("HubSpot has no call, message or ticket with that id either."),
}


def several(asked: Asked, text: str, cases: Sequence[Case]) -> Message:
    """List them, newest first, with one menu to choose from."""
    words, zone = asked.words, _zone(asked.person.time_zone)
    heading = words.count(
        "The last interaction with {asked}", "The last {count} interactions with {asked}",
        len(cases), asked=_short(text),
    )  # fmt: skip
    said = words("{heading}: choose one to have it explained.", heading=heading)
    rows = [_row(number, case, words) for number, case in enumerate(cases, 1)]
    options = [
        Option(f"{number}. {title(case.id, words)}", case.id, _when(case, zone, words))
        for number, case in enumerate(cases, 1)
        if len(case.id) <= 150
    ]
    chooser: dict[str, Any] = select(options, None, words("Which one?"))
    return Message(
        said, (header(heading), section(lines(*rows)), actions({**chooser, "action_id": PICK}))
    )


def _row(number: int, case: Case, words: Words) -> Markup:
    decision, interaction = case.decision, case.record.interaction
    return words.md(
        "{number}. {when}  {kind}: *{result}*",
        number=number,
        when=date(interaction.start * 1000) if interaction else "",
        kind=words(KINDS[decision.kind]) if decision.kind else title(case.id, words),
        result=words(RESULTS[decision.result]),
    )


def _when(case: Case, zone: tzinfo, words: Words) -> str:
    """Say when it began in the reader's own time: menus cannot hold Slack's dates."""
    if case.record.interaction is None:
        return ""
    moment = datetime.fromtimestamp(case.record.interaction.start, zone)
    return format_datetime(moment, "short", locale=words.language)


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def unknown(asked: Asked, text: str, found: Found) -> Message:
    """Say that nothing is known, and what the reason may be."""
    words, days = asked.words, asked.desk.shop.file.retention.decisions
    said = words("Nothing is known here of “{asked}”.", asked=_short(text))
    because = WHY_NOT.get(found.why)
    maybe = [
        words.md("• It is older than {days} days: so long decisions are kept.", days=days),
        words.md("• No event of it ever arrived: its number may not tell us of its calls."),
        words.md("• It belongs to another Aircall or HubSpot account."),
    ]
    blocks = [section(lines(bold(said), words(because) if because else ""))]
    if found.why != "other account":
        blocks.append(section(lines(words.md("What may be the reason:"), *maybe)))
    blocks.append(context(_what_is_understood(asked)))
    return Message(f"{said} {words(because)}" if because else said, tuple(blocks))


def usage(asked: Asked) -> Message:
    """Ask which one is meant, and say what may be typed."""
    said = asked.words("Which call or message? Say its id, a link to it, or a phone number.")
    return Message(said, (section(Markup(bold(said))), context(_what_is_understood(asked))))


def _what_is_understood(asked: Asked) -> Markup:
    slash = asked.desk.shop.file.slack.command
    return asked.words.md(
        "For example {by_id} with the number in the line “Call ID” of a HubSpot call, {by_link} "
        "with a link to Aircall or to a HubSpot call, ticket or contact, or {by_phone}.",
        by_id=code(f"{slash} explain 4001"),
        by_link=code(f"{slash} explain https://…"),
        by_phone=code(f"{slash} explain +33 1 99 00 45 67"),
    )


def _short(text: str) -> str:
    return shortened(clean(text), LONGEST_ASKED)
