"""The part of the outcomes' form that is about tags: a row each, and a list that adds one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.asking.acts import Typed
from bot.blocks import Block, Option, context, divider, field, section, select
from bot.labels import listed, outcome_name
from bot.markup import Markup, clean, escape
from bot.modals.form import LONGEST_ID, NOTHING, Draft, path_of, plain_path
from rules.settings import Problem

TAGS: Final = "tag_outcomes"
LONGEST_VALUE: Final = 150
"""Characters of a choice's value."""
MOST_ROWS: Final = 35
"""Tags that have a row at once, with a remark each; any other one is chosen to get its own."""


def tag_blocks(draft: Draft) -> list[Block]:
    """Build the list that adds a row, and the rows."""
    words = draft.words
    said = words.md(
        "*By tag*\nA call with one of these tags gets the tag's outcome. Where several tags of a "
        "call disagree, the outcome of its kind counts."
    )
    shown = rows(draft)
    made = [divider(), section(said), *_adding(draft)]
    for tag in shown:
        made += _row(draft, tag)
    if hidden := len(_all_mapped(draft) - set(shown)):
        more = words.count(
            "{count} more tag is mapped and stays so. Choose it above to see or change it.",
            "{count} more tags are mapped and stay so. Choose one above to see or change it.",
            hidden,
        )
        made.append(context(escape(more)))
    return made


def _adding(draft: Draft) -> list[Block]:
    words, options = draft.words, tag_options(draft)
    if not options:
        return [context(words.md("Aircall has told us of no tag yet. Make tags there first."))]
    block = field(
        draft.block_id(TAGS),
        words("Add or show a tag"),
        select(options, None, words("Choose a tag")),
        optional=True,
        dispatch=True,
    )
    full = len(_open_rows(draft)) >= MOST_ROWS
    said = words.md("This form is full: save it before you change further tags.")
    return [block, context(said)] if full else [block]


def rows(draft: Draft) -> list[str]:
    """Give the tags that have a row: one just added, those open or changed, then the others."""
    newest, *others = _open_rows(draft) or [""]
    known = draft.known.tags or {}
    by_name = sorted(others, key=lambda tag: known.get(tag, tag).casefold())
    rest = sorted(
        _all_mapped(draft) - {newest, *others}, key=lambda tag: known.get(tag, tag).casefold()
    )
    return [tag for tag in (newest, *by_name, *rest) if tag and _nameable(tag)][:MOST_ROWS]


def _open_rows(draft: Draft) -> list[str]:
    """Give the tags whose row was open, for whose sake the form was opened, or that changed."""
    before, now = draft.base.tag_outcomes, draft.shown.tag_outcomes
    asked = [*draft.fields, draft.memo.at]
    opened = [path.removeprefix(f"{TAGS}.") for path in asked if path.startswith(f"{TAGS}.")]
    changed = [tag for tag in {*before, *now} if before.get(tag) != now.get(tag)]
    there = {tag for tag in {*before, *now, *(draft.known.tags or {})} if _nameable(tag)}
    return [tag for tag in dict.fromkeys([*opened, *sorted(changed)]) if tag in there]


def _all_mapped(draft: Draft) -> set[str]:
    return {*draft.base.tag_outcomes, *draft.shown.tag_outcomes}


def _nameable(tag: str) -> bool:
    """Tell whether a tag can name an input and be a choice: a name from the file may be long."""
    return len(plain_path(f"{TAGS}.{tag}")) <= LONGEST_ID and len(tag) <= LONGEST_VALUE


def _row(draft: Draft, tag: str) -> list[Block]:
    words = draft.words
    now, was = draft.shown.tag_outcomes.get(tag), draft.base.tag_outcomes.get(tag)
    options = outcome_options(draft)
    picked = now if now is not None else NOTHING if was is not None else None
    remark = _remark(draft, tag, now)
    row = field(
        draft.block_id(f"{TAGS}.{tag}"),
        words("Calls tagged “{tag}”", tag=clean((draft.known.tags or {}).get(tag, tag))),
        select(options, picked, words("Choose an outcome")),
        # What is gone cannot be shown as chosen; left empty, it stays as it was.
        optional=now is not None and picked not in {each.value for each in options},
    )
    return [row, context(remark)] if remark else [row]


def _remark(draft: Draft, tag: str, outcome: str | None) -> Markup | None:
    words, known = draft.words, draft.known
    if known.tags is not None and tag not in known.tags:
        return words.md(":warning: Aircall does not have this tag any more.")
    if outcome is not None and known.outcomes is not None and outcome not in known.outcomes:
        return words.md(
            ":warning: The outcome chosen before ({outcome}) is gone from HubSpot. Left empty, "
            "the tag stays mapped to it and calls get the outcome of their kind.",
            outcome=outcome_name(outcome, words),
        )
    return None


def outcome_options(draft: Draft, typed: str = "") -> Sequence[Option]:
    """List not mapped and the portal's outcomes whose label contains what was typed."""
    words, wanted = draft.words, typed.strip().casefold()
    named = {
        guid: outcome_name(label, words) for guid, label in (draft.known.outcomes or {}).items()
    }
    found = [Option(name, guid) for guid, name in named.items() if wanted in name.casefold()]
    return [Option(words("Not mapped any more"), NOTHING), *found]


def tag_options(draft: Draft, typed: str = "") -> Sequence[Option]:
    """List Aircall's tags whose name contains what was typed, with their outcomes."""
    wanted = typed.strip().casefold()
    known, mapped = draft.known.tags or {}, draft.shown.tag_outcomes
    gone = {tag: tag for tag in _all_mapped(draft) - set(known) if _nameable(tag)}
    found = sorted({**known, **gone}.items(), key=lambda each: (each[1].casefold(), each[0]))
    return [
        Option(clean(name) or tag, tag, _outcome(draft, mapped.get(tag)))
        for tag, name in found
        if wanted in name.casefold()
    ]


def _outcome(draft: Draft, outcome: str | None) -> str:
    if outcome is None:
        return ""
    name = outcome_name((draft.known.outcomes or {}).get(outcome, outcome), draft.words)
    return draft.words("Mapped to {outcome}", outcome=name)


def with_row(draft: Draft, tag: str) -> Draft:
    """Give a tag a row."""
    fields = [f"{TAGS}.{tag}", *draft.fields]
    has_room = len(_open_rows(draft)) < MOST_ROWS
    return replace(draft, fields=tuple(dict.fromkeys(fields))) if has_room else draft


def objections(values: Mapping[str, Typed], draft: Draft) -> list[Problem]:
    """Refuse a tag that was added and got no outcome, and one chosen whose row did not come."""
    words, known = draft.words, draft.known.tags or {}
    typed = {path_of(block): value for block, value in values.items()}
    found = [
        Problem(path, words("Choose an outcome for this tag, or “Not mapped any more”."))
        for path, value in typed.items()
        if path.startswith(f"{TAGS}.") and value is None
        if path.removeprefix(f"{TAGS}.") not in draft.base.tag_outcomes
    ]
    added = typed.get(TAGS)
    if isinstance(added, str) and f"{TAGS}.{added}" not in typed:
        name = listed([clean(known.get(added, added))], words)
        said = words("Choose “{tag}” once more: it has no row below yet.", tag=name)
        found.append(Problem(TAGS, said))
    return found
