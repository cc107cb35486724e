"""The form of the connected numbers: all of them, new ones too, or those that are chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.asking.acts import Typed
from bot.blocks import MOST_OPTIONS, Block, Option, context, field, multi_select
from bot.labels import number_names
from bot.markup import Markup, escape, shortened
from bot.modals.form import Draft, Section, chosen, path_of
from bot.words import N_
from store.directory import Number

ALL: Final = "all"
MOST_SHOWN: Final = 1000
"""Numbers that are shown as chosen one by one; those beyond stay as they are."""
SHORT: Final = 30
"""Characters of a name where more are chosen than one field holds, so that all fit the form."""
LONGEST_ID: Final = 18
"""Digits of an Aircall id, with room to spare."""


def blocks(draft: Draft) -> list[Block]:
    """Build the field; where more are chosen than Slack shows in one, a field for each hundred."""
    words, ids = draft.words, chosen_ids(draft)
    if not draft.directory.numbers and not ids and draft.shown.numbers != ALL:
        said = words.md("Aircall has told us of no number yet. Only all of them can be chosen.")
        return [_field(draft, ids), context(said)]
    made = [_field(draft, ids)] if len(ids) <= MOST_OPTIONS else _fields(draft, ids[:MOST_SHOWN])
    return [*made, *_remarks(draft, ids)]


def _field(draft: Draft, ids: Sequence[int]) -> Block:
    words = draft.words
    picked = [ALL] if draft.shown.numbers == ALL else [str(id_) for id_ in ids]
    return field(
        draft.block_id("numbers"),
        words("Connected numbers"),
        multi_select(number_options(draft), picked, words("Choose numbers")),
        hint=words("“All numbers” includes those that are added later, and wins over single ones."),
        optional=True,
    )


def _fields(draft: Draft, ids: Sequence[int]) -> list[Block]:
    """Build several fields: the numbers of each as chosen, all others by searching."""
    words = draft.words
    by_id = {each.id: each for each in draft.directory.numbers or ()}
    made = []
    for part, at in enumerate(range(0, len(ids), MOST_OPTIONS)):
        shown = ids[at : at + MOST_OPTIONS]
        element = {
            **multi_select((), (), words("Type a name or digits")),
            "initial_options": [_short(draft, id_, by_id.get(id_)).block() for id_ in shown],
        }
        label = words("Connected numbers {first} to {last}", first=at + 1, last=at + len(shown))
        made.append(field(draft.block_id("numbers", part), label, element, optional=True))
    return made


def _short(draft: Draft, id_: int, number: Number | None) -> Option:
    if number is None:
        return _unlisted(draft, id_)
    return Option(shortened(number.name or number.digits, SHORT), str(id_))


def _remarks(draft: Draft, ids: Sequence[int]) -> list[Block]:
    """Say which chosen numbers are gone, and how many do not fit the form."""
    words, made = draft.words, []
    if gone := gone_ids(draft):
        said = words.count(
            "A chosen number is gone from Aircall: {numbers}. It stays chosen until you remove it.",
            "{count} chosen numbers are gone from Aircall: {numbers}. They stay chosen until you "
            "remove them.",
            len(gone),
            numbers=number_names(gone, draft.known, words),
        )
        made.append(context(Markup(f":warning: {escape(said)}")))
    if len(ids) > MOST_SHOWN:
        said = words.count(
            "{count} more number is connected and stays so.",
            "{count} more numbers are connected and stay so.",
            len(ids) - MOST_SHOWN,
        )
        made.append(context(escape(said)))
    return made


def chosen_ids(draft: Draft) -> list[int]:
    """Give the numbers that are chosen one by one, by name; those that are not listed first."""
    if draft.shown.numbers == ALL:
        return []
    names = draft.known.numbers or {}
    return sorted(
        draft.shown.numbers,
        key=lambda id_: (id_ in names, names.get(id_, "").casefold(), id_),
    )


def gone_ids(draft: Draft) -> list[int]:
    """Give the chosen numbers that Aircall does not have any more."""
    names = draft.known.numbers
    return [] if names is None else [id_ for id_ in chosen_ids(draft) if id_ not in names]


def number_options(draft: Draft, typed: str = "") -> Sequence[Option]:
    """List all numbers as one, then those whose name or digits contain what was typed."""
    wanted = typed.strip().casefold()
    digits = "" if any(each.isalpha() for each in typed) else _digits(typed)
    listed = sorted(draft.directory.numbers or (), key=lambda each: (each.name.casefold(), each.id))
    found = [
        Option(each.name or each.digits, str(each.id), each.digits if each.name else "")
        for each in listed
        if wanted in each.name.casefold() or (digits and digits in _digits(each.digits))
    ]
    whole = Option(draft.words("All numbers, new ones too"), ALL)
    names = draft.known.numbers or {}
    unlisted = [_unlisted(draft, id_) for id_ in chosen_ids(draft) if id_ not in names]
    return [
        *(each for each in (whole, *unlisted) if wanted in each.text.casefold()),
        *found,
    ]


def _unlisted(draft: Draft, id_: int) -> Option:
    """Show a chosen number that we know by its id only."""
    if draft.known.numbers is None:
        return Option(draft.words("Number {id}", id=id_), str(id_))
    return Option(draft.words("Number {id}, gone from Aircall", id=id_), str(id_))


def _digits(text: str) -> str:
    return "".join(each for each in text if each.isdigit())


def read(values: Mapping[str, Typed], draft: Draft) -> dict[str, object]:
    """Read the chosen numbers; all of them win over single ones."""
    inputs = [value for block, value in values.items() if path_of(block) == "numbers"]
    typed = chosen({block: value for block, value in values.items() if path_of(block) != "numbers"})
    if not inputs:
        return typed
    picked = [
        each for value in inputs for each in ((value,) if isinstance(value, str) else value or ())
    ]
    if ALL in picked:
        return {**typed, "numbers": ALL}
    return {**typed, "numbers": [*map(_id, picked), *chosen_ids(draft)[MOST_SHOWN:]]}


def _id(value: str) -> int | str:
    """Read an id; what is none is left to be refused."""
    is_id = value.isascii() and value.isdigit() and len(value) <= LONGEST_ID
    return int(value) if is_id else value


NUMBERS: Final = Section(
    name="numbers",
    title=N_("Connected numbers"),
    does=N_("Choose the numbers whose calls and messages are logged."),
    paths=("numbers",),
    parts=("numbers",),
    blocks=blocks,
    read=read,
    choices={"numbers": number_options},
)
