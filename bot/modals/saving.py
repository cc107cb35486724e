"""Submit any section's form: checked, saved as a revision, or told why not, nothing typed lost."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

from bot.asking.acts import View
from bot.asking.asked import Asked, Reply
from bot.asking.errors import showing_later
from bot.asking.unknown import UNKNOWN_FORM
from bot.blocks import Block, actions, modal, section
from bot.channel.announcements import announce_soon
from bot.contact_sync.view import switched_on, sync_button
from bot.history.undo_button import undo_button
from bot.labels import author_name, diff_lines, listed, setting_name
from bot.markup import Markup, bold, date, lines, shortened
from bot.modals.checking import objected, under_its_field
from bot.modals.form import Draft, FormerFormError, Memo, Section, memo_of, path_of
from bot.modals.merging import merged
from bot.modals.opening import draft_of, open_fields
from bot.modals.overview import refresh_overview
from bot.words import Words
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

LONGEST_ERROR = 500
"""Characters under a field."""
LOOKS_FOR = 0.7
"""Seconds that a save waits for a vendor: a quarter of what Slack gives us."""
MOST_SAVES = 3
"""Saves in between that are shown with their changes; of earlier ones only how many there were."""


def submit(asked: Asked, form: Section) -> Reply:
    """Save what was typed. Raises redis-py's errors and those of settings that cannot be read."""
    view = asked.act.view
    if view is None:
        return UNKNOWN_FORM.submit(asked)
    try:
        memo = memo_of(view.metadata)
    except FormerFormError:
        return UNKNOWN_FORM.submit(asked)
    revisions = asked.desk.shop.revisions
    _look_again(asked, form)
    try:
        base = revisions.get(memo.based_on)
    except LookupError:
        return _anew(asked, form, view, memo)
    draft = draft_of(asked, base, memo)
    try:
        wanted = _wanted(form, view, draft)
    except InvalidSettings as error:
        return _refused(asked, error.problems, view)
    if wanted == draft.base:
        return _shown(unchanged(asked))
    try:
        revision, draft = _saved(asked, base, draft, wanted)
    except StaleSettings as error:
        return _shown(_on_top(asked, form, view, draft, wanted, error.between))
    if revision.number == draft.memo.based_on:
        return _shown(unchanged(asked))
    if revision.author.id != asked.person.id:
        return _shown(the_same(asked, revision))
    announce_soon(asked.desk)
    if memo.over:
        showing_later(asked, lambda: refresh_overview(asked, memo.over))
    return _shown(saved(draft, revision))


def _look_again(asked: Asked, form: Section) -> None:
    """Give the vendors a moment to tell what is gone by now; Slack waits no longer for us."""
    look, desk = form.look, asked.desk
    if look is None:
        return
    looking = desk.slow.submit(look, desk.shop)
    with suppress(TimeoutError):
        looking.result(LOOKS_FOR)


def _saved(asked: Asked, base: Revision, draft: Draft, wanted: Settings) -> tuple[Revision, Draft]:
    """Save; returns the revision, and the draft of what it was saved on.

    People look at what other people saved meanwhile. We took out only what is gone: what they
    chose goes on top of that at once, if it may. Raises StaleSettings.
    """
    revisions, who = asked.desk.shop.revisions, author(asked)
    try:
        spelled = _spelled(base.settings, draft.base, wanted)
        return revisions.save(spelled, who, base.number), draft
    except StaleSettings as error:
        if any(each.author.kind != "system" for each in error.between):
            raise
        now = revisions.current()
        newer = draft_of(asked, now, replace(draft.memo, based_on=now.number))
        both = merged(draft.base, wanted, newer.base).settings
        if new_problems(newer.base, both, newer.known):
            raise
        return revisions.save(_spelled(now.settings, newer.base, both), who, now.number), newer


def author(asked: Asked) -> Author:
    """Name the person as the author of a revision."""
    return Author("admin", asked.person.id, asked.person.name)


def _shown(view: Block) -> Reply:
    return {"response_action": "update", "view": view}


def _wanted(form: Section, view: View, draft: Draft) -> Settings:
    """Return the settings that were asked for; raises InvalidSettings for what may not be."""
    typed = form.read(view.values, draft)
    foreign = [path for path in typed if not form.holds(path)]
    if foreign:
        said = draft.words("This form has no such field, so nothing was saved.")
        raise InvalidSettings(Problem(path, said) for path in foreign)
    wanted = with_ids(with_values(draft.base, typed), draft.known)
    if found := objected(form, view.values, draft, wanted):
        raise InvalidSettings(found)
    return wanted


def _spelled(base: Settings, by_id: Settings, wanted: Settings) -> Settings:
    """Leave tags as they are named in the base where none of them was changed.

    A tag that settings.toml names becomes an id with the first change of a tag, not of a pipeline.
    """
    changes = diff(by_id, wanted)
    if any(each.path.startswith("tag_outcomes.") for each in changes):
        return wanted
    return with_values(wanted, {"tag_outcomes": dict(base.tag_outcomes)})


def _refused(asked: Asked, problems: Iterable[Problem], view: View) -> Reply:
    """Put each sentence under its field; what has none here stands under the first."""
    blocks = {path_of(block): block for block in reversed(tuple(view.values))}
    errors: dict[str, str] = {}
    for each in problems:
        block = blocks.get(each.path) or blocks.get(each.path.partition(".")[0])
        block = block or next(iter(view.values))
        said = under_its_field(each, asked.words)
        if said not in errors.get(block, ""):
            together = f"{errors[block]} {said}" if block in errors else said
            errors[block] = shortened(together, LONGEST_ERROR)
    return {"response_action": "errors", "errors": errors}


def _on_top(  # noqa: PLR0913, PLR0917 - all of one save that came too late
    asked: Asked,
    form: Section,
    view: View,
    draft: Draft,
    wanted: Settings,
    between: Iterable[Revision],
) -> Block:
    """Lay what this person changed upon what somebody saved in between, and say who did what."""
    words, memo = asked.words, draft.memo
    now = asked.desk.shop.revisions.current()
    newer = draft_of(asked, now, replace(memo, based_on=now.number, fresh=memo.fresh + 1))
    both = merged(draft.base, wanted, newer.base)
    notices = _who_saved(asked, tuple(between), newer)
    if both.both:
        names = listed([setting_name(path, newer.known, words) for path in both.both], words)
        said = words.md(
            "You both changed {settings}. Below it is as you chose.", settings=bold(names)
        )
        notices.append(said)
    notices.append(words.md("What you entered is kept below. Save again to put it on top of that."))
    shown = replace(newer, shown=both.settings, notices=tuple(notices), fields=open_fields(view))
    return form.view(form.settle(shown))


def _anew(asked: Asked, form: Section, view: View, memo: Memo) -> Reply:
    """Lay all that was typed upon the settings in force: those of the form are not there any more.

    That is so where the store was emptied while the form was open.
    """
    now = asked.desk.shop.revisions.current()
    draft = draft_of(asked, now, replace(memo, based_on=now.number, fresh=memo.fresh + 1))
    typed = {
        path: value for path, value in form.read(view.values, draft).items() if form.holds(path)
    }
    try:
        shown = with_values(draft.base, typed)
    except InvalidSettings as error:
        return _refused(asked, error.problems, view)
    said = asked.words.md(
        ":warning: The settings on which this form was opened are not in the store any more: it "
        "was emptied or replaced. What you entered is kept below, on top of the settings in force. "
        "Look through it, then save again."
    )
    draft = replace(draft, shown=shown, notices=(said,), fields=open_fields(view))
    return _shown(form.view(form.settle(draft)))


def _who_saved(asked: Asked, between: tuple[Revision, ...], draft: Draft) -> list[Markup]:
    words = asked.words
    said = []
    if (earlier := len(between) - MOST_SAVES) > 0:
        counted = words.count(
            "While this form was open, the settings were saved {count} more time before that.",
            "While this form was open, the settings were saved {count} more times before that.",
            earlier,
        )
        said.append(Markup(counted))
    for revision in between[-MOST_SAVES:]:
        headline = words.md(
            ":information_source: {who} saved at {when}, while this form was open:",
            who=author_name(revision.author, words),
            when=date(revision.at, "{time}"),
        )
        pipeline = revision.settings.tickets.pipeline
        changes = diff_lines(revision.changes, draft.known, words, pipeline=pipeline)
        said.append(lines(headline, *changes))
    return said


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
            *_sequel(revision, words),
            actions(undo_button(words, revision.number)),
        ],
        close=words("Close"),
    )


def _sequel(revision: Revision, words: Words) -> list[Block]:
    """Say what goes on from now on, and lead to where all contacts are copied."""
    if any(each.path == "sync_contacts" and each.new is True for each in revision.changes):
        return [section(switched_on(words), sync_button(words))]
    return []


def the_same(asked: Asked, revision: Revision) -> Block:
    """Build what is seen where somebody else saved exactly these settings meanwhile."""
    words = asked.words
    said = words.md(
        "{who} has saved the same, as revision {number}.",
        who=author_name(revision.author, words),
        number=revision.number,
    )
    return modal(words("No change"), [section(said)], close=words("Close"))


def unchanged(asked: Asked) -> Block:
    """Build what is seen after a save that changed nothing."""
    words = asked.words
    said = words("Nothing was changed, so there is nothing to save.")
    return modal(words("No change"), [section(Markup(said))], close=words("Close"))
