"""What admins read in place of paths and ids: names of settings, and their values in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from bot.markup import Markup, bold, clean, escape, mention
from bot.words import N_, Words
from rules.missing import noted
from rules.outcomes import DEFAULT_OUTCOMES
from rules.settings import Change, Known, Value, labels_of
from store.settings import Author

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

KINDS: Final[Mapping[str, str]] = {
    "outbound_answered": N_("Answered outgoing call"),
    "outbound_unanswered": N_("Unanswered outgoing call"),
    "outbound_busy": N_("Outgoing call to a busy line"),
    "outbound_wrong_number": N_("Outgoing call to a wrong number"),
    "inbound_answered": N_("Answered incoming call"),
    "inbound_missed": N_("Missed incoming call without voicemail"),
    "inbound_voicemail": N_("Missed incoming call with voicemail"),
    "outbound_message": N_("Outgoing message"),
    "inbound_message": N_("Incoming message"),
}
"""Every kind of interaction that settings speak of."""

MOST_NAMED: Final = 5
"""Numbers that are named before the rest is only counted."""
MOST_LINES: Final = 20
"""Changes of one revision that are shown before the rest is only counted."""
LONGEST: Final = 80
"""Characters of one name or value in a line of changes."""


def setting_name(path: str, known: Known, words: Words) -> str:
    """Name a setting; a tag by its own name, one of a former version by its path."""
    section, _, tag = path.partition(".")
    if section == "tag_outcomes" and tag:
        name = _short((known.tags or {}).get(tag, tag))
        return words("Outcome of calls tagged “{tag}”", tag=name)
    return words(NAMES[path]) if path in NAMES else _short(path)


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
            return number_names(value, known, words)
        case None:
            return words(_nothing(path))
    label = labels_of(path, known, str(pipeline)).get(value) or value
    is_outcome = path.startswith(("outcomes.", "tag_outcomes."))
    return _short(outcome_name(label, words) if is_outcome else label)


def outcome_name(label: str, words: Words) -> str:
    """Name an outcome: those that every portal has in the reader's words, its own as it does."""
    return words(label) if label in DEFAULT_OUTCOMES else label


def diff_lines(
    changes: Sequence[Change],
    known: Known,
    words: Words,
    *,
    pipeline: Value,
    most: int = MOST_LINES,
) -> list[Markup]:
    """Say each change: `*Ticket pipeline*: Support → Sales`; beyond `most`, how many more.

    `pipeline` is the one after the changes; before them it is the changed one's old value.
    """
    before = next((each.old for each in changes if each.path == "tickets.pipeline"), pipeline)
    shown = list(changes[:most])
    said = [_line(each, known, words, before, pipeline) for each in shown]
    if more := len(changes) - len(shown):
        said.append(
            Markup(words.count("and {count} more change", "and {count} more changes", more))
        )
    return said


def _line(change: Change, known: Known, words: Words, before: Value, after: Value) -> Markup:
    name = bold(setting_name(change.path, known, words))
    if isinstance(change.old, tuple) and isinstance(change.new, tuple) and change.old:
        added = tuple(each for each in change.new if each not in change.old)
        removed = tuple(each for each in change.old if each not in change.new)
        if change.new:
            return _numbers_line(name, added, removed, known, words)
    return words.md(
        "{setting}: {old} → {new}",
        setting=name,
        old=value_in_words(change.path, change.old, known, words, pipeline=before),
        new=value_in_words(change.path, change.new, known, words, pipeline=after),
    )


def _numbers_line(
    name: Markup, added: tuple[int, ...], removed: tuple[int, ...], known: Known, words: Words
) -> Markup:
    new, gone = number_names(added, known, words), number_names(removed, known, words)
    if added and removed:
        return words.md(
            "{setting}: {added} added, {removed} removed", setting=name, added=new, removed=gone
        )
    if added:
        return words.md("{setting}: {added} added", setting=name, added=new)
    return words.md("{setting}: {removed} removed", setting=name, removed=gone)


def note_in_words(note: str, known: Known, words: Words) -> str:
    """Say what a revision notes of itself; what is gone by the name under which people knew it."""
    missing = noted(note)
    if missing is None:
        return words.retell(note)
    pipeline = value_in_words("tickets.pipeline", missing.pipeline, known, words, pipeline=None)
    if missing.stage is None:
        return words("pipeline “{pipeline}” is missing in HubSpot", pipeline=pipeline)
    path = "tickets.stages.inbound_missed"  # as those of any kind
    stage = value_in_words(path, missing.stage, known, words, pipeline=missing.pipeline)
    return words(
        "stage “{stage}” of pipeline “{pipeline}” is missing in HubSpot",
        stage=stage,
        pipeline=pipeline,
    )


def number_names(ids: Sequence[int], known: Known, words: Words) -> str:
    """Name some numbers, and count the rest."""
    if not ids:
        return words("none")
    return first_names([(known.numbers or {}).get(id_, str(id_)) for id_ in ids], words)


def first_names(names: Sequence[str], words: Words) -> str:
    """Join the first few of some names, at least one, and count the rest: "A, B and 3 more"."""
    shown = [_short(each) for each in names[:MOST_NAMED]]
    if more := len(names) - len(shown):
        shown.append(words.count("{count} more", "{count} more", more))
    return listed(shown, words)


def listed(names: Iterable[str], words: Words) -> str:
    """Join names as a person would: "A, B and C"."""
    *first, last = names
    return words("{some} and {last}", some=", ".join(first), last=last) if first else last


def author_name(author: Author, words: Words) -> Markup:
    """Name who made a revision, an admin as Slack shows them to each reader."""
    match author.kind:
        case "admin" if author.id:
            return mention(author.id)
        case "system":
            return Markup(words("the integration itself"))
        case "cli":
            return words.md("{name} in a shell", name=author.name or author.id)
        case _:
            return escape(author.name or author.id or author.kind)


def _short(text: str) -> str:
    text = clean(text)
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def _nothing(path: str) -> str:
    if path.startswith("tickets.stages."):
        return N_("no ticket")
    if path.startswith("outcomes."):
        return N_("no outcome")
    if path.startswith("tag_outcomes."):
        return N_("not mapped")
    return N_("nobody") if path == "fallback_owner" else N_("none")
