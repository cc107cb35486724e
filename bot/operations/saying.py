"""What each kind of long work says of itself: pure functions of the operation, a file per kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.blocks import Element
from bot.markup import Markup
from bot.words import Words
from store.operations import Operation


def nothing(_: Operation, __: Words) -> Markup:
    """Say nothing in a line."""
    return Markup("")


def no_lines(_: Operation, __: Words) -> Sequence[Markup]:
    """Add no line."""
    return ()


def no_buttons(_: Operation, __: Words) -> Sequence[Element]:
    """Offer no button."""
    return ()


@dataclass(frozen=True, slots=True)
class Saying:
    """The words of one kind; none of its functions looks at anything but the operation."""

    title: Callable[[Operation, Words], str]
    """What it is, plain, as the beginning of a sentence: `Backfill of 1 to 3 March`."""
    so_far: Callable[[Operation, Words], str]
    """How far it is, plain: `4,500 of 10,000 contacts`, or `4,500 contacts` without a total."""
    counts: Callable[[Operation, Words], Sequence[str]]
    """What it did, plain, in a few words each: `12 created`; leave out what is zero."""
    means: Callable[[Words], str]
    """What it means to stop it, one sentence of at most 250 characters: what is done stays."""
    asked: Callable[[Operation, Words], Markup] = nothing
    """What was asked for, in a line of its own below the title."""
    report: Callable[[Operation, Words], Sequence[Markup]] = no_lines
    """Lines of the report besides who, how long and the counts; at most 1,500 characters."""
    buttons: Callable[[Operation, Words], Sequence[Element]] = no_buttons
    """At most two buttons below the report."""


def done(operation: Operation) -> int:
    """Return how much of it is done; the bar is this of `total`."""
    return operation.counts.get("done", 0)
