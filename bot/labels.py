"""What admins read in place of paths and ids: names of settings, and their values in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.markup import Markup, bold, clean
from bot.words import N_, Words
from rules.settings import Change, Known, Value

NAMES: Final[Mapping[str, str]] = {
    "name": N_("Name"),
    "enabled": N_("Enabled"),
    "numbers": N_("Connected numbers"),
    "outcomes.outbound_answered": N_("Outcome of an answered outgoing call"),
    "outcomes.outbound_unanswered": N_("Outcome of an unanswered outgoing call"),
    "outcomes.outbound_busy": N_("Outcome of an outgoing call to a busy line"),
    "outcomes.outbound_wrong_number": N_("Outcome of an outgoing call to a wrong number"),
    "outcomes.inbound_answered": N_("Outcome of an answered incoming call"),
    "outcomes.inbound_missed": N_("Outcome of a missed incoming call without voicemail"),
    "outcomes.inbound_voicemail": N_("Outcome of a missed incoming call with voicemail"),
    "tag_outcomes": N_("Outcomes by tag"),
    "tickets.pipeline": N_("Ticket pipeline"),
    "tickets.stages.outbound_answered": N_("Ticket for an answered outgoing call"),
    "tickets.stages.outbound_unanswered": N_("Ticket for an unanswered outgoing call"),
    "tickets.stages.inbound_answered": N_("Ticket for an answered incoming call"),
    "tickets.stages.inbound_missed": N_("Ticket for a missed incoming call without voicemail"),
    "tickets.stages.inbound_voicemail": N_("Ticket for a missed incoming call with voicemail"),
    "tickets.stages.outbound_message": N_("Ticket for an outgoing message"),
    "tickets.stages.inbound_message": N_("Ticket for an incoming message"),
    "business_hours_only": N_("Only within business hours"),
    "create_contacts": N_("Create unknown contacts"),
    "sync_contacts": N_("Copy contacts to Aircall"),
    "fallback_owner": N_("Owner where none is found"),
}
"""Every setting by its path; a mapped tag follows `tag_outcomes.`."""

MOST_NAMED: Final = 5
"""Numbers that are named before the rest is only counted."""


def setting_name(path: str, known: Known, words: Words) -> str:
    """Name a setting; a tag by its own name."""
    section, _, tag = path.partition(".")
    if section == "tag_outcomes" and tag:
        return words("Outcome of calls tagged “{tag}”", tag=clean((known.tags or {}).get(tag, tag)))
    return words(NAMES[path])


def value_in_words(path: str, value: Value, known: Known, words: Words, *, pipeline: Value) -> str:
    """Say a setting's value; what has no label any more is named by its id.

    `pipeline` is the id of the pipeline that a stage belongs to.
    """
    match value:
        case True:
            return words("yes")
        case False:
            return words("no")
        case "all" if path == "numbers":
            return words("all numbers, new ones too")
        case tuple():
            return _numbers(value, known, words)
        case None:
            return words(_nothing(path))
    label = _labels(path, known, str(pipeline)).get(value)
    return words.retell(label) if label and path.startswith("outcomes.") else clean(label or value)


def diff_lines(
    changes: tuple[Change, ...], known: Known, words: Words, *, pipeline: Value
) -> list[Markup]:
    """Say each change: `*Ticket pipeline*: Support → Sales`.

    `pipeline` is the one after the changes; before them it is the changed one's old value.
    """
    before = next((each.old for each in changes if each.path == "tickets.pipeline"), pipeline)
    return [
        words.md(
            "{setting}: {old} → {new}",
            setting=bold(setting_name(each.path, known, words)),
            old=value_in_words(each.path, each.old, known, words, pipeline=before),
            new=value_in_words(each.path, each.new, known, words, pipeline=pipeline),
        )
        for each in changes
    ]


def _nothing(path: str) -> str:
    if path.startswith("tickets.stages."):
        return N_("no ticket")
    if path.startswith("outcomes."):
        return N_("no outcome")
    if path.startswith("tag_outcomes."):
        return N_("not mapped")
    return N_("nobody") if path == "fallback_owner" else N_("none")


def _numbers(ids: tuple[int, ...], known: Known, words: Words) -> str:
    if not ids:
        return words("none")
    names = [clean((known.numbers or {}).get(id_, str(id_))) for id_ in ids[:MOST_NAMED]]
    if more := len(ids) - len(names):
        names.append(words.count("and {count} more", "and {count} more", more))
    return ", ".join(names)


def _labels(path: str, known: Known, pipeline: str) -> Mapping[str, str]:
    if path.startswith("tag_outcomes."):
        return known.outcomes or {}
    if path.startswith("tickets.stages."):
        return (known.pipelines or {}).get(pipeline, {})
    if path == "tickets.pipeline":
        return known.pipeline_labels
    return known.owner_names if path == "fallback_owner" else {}
