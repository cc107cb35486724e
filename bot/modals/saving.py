"""Submit any section's form: checked, saved as a revision, or told why not, nothing typed lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.announcements import announce_soon
from bot.asking import Asked, Reply
from bot.blocks import Block, actions, modal, section
from bot.labels import diff_lines
from bot.markup import Markup, bold, date, lines
from bot.modals.form import Draft, Memo, Section, memo_of
from bot.modals.opening import draft_of
from bot.undo import undo_button
from rules.settings import (
    InvalidSettings,
    Problem,
    Settings,
    diff,
    new_problems,
    with_ids,
    with_values,
)
from store.settings import Author, Revision, StaleSettings


def submit(asked: Asked, form: Section) -> Reply:
    """Save what was typed. Raises redis-py's errors and those of settings that cannot be read."""
    view = asked.act.view
    if view is None:
        raise ValueError("a submission without a view")
    memo = memo_of(view.metadata)
    revisions = asked.desk.shop.revisions
    base = revisions.get(memo.based_on)
    draft = draft_of(asked, base, memo)
    before = with_ids(base.settings, draft.known)
    try:
        wanted = with_values(before, form.read(view.values, draft))
    except InvalidSettings as error:
        return _refused(asked, error.problems, view.values)
    if found := new_problems(before, wanted, draft.known):
        return _refused(asked, found, view.values)
    try:
        revision = revisions.save(wanted, author(asked), base.number)
    except StaleSettings as error:
        return {"response_action": "update", "view": _merged(asked, form, memo, wanted, error)}
    if revision.number == base.number:
        return {"response_action": "update", "view": unchanged(asked)}
    announce_soon(asked.desk)
    return {"response_action": "update", "view": saved(draft, revision)}


def author(asked: Asked) -> Author:
    """Name the person as the author of a revision."""
    return Author("admin", asked.person.id, asked.person.name)


def _refused(asked: Asked, problems: Iterable[Problem], values: Mapping[str, object]) -> Reply:
    """Put each sentence under its field; what has none here stands under the first."""
    blocks = {block.partition("#")[0]: block for block in values}
    errors: dict[str, str] = {}
    for each in problems:
        block = blocks.get(each.path) or blocks.get(each.path.partition(".")[0])
        block = block or next(iter(values))
        said = asked.words.retell(each.sentence)
        errors[block] = f"{errors[block]} {said}" if block in errors else said
    return {"response_action": "errors", "errors": errors}


def _merged(
    asked: Asked, form: Section, memo: Memo, wanted: Settings, stale: StaleSettings
) -> Block:
    """Lay what this person changed upon what somebody saved in between, and say who did what."""
    shop = asked.desk.shop
    base, now = shop.revisions.get(memo.based_on), shop.revisions.current()
    draft = draft_of(asked, now, replace(memo, based_on=now.number, fresh=memo.fresh + 1))
    mine = diff(with_ids(base.settings, draft.known), wanted)
    shown = with_values(now.settings, {each.path: _typed(each.new) for each in mine})
    notices = [_who_saved(asked, each, draft) for each in stale.between]
    notices.append(
        asked.words.md("What you entered is kept below. Save again to put it on top of that.")
    )
    return form.view(replace(draft, shown=shown, notices=tuple(notices)))


def _typed(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _who_saved(asked: Asked, revision: Revision, draft: Draft) -> Markup:
    pipeline = revision.settings.tickets.pipeline
    headline = asked.words.md(
        ":information_source: {who} saved at {when}, while this form was open:",
        who=bold(revision.author.name or revision.author.id or revision.author.kind),
        when=date(revision.at, "{time}"),
    )
    return lines(
        headline, *diff_lines(revision.changes, draft.known, draft.words, pipeline=pipeline)
    )


def saved(draft: Draft, revision: Revision) -> Block:
    """Build what is seen after a save: the revision and its changes, with *Undo*."""
    words = draft.words
    pipeline = revision.settings.tickets.pipeline
    changes = diff_lines(revision.changes, draft.known, words, pipeline=pipeline)
    return modal(
        words("Saved"),
        [
            section(
                words.md(":white_check_mark: Saved as revision {number}.", number=revision.number)
            ),
            section(lines(*changes)),
            actions(undo_button(words, revision.number)),
        ],
        close=words("Close"),
    )


def unchanged(asked: Asked) -> Block:
    """Build what is seen after a save that changed nothing."""
    words = asked.words
    said = words("Nothing was changed, so there is nothing to save.")
    return modal(words("No change"), [section(Markup(said))], close=words("Close"))
