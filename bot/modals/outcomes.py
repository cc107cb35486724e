"""The form of outcomes: one of those allowed for each kind of call, and any for a tag."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.asking.acts import Typed
from bot.blocks import Block, Option, field, select
from bot.labels import KINDS, outcome_name
from bot.modals.form import NOTHING, Draft, Section, chosen, path_of
from bot.modals.tag_rows import (
    TAGS,
    objections,
    outcome_options,
    tag_blocks,
    tag_options,
    with_row,
)
from bot.words import N_, Words
from rules.settings import Outcomes, outcome_choices

HINTS: Final[Mapping[str, str]] = {
    "outbound_answered": N_("Calls that reach an announcement or a mailbox are answered, too."),
    "outbound_unanswered": N_("The agent hung up before anybody answered."),
    "outbound_wrong_number": N_("The number is invalid or does not exist."),
}


def blocks(draft: Draft) -> list[Block]:
    """Build the fields: seven kinds, then the tags."""
    return [*(_kind(draft, kind) for kind in Outcomes.model_fields), *tag_blocks(draft)]


def _kind(draft: Draft, kind: str) -> Block:
    words, now = draft.words, getattr(draft.shown.outcomes, kind)
    return field(
        draft.block_id(f"outcomes.{kind}"),
        words(KINDS[kind]),
        select(kind_options(kind, words), NOTHING if now is None else now, words("Choose")),
        hint=words(HINTS[kind]) if kind in HINTS else "",
    )


def kind_options(kind: str, words: Words) -> list[Option]:
    """List the outcomes that a kind may have, and none."""
    return [
        Option(words("No outcome"), NOTHING)
        if each is None
        else Option(outcome_name(each, words), each)
        for each in outcome_choices(kind)
    ]


def read(values: Mapping[str, Typed], _: Draft) -> dict[str, object]:
    """Read what was typed; the choice of a tag only adds a row."""
    return chosen({block: value for block, value in values.items() if path_of(block) != TAGS})


OUTCOMES: Final = Section(
    name="outcomes",
    title=N_("Outcomes"),
    does=N_("Choose the outcome that each kind of call gets in HubSpot, or calls with a tag."),
    paths=("outcomes.", TAGS, f"{TAGS}."),
    parts=("outcomes", "tags"),
    blocks=blocks,
    read=read,
    objections=objections,
    choices={TAGS: tag_options, f"{TAGS}.": outcome_options},
    live={TAGS: with_row},
)
