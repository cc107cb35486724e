"""The list of failures as a form: a paragraph for each cause, with what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.blocks import (
    Block,
    Element,
    Message,
    actions,
    button,
    confirm,
    context,
    divider,
    modal,
    section,
)
from bot.explain.story import title
from bot.explain.verdict import quote
from bot.markup import Markup, bold, date, escape, lines
from bot.words import Words
from worker.failures import Cause, Failures

CALLBACK: Final = "failures"
RETRY: Final = "failures.retry"
"""Tries again what the button's value names: `all`, `cause:<name>` or `id:<interaction>`."""
DISMISS: Final = "failures.dismiss"
"""Opens the form that gives up what the button's value names."""
EXPLAIN: Final = "explain"
CLOSED: Final = frozenset({"not_found", "hash_conflict"})
"""Slack's codes for a form that its reader closed or moved on from."""
MOST_CAUSES: Final = 20
"""Three blocks each, of the hundred that a form holds."""
MOST_EXAMPLES: Final = 3
LONGEST_QUOTE: Final = 600
LONGEST_ID: Final = 1_900


def none_left(now: Failures, words: Words) -> Message:
    """Say that nothing failed."""
    said = words("Nothing stands among the failures: all that was to be written is written.")
    blocks = [section(Markup(bold(said)))]
    if gone := _dismissed(now, words):
        blocks.append(context(gone))
    return Message(said, tuple(blocks))


def view(now: Failures, words: Words, notice: str = "") -> Block:
    """Build the form, with perhaps a sentence on what was just done."""
    return modal(
        words("Failures"),
        [*_top(now, words, notice), *_causes(now, words)],
        close=words("Close"),
        callback=CALLBACK,
    )


def loading(words: Words) -> Block:
    """Build what is seen until all of them have been read."""
    said = words("Reading what failed …")
    return modal(
        words("Failures"), [context(Markup(said))], close=words("Close"), callback=CALLBACK
    )


def _top(now: Failures, words: Words, notice: str) -> list[Block]:
    blocks: list[Block] = [section(bold(notice))] if notice else []
    if not now.count:
        return [*blocks, *none_left(now, words).blocks]
    count = words.count(
        "{count} call or message could not be written to HubSpot, or not all of it.",
        "{count} calls and messages could not be written to HubSpot, or not all of them.",
        now.count,
    )
    hint = words.md(
        "Mend what HubSpot names, then try again: nothing is ever written twice by that."
    )
    blocks.append(section(lines(bold(count), hint)))
    label = words("Try again to write everything that failed")
    question = confirm(
        words("Try all of them again?"),
        words.md("Each is written at most once, whatever happened to it before."),
        words("Try again"),
        words("Not now"),
    )
    again = button(words("Try all again"), RETRY, label=label, value="all", ask=question)
    blocks.append(actions({**again, "style": "primary"}))
    return blocks


def _causes(now: Failures, words: Words) -> list[Block]:
    blocks: list[Block] = []
    for number, cause in enumerate(now.causes[:MOST_CAUSES], 1):
        blocks += [divider(), section(_told(cause, words)), _what_to_do(number, cause, words)]
    rest: list[Markup] = []
    if more := now.causes[MOST_CAUSES:]:
        failed = sum(len(each.failed) for each in more)
        rest.append(
            Markup(
                words.count(
                    "and {count} more cause, with {failed} in all",
                    "and {count} more causes, with {failed} in all",
                    len(more),
                    failed=words.number(failed),
                )
            )
        )
    if now.left_out:
        rest.append(
            Markup(
                words.count(
                    "and {count} older one that is not sorted by cause",
                    "and {count} older ones that are not sorted by cause",
                    now.left_out,
                )
            )
        )
    if now.count and (gone := _dismissed(now, words)):
        rest.append(gone)
    return [*blocks, context(lines(*rest))] if rest else blocks


def _dismissed(now: Failures, words: Words) -> Markup:
    if not now.dismissed:
        return Markup("")
    return Markup(words.count("{count} was dismissed.", "{count} were dismissed.", now.dismissed))


def said_by(cause: Cause, words: Words) -> Markup:
    """Give the sentence of a cause: HubSpot's own words, or our reason."""
    if cause.failed[0].ours:
        return quote(words.retell(cause.said), words, LONGEST_QUOTE)
    return words.md("HubSpot says: {words}", words=quote(cause.said, words, LONGEST_QUOTE))


def _told(cause: Cause, words: Words) -> Markup:
    count = len(cause.failed)
    since = date(cause.since)
    headline = words.md(
        "*{count}* since {since}",
        count=words.count("{count} call or message", "{count} calls and messages", count),
        since=since,
    )
    trying = Markup("")
    if cause.trying:
        trying = escape(
            words.count(
                "{count} of them is being tried again.",
                "{count} of them are being tried again.",
                cause.trying,
            )
        )
    return lines(headline, said_by(cause, words), trying)


def _what_to_do(number: int, cause: Cause, words: Words) -> Block:
    """Build the row of one cause: try again, give up, and a few of them to look at."""
    value, count = f"cause:{cause.name}", len(cause.failed)
    elements: list[Element] = [
        button(
            words("Try again"),
            f"{RETRY}#{number}",
            label=words.count(
                "Try again to write the {count} of cause {number}",
                "Try again to write the {count} of cause {number}",
                count,
                number=number,
            ),
            value=value,
        ),
        button(
            words("Dismiss"),
            f"{DISMISS}#{number}",
            label=words.count(
                "Give the {count} of cause {number} up, with a reason",
                "Give the {count} of cause {number} up, with a reason",
                count,
                number=number,
            ),
            value=value,
        ),
    ]
    return actions(*elements, *_examples(number, cause, words))


def _examples(number: int, cause: Cause, words: Words) -> Sequence[Element]:
    shown = [each for each in cause.failed if len(each.id) <= LONGEST_ID][:MOST_EXAMPLES]
    return [
        button(
            title(each.id, words),
            f"{EXPLAIN}#{number}.{at}",
            label=words("Explain what happened: {name}", name=title(each.id, words)),
            value=each.id,
        )
        for at, each in enumerate(shown)
    ]
