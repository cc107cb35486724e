"""What each section of the settings says in a few lines, with labels and counts."""

from __future__ import annotations

from collections.abc import Mapping

from bot.labels import (
    KINDS,
    listed,
    number_names,
    outcome_name,
    setting_name,
    value_in_words,
)
from bot.markup import Markup, bold, clean, escape, lines, shortened
from bot.words import Words
from rules.settings import Known, Settings, flat

MOST_TAGS = 5
SHORT = 60
"""Characters of one label."""


def numbers(settings: Settings, known: Known, words: Words) -> Markup:
    """Name the connected numbers, and say how many of them are gone."""
    if settings.numbers == "all":
        return words.md("All numbers, new ones too.")
    ids = sorted(settings.numbers)
    if not ids:
        return words.md("No number is connected yet.")
    said = words.count(
        "{count} number: {names}",
        "{count} numbers: {names}",
        len(ids),
        names=number_names(ids, known, words),
    )
    gone = [id_ for id_ in ids if known.numbers is not None and id_ not in known.numbers]
    if not gone:
        return escape(said)
    missing = words.count(
        "{count} of them is gone from Aircall.", "{count} of them are gone from Aircall.", len(gone)
    )
    return lines(said, Markup(f":warning: {escape(missing)}"))


def outcomes(settings: Settings, known: Known, words: Words) -> Markup:
    """Say by outcome which kinds of call get it, then what tags bring."""
    by_outcome: dict[str | None, list[str]] = {}
    for kind, outcome in settings.outcomes:
        by_outcome.setdefault(outcome, []).append(words(KINDS[kind]))
    return lines(
        *(
            words.md(
                "{outcome}: {kinds}",
                outcome=outcome_name(outcome, words) if outcome else words("No outcome"),
                kinds=listed(kinds, words),
            )
            for outcome, kinds in by_outcome.items()
        ),
        _tags(settings.tag_outcomes, known, words),
    )


def _tags(mapped: Mapping[str, str], known: Known, words: Words) -> Markup:
    if not mapped:
        return words.md("No tag is mapped.")
    tags, labels = known.tags or {}, known.outcomes or {}
    pairs = [
        (tags.get(tag, tag), outcome_name(labels.get(outcome, outcome), words))
        for tag, outcome in list(mapped.items())[:MOST_TAGS]
    ]
    named = [f"{_short(tag)} → {_short(outcome)}" for tag, outcome in pairs]
    if more := len(mapped) - MOST_TAGS:
        named += [words.count("{count} more", "{count} more", more)] if more > 0 else []
    return words.md("By tag: {tags}", tags=listed(named, words))


def tickets(settings: Settings, known: Known, words: Words) -> Markup:
    """Name the pipeline, and by stage the kinds whose tickets open there."""
    pipeline = settings.tickets.pipeline
    if pipeline is None:
        return words.md("No tickets are opened.")
    if known.pipelines is not None and pipeline not in known.pipelines:
        return words.md(
            ":warning: The pipeline {pipeline} is gone from HubSpot: no ticket can be opened.",
            pipeline=pipeline,
        )
    labels = (known.pipelines or {}).get(pipeline, {})
    by_stage: dict[str, list[str]] = {}
    for kind, stage in settings.tickets.stages:
        if stage is not None:
            by_stage.setdefault(stage, []).append(words(KINDS[kind]))
    name = bold(_short(known.pipeline_labels.get(pipeline, pipeline)))
    if not by_stage:
        return words.md("Pipeline {pipeline}, but no kind opens a ticket.", pipeline=name)
    stages = [
        _stage(stage, listed(kinds, words), labels, known, words)
        for stage, kinds in by_stage.items()
    ]
    return lines(words.md("Pipeline {pipeline}", pipeline=name), *stages)


def _stage(stage: str, kinds: str, labels: Mapping[str, str], known: Known, words: Words) -> Markup:
    if known.pipelines is not None and stage not in labels:
        return words.md(
            ":warning: {stage}, gone from HubSpot: {kinds}", stage=_short(stage), kinds=kinds
        )
    return words.md("{stage}: {kinds}", stage=_short(labels.get(stage, stage)), kinds=kinds)


def general(settings: Settings, known: Known, words: Words) -> Markup:
    """Say each of the general settings."""
    values, owner = flat(settings), settings.fallback_owner
    paths = ("name", "business_hours_only", "create_contacts", "sync_contacts", "fallback_owner")
    said = [
        words.md(
            "{setting}: {value}",
            setting=setting_name(path, known, words),
            value=value_in_words(path, values[path], known, words, pipeline=None),
        )
        for path in paths
    ]
    gone = owner is not None and known.owners is not None and not known.owners.get(owner)
    warning = words.md(":warning: This owner is not active in HubSpot any more.")
    return lines(*said, *([warning] if gone else []))


def _short(text: str) -> str:
    return shortened(clean(text), SHORT)
