"""The form of what fits nowhere else: name, hours, contacts, and who owns what nobody owns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.acts import Typed
from bot.blocks import Block, Option, context, field, radio, select, text_input
from bot.markup import clean
from bot.modals.form import Draft, Section
from bot.words import N_, Words

NOBODY: Final = "-"
YES, NO = "yes", "no"
SWITCHES: Final[dict[str, tuple[str, str, str]]] = {
    "business_hours_only": (
        N_("Only within business hours?"),
        N_("Yes: ignore calls and messages outside the number's hours"),
        N_("No: log them at any time"),
    ),
    "create_contacts": (
        N_("Create unknown contacts?"),
        N_("Yes: make a contact in HubSpot of an unknown caller"),
        N_("No: log the call without a contact"),
    ),
    "sync_contacts": (
        N_("Copy contacts to Aircall?"),
        N_("Yes: keep HubSpot's contacts of logged calls in Aircall"),
        N_("No: leave Aircall's contacts alone"),
    ),
}


def blocks(draft: Draft) -> list[Block]:
    """Build the fields."""
    words, shown = draft.words, draft.shown
    inputs = [
        field(
            draft.block_id("name"),
            words("Name"),
            text_input(initial=shown.name, longest=80),
            hint=words("Shown in Slack and in the text of every call, 1 to 80 characters."),
        )
    ]
    inputs += [
        field(draft.block_id(path), words(label), _switch(words, yes, no, getattr(shown, path)))
        for path, (label, yes, no) in SWITCHES.items()
    ]
    return [*inputs, *_owner(draft)]


def _switch(words: Words, yes: str, no: str, chosen: bool) -> Block:  # noqa: FBT001
    return radio([Option(words(yes), YES), Option(words(no), NO)], YES if chosen else NO)


def _owner(draft: Draft) -> list[Block]:
    words, chosen = draft.words, draft.shown.fallback_owner
    gone = chosen is not None and not (draft.known.owners or {}).get(chosen, False)
    made = [
        field(
            draft.block_id("fallback_owner"),
            words("Owner where none is found"),
            select(owner_options(draft), NOBODY if chosen is None else chosen, words("Choose")),
            hint=words("For calls whose agent has no HubSpot owner of the same e-mail."),
            optional=True,
        )
    ]
    if gone and chosen is not None and draft.known.owners is not None:
        name = clean(draft.known.owner_names.get(chosen, chosen))
        said = words.md(
            ":warning: {owner} was chosen before and is not active in HubSpot any more.", owner=name
        )
        made.append(context(said))
    return made


def owner_options(draft: Draft, typed: str = "") -> Sequence[Option]:
    """List nobody and the active owners whose name or e-mail contains what was typed."""
    words, wanted = draft.words, typed.strip().casefold()
    owners = sorted(
        draft.directory.owners or (), key=lambda each: (each.name or each.email).casefold()
    )
    found = [
        Option(each.name or each.email, each.id, each.email if each.name else "")
        for each in owners
        if each.active and wanted in f"{each.name} {each.email}".casefold()
    ]
    return [Option(words("Nobody"), NOBODY), *found]


def read(values: Mapping[str, Typed], _: Draft) -> dict[str, object]:
    """Read what was typed."""
    typed: dict[str, object] = {}
    for block, value in values.items():
        path = block.partition("#")[0]
        if path in SWITCHES:
            typed[path] = {YES: True, NO: False}.get(str(value), value)
        elif path == "fallback_owner":
            # Nothing chosen: the owner of before, gone or not, stays what it was.
            if value is not None:
                typed[path] = None if value == NOBODY else value
        else:
            typed[path] = value
    return typed


GENERAL: Final = Section(
    name="general",
    title=N_("General"),
    does=N_("Change name, business hours, contacts and the owner where none is found."),
    paths=("name", *SWITCHES, "fallback_owner"),
    parts=("owners",),
    blocks=blocks,
    read=read,
    choices={"fallback_owner": owner_options},
)
