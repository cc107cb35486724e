"""The message on a long work: how far it is, how fast, for how long yet; at its end the report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from bot.blocks import Block, Element, Message, actions, button, confirm, context, section
from bot.markup import Markup, clean, date, escape, join, lines, mention, shortened
from bot.operations.kinds import SAYINGS
from bot.operations.pace import Sample, rate, to_go
from bot.operations.saying import done
from bot.words import N_, Words
from store.operations import Operation

STOP: Final = "operation.stop"
BAR: Final = 20
"""Characters of the bar."""
LONGEST_TROUBLE: Final = 400
LONGEST_TITLE: Final = 200
STILL: Final = 60_000
"""Milliseconds without progress after which that is said."""
HEADLINES: Final = {
    "done": N_("{title} is done."),
    "stopped": N_("{title} was stopped."),
    "failed": N_("{title} failed."),
}


def progress(operation: Operation, samples: Sequence[Sample], now: int, words: Words) -> Message:
    """Build the message of one at work, as it stands `now` (ms)."""
    saying = SAYINGS[operation.kind]
    title = shortened(clean(saying.title(operation, words)), LONGEST_TITLE)
    per_minute = rate(samples)
    said = words(
        "{title}: {progress}. {rest}",
        title=title,
        progress=saying.so_far(operation, words),
        rest=_rest(operation, per_minute, now, words),
    )
    text = lines(
        words.md("*{title}*", title=title),
        saying.asked(operation, words),
        _bar(operation, words),
        join(" · ", saying.counts(operation, words)),
        _rate(operation, per_minute, words),
        _rest(operation, per_minute, now, words),
    )
    blocks: list[Block] = [section(text), context(_begun(operation, words))]
    if operation.state == "running":
        blocks.append(actions(_stop_button(operation, words)))
    return Message(said, tuple(blocks))


def report(operation: Operation, words: Words) -> Message:
    """Build the message of one that has ended."""
    saying = SAYINGS[operation.kind]
    title = shortened(clean(saying.title(operation, words)), LONGEST_TITLE)
    said = words(HEADLINES.get(operation.state, HEADLINES["done"]), title=title)
    text = lines(
        words.md("*{headline}*", headline=said),
        saying.asked(operation, words),
        _sentence(operation, words),
        saying.so_far(operation, words),
        join(" · ", saying.counts(operation, words)),
        *saying.report(operation, words),
    )
    blocks: list[Block] = [section(text), context(*_who(operation, words))]
    if buttons := saying.buttons(operation, words)[:2]:
        blocks.append(actions(*buttons))
    return Message(f"{said} {saying.so_far(operation, words)}.", tuple(blocks))


def _bar(operation: Operation, words: Words) -> Markup:
    so_far = SAYINGS[operation.kind].so_far(operation, words)
    if not operation.total:
        return escape(so_far)
    part = min(done(operation) / operation.total, 1)
    full = int(part * BAR)
    # 100 % is said only when all is done.
    percent = words.number(int(part * 100))
    bar = "█" * full + "░" * (BAR - full)
    return words.md("{bar} {percent} %: {progress}", bar=bar, percent=percent, progress=so_far)


def _rate(operation: Operation, per_minute: float | None, words: Words) -> str:
    if per_minute is None or operation.trouble:
        return ""
    return words("{number} in the last minute", number=words.number(round(per_minute)))


def _rest(operation: Operation, per_minute: float | None, now: int, words: Words) -> str:
    """Say how long it still takes, or in a sentence why nobody knows."""
    if operation.state == "stopping":
        return words("It stops after its present step.")
    if operation.trouble:
        why = _sentence(operation, words)
        return words("It waits, and goes on by itself: {because}", because=why)
    if now - operation.moved > STILL:
        for_ = words.duration((now - operation.moved) / 1000)
        return words("Nothing has moved for {time}; time to go: unknown.", time=for_)
    seconds = to_go(per_minute, done(operation), operation.total)
    if seconds is None:
        return words("Time to go: not known yet.")
    return words("Time to go: about {time}.", time=words.duration(seconds))


def _sentence(operation: Operation, words: Words) -> str:
    """Say what it waits for, or why it failed, as a full sentence; empty where there is nothing."""
    why = shortened(clean(words.retell(operation.trouble)), LONGEST_TROUBLE)
    return why if not why or why.endswith((".", "!", "?", "…")) else f"{why}."


def _begun(operation: Operation, words: Words) -> Markup:
    return words.md(
        "Started by {who}, {when}.", who=mention(operation.by), when=date(operation.began)
    )


def _who(operation: Operation, words: Words) -> Iterator[Markup]:
    yield _begun(operation, words)
    if operation.stopped_by:
        yield words.md("Stopped by {who}.", who=mention(operation.stopped_by))
    ended = operation.ended if operation.ended is not None else operation.moved
    yield words.md("It took {time}.", time=words.duration(max(ended - operation.began, 0) / 1000))


def _stop_button(operation: Operation, words: Words) -> Element:
    return button(
        words("Stop"),
        STOP,
        label=words("Stop this work after its present step"),
        value=f"{operation.kind} {operation.id}",
        ask=confirm(
            words("Stop it?"),
            escape(SAYINGS[operation.kind].means(words)),
            words("Stop"),
            words("Let it go on"),
            style="danger",
        ),
    )
