"""Delete the integration, behind typing its name: the settings go, HubSpot's data stays."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from bot.asking.acts import View
from bot.asking.asked import Asked, Reply
from bot.asking.errors import showing_later
from bot.asking.unknown import UNKNOWN_FORM
from bot.blocks import Block, field, modal, section, text_input
from bot.channel.announcements import announce_soon
from bot.contact_sync import offering
from bot.integration.removal import remove_soon
from bot.labels import author_name
from bot.markup import Markup, bold, clean, date, escape, lines
from bot.modals.form import PREFIX, FormerFormError, Memo, memo_of, path_of
from bot.modals.opening import OVERVIEW
from bot.modals.overview import refresh_overview
from bot.words import Words
from rules.settings import Settings
from store.settings import Author, Revision, StaleSettings
from store.tombstone import DELETED

CALLBACK: Final = f"{PREFIX}delete"
FIELD: Final = "name"
_EMOJI_CODE: Final = re.compile(r":[a-z0-9_+'-]+:")


def open_deletion(asked: Asked) -> None:
    """Open the form. Raises redis-py's errors, Unavailable, Rejected and those of settings."""
    current, view = asked.desk.shop.revisions.current(), asked.act.view
    over = view.id if view is not None and view.callback == OVERVIEW else ""
    memo = Memo(current.number, over=over)
    asked.open(_form(asked, current, memo))


def _form(asked: Asked, current: Revision, memo: Memo, notices: Iterable[Markup] = ()) -> Block:
    offers = offering.offer(asked.desk.shop, asked.words)
    return form(current, memo, asked.words, notices, offers)


def form(
    current: Revision,
    memo: Memo,
    words: Words,
    notices: Iterable[Markup] = (),
    offers: Iterable[Block] = (),
) -> Block:
    """Build the form; one that was deleted already only says so.

    `offers` are the fields of what else may go.
    """
    if current.note == DELETED:
        said = words.md(
            "It was deleted already, at {when} by {who}.",
            when=date(current.at),
            who=author_name(current.author, words),
        )
        return modal(words("Delete"), [section(said)], close=words("Close"))
    name = clean(current.settings.name)
    return modal(
        words("Delete the integration"),
        [
            *(section(each) for each in notices),
            section(
                lines(
                    words.md("This is what happens to {name}:", name=bold(name)),
                    words.md("• All settings go back to their defaults, and it is disabled."),
                    words.md(
                        "• Our webhook at Aircall is removed, so that no event comes any more."
                    ),
                    words.md("• Everything that is in HubSpot stays as it is."),
                    words.md(
                        "• What was accepted and is not written yet waits, as while disabled."
                    ),
                    words.md("To only pause it, disable it instead: then the settings stay."),
                )
            ),
            field(
                f"{FIELD}#{memo.fresh}" if memo.fresh else FIELD,
                words("Type its name to delete it: {name}", name=name),
                text_input(longest=200),
            ),
            *offers,
        ],
        callback=CALLBACK,
        submit=words("Delete"),
        close=words("Keep it"),
        metadata=memo.text(),
    )


def submit_deletion(asked: Asked) -> Reply:
    """Delete, if the name is right. Raises redis-py's errors and those of settings."""
    view, words = asked.act.view, asked.words
    if view is None or not view.values:
        return UNKNOWN_FORM.submit(asked)
    try:
        memo = memo_of(view.metadata)
    except FormerFormError:
        return UNKNOWN_FORM.submit(asked)
    revisions = asked.desk.shop.revisions
    current = revisions.current()
    if current.note == DELETED:
        return {"response_action": "update", "view": form(current, memo, words)}
    name = current.settings.name
    if not same_name(_name_in(view), name):
        said = words("This is not its name. Type exactly: {name}", name=clean(name))
        return {"response_action": "errors", "errors": {_block_of(view): said}}
    author = Author("admin", asked.person.id, asked.person.name)
    try:
        tombstone = revisions.save(Settings(), author, memo.based_on, DELETED, even_unchanged=True)
    except StaleSettings as error:
        return {"response_action": "update", "view": _again(asked, memo, error.between)}
    removing = offering.wanted(view)
    offering.settle(asked, removing)
    remove_soon(asked.desk, asked.act.user, view.id, tombstone.number)
    announce_soon(asked.desk)
    if memo.over:
        showing_later(asked, lambda: refresh_overview(asked, memo.over))
    return {"response_action": "update", "view": deleted(name, tombstone, words, removing)}


def _block_of(view: View) -> str:
    """Name the block that the name is typed into."""
    first = next(iter(view.values))
    return next((each for each in view.values if path_of(each) == FIELD), first)


def _name_in(view: View) -> str:
    return str(view.values[_block_of(view)] or "")


def _again(asked: Asked, memo: Memo, between: Iterable[Revision]) -> Block:
    """Ask once more, after somebody changed what is to be deleted."""
    words, current = asked.words, asked.desk.shop.revisions.current()
    notices = [
        words.md(
            ":information_source: {who} saved the settings at {when}, while this form was open. "
            "Nothing was deleted. Look first, then type the name again.",
            who=author_name(each.author, words),
            when=date(each.at, "{time}"),
        )
        for each in tuple(between)[-1:]
    ]
    memo = Memo(current.number, memo.fresh + 1, over=memo.over)
    return _form(asked, current, memo, notices)


def deleted(name: str, tombstone: Revision, words: Words, removing: int = 0) -> Block:
    """Build what is seen after it was deleted; `removing` contacts go in Aircall."""
    going = words.count(
        "{count} contact that was made in Aircall is being removed; a message tells how far it is.",
        "{count} contacts that were made in Aircall are being removed; a message tells how far it "
        "is.",
        removing,
    )
    return modal(
        words("Deleted"),
        [
            section(
                words.md(
                    "{name} is deleted, as revision {number}: it is disabled and its settings are "
                    "the defaults. What is in HubSpot stays.",
                    name=bold(name),
                    number=tombstone.number,
                )
            ),
            *([section(escape(going))] if removing else []),
            section(words.md("Our webhook at Aircall is being removed …"), id_="webhook"),
        ],
        close=words("Close"),
    )


def same_name(typed: str, name: str) -> bool:
    """Tell whether a name was typed, as far as Slack's input lets people type it.

    Upper and lower case count. A dash is a dash; emoji come back from Slack as codes, marks of
    direction cannot be typed: they do not count, unless there is nothing else.
    """
    return _typable(typed) == _typable(name) if _typable(name) else typed.strip() == name


def _typable(text: str) -> str:
    kept = []
    for each in _EMOJI_CODE.sub("", text):
        match unicodedata.category(each):
            case "Pd":
                kept.append("-")
            case "So" | "Sk" | "Cf" | "Cs" | "Mn" | "Me":
                continue
            case _:
                kept.append(each)
    return " ".join("".join(kept).split())
