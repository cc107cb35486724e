"""The form of what fits nowhere else: name, hours, contacts, and who owns what nobody owns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.asking.acts import Typed
from bot.blocks import Block, Option, context, field, radio, select, text_input
from bot.modals.form import NOTHING, Draft, Section, chosen, path_of
from bot.words import N_, Words

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
HINTS: Final[dict[str, str]] = {
    "sync_contacts": N_(
        "“Yes” writes to Aircall: name, company, phones and e-mails of the contact of each call "
        "and message that is logged from then on, and what changes of them in HubSpot. “sync” "
        "copies all contacts. “No” stops that, and removes nothing."
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
        field(
            draft.block_id(path),
            words(label),
            _switch(words, yes, no, chosen=getattr(shown, path)),
            hint=words(HINTS[path]) if path in HINTS else "",
        )
        for path, (label, yes, no) in SWITCHES.items()
    ]
    return [*inputs, *_owner(draft)]


def _switch(words: Words, yes: str, no: str, *, chosen: bool) -> Block:
    return radio([Option(words(yes), YES), Option(words(no), NO)], YES if chosen else NO)


def _owner(draft: Draft) -> list[Block]:
    words, now, known = draft.words, draft.shown.fallback_owner, draft.known
    is_shown = now is None or bool((known.owners or {}).get(now))
    made = [
        field(
            draft.block_id("fallback_owner"),
            words("Owner where none is found"),
            select(owner_options(draft), NOTHING if now is None else now, words("Choose")),
            hint=words("For calls whose agent has no HubSpot owner of the same e-mail."),
            # Who is gone cannot be shown as chosen; left empty, it stays as it was.
            optional=not is_shown,
        )
    ]
    if now is not None and not is_shown and known.owners is not None:
        said = words.md(
            ":warning: {owner} was chosen before and is not active in HubSpot any more. Choose "
            "another one or “Nobody”.",
            owner=known.owner_names.get(now, now),
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
    nobody = Option(words("Nobody"), NOTHING)
    return [*([nobody] if wanted in nobody.text.casefold() else []), *found]


def read(values: Mapping[str, Typed], _: Draft) -> dict[str, object]:
    """Read what was typed; a name that was emptied is refused, not left as it was."""
    typed = chosen(values)
    for path in SWITCHES:
        if path in typed:
            typed[path] = {YES: True, NO: False}.get(str(typed[path]), typed[path])
    emptied = any(path_of(block) == "name" and value is None for block, value in values.items())
    return {**typed, "name": None} if emptied else typed


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
