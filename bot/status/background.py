"""The background work in one line: when each job ran, or will; what is late stands out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.markup import Markup, clean, date, join, shortened
from bot.operations.kinds import SAYINGS
from bot.status.facts import Facts
from bot.words import N_, Words
from store.schedule import Planned

SELDOM: Final = 900
"""Seconds: of a job that is called less often it is told when it is called next."""
LONGEST_TROUBLE: Final = 300
MOST: Final = 5
"""Jobs that are told of while all is well: those that are called most often."""
NAMES: Final[tuple[tuple[str, str], ...]] = (
    ("sync.pipelines.", N_("ticket pipelines")),
    ("sync.directory.", N_("numbers, users, tags and owners")),
    ("sync.webhook.", N_("webhook")),
    ("sync.backfill.", N_("Backfill of past calls")),
    ("sync.gaps.", N_("calls that never arrived")),
    ("sync.foreign.", N_("calls logged by others")),
    ("sync.contacts.gone.", N_("deleted contacts")),
    ("sync.contacts.wanted.", N_("contacts of new calls")),
    ("sync.contacts.", N_("contacts")),
    ("sync.retention.", N_("clean-up")),
)
"""What a job looks after, by how its dotted name begins: the first that fits."""


def background(facts: Facts, words: Words) -> Iterator[Markup]:
    """Yield what is told of background work: operations, then jobs, then what is wrong."""
    for operation in facts.operations:
        saying = SAYINGS[operation.kind]
        yield words.md(
            "{title}: {progress}.",
            title=shortened(clean(saying.title(operation, words)), 100),
            progress=saying.so_far(operation, words),
        )
    late = [each for each in facts.jobs if each.late(facts.now, facts.beating)]
    if facts.clock_stands:
        late = []  # that the clock stands says it all
    often = sorted(facts.jobs, key=lambda each: each.every)
    well = [each for each in often if each not in late and _moment(each, facts.now, words)]
    if well:
        told = join(" · ", (_told(each, facts.now, words) for each in well[:MOST]))
        yield words.md("Background: {jobs}.", jobs=told)
    for each in late:
        yield _late(each, words)
    for each in facts.jobs:
        if each.trouble:
            yield _trouble(each, words)


def job_name(job: str, words: Words) -> str:
    """Say what a job looks after; one that nobody named, by its dotted name."""
    return next((words(name) for start, name in NAMES if job.startswith(start)), job)


def _told(planned: Planned, now: int, words: Words) -> str:
    name = job_name(planned.job, words)
    return f"{name} {_moment(planned, now, words)}"


def _moment(planned: Planned, now: int, words: Words) -> str:
    """Say when it ran, or, where that is seldom, when it is called next."""
    if planned.every > SELDOM and planned.next is not None and planned.next > now:
        return words.from_now((planned.next - now) / 1000)
    if planned.run is None:
        return ""
    return words.from_now((planned.run.began - now) / 1000)


def _late(planned: Planned, words: Words) -> Markup:
    name = job_name(planned.job, words)
    if planned.run is None:
        return words.md(":warning: Late: *{job}*, never done yet.", job=name)
    return words.md(
        ":warning: Late: *{job}*, last done {when}.", job=name, when=date(planned.run.began)
    )


def _trouble(planned: Planned, words: Words) -> Markup:
    said = shortened(clean(words.retell(planned.trouble)), LONGEST_TROUBLE)
    name = job_name(planned.job, words)
    since = planned.run.troubled if planned.run else None
    if since is None:
        return words.md(":warning: *{job}*: {because}", job=name, because=said)
    return words.md(
        ":warning: *{job}*, since {when}: {because}", job=name, when=date(since), because=said
    )
