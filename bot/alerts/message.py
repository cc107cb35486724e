"""An alert as a message: what is wrong, since when, what mends it, and in the end how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.alerts.buttons import menu
from bot.alerts.substance import id_of
from bot.blocks import Block, Element, Message, actions, button, context, section
from bot.markup import Markup, channel, clean, date, escape, mention, shortened
from bot.status.alerts import alert_sentence, quiet_line
from bot.status.fixes import CHECK, fixes_of, shared_fix
from bot.status.missing import missing_facts
from bot.words import Words
from store.alerts import Alert, Notice
from store.quiet import Quiet
from store.told import Left, Member, Post

MOST_BUTTONS: Final = 2
LONGEST: Final = 600
"""Characters of a sentence that has a message for itself."""
MOST_LINES: Final = 10
"""Alerts that a list names."""
LONGEST_LINE: Final = 180
MOST_NOTICES: Final = 8
LONGEST_SPOKEN: Final = 600


def message(post: Post, quiets: Mapping[str, Quiet], words: Words) -> Message:
    """Build the message of a post, in the reader's language."""
    return _list(post, quiets, words) if post.is_list else _single(post, quiets, words)


def _single(post: Post, quiets: Mapping[str, Quiet], words: Words) -> Message:
    (member,) = post.members
    alert = member.alert
    said = shortened(_sentence(member, words), LONGEST)
    if member.ended is not None:
        return _resolved(member, said, words)
    shown = words.md(":warning: {sentence} _(since {when})_", sentence=said, when=date(alert.since))
    quiet = quiets.get(alert.name)
    facts = missing_facts(alert, words)
    known = [context(facts)] if facts else []
    blocks: list[Block] = [section(shown), *known, *_notes(post, quiet, words)]
    buttons = [
        fix.button(words, number) for number, fix in enumerate(fixes_of(alert)[:MOST_BUTTONS], 1)
    ]
    row = [*buttons, menu(id_of(alert.name), words, quiet=quiet is not None)]
    spoken = words("Warning: {sentence}", sentence=said)
    if post.posted != post.first:
        spoken = words("Still open: {sentence}", sentence=said)
    return Message(_ended(spoken), (*blocks, actions(*row)))


def _resolved(member: Member, said: str, words: Words) -> Message:
    alert, ended = member.alert, member.ended or 0
    shown = words.md(":white_check_mark: *Resolved*: {sentence}", sentence=said)
    lasted = words.md(
        "It lasted {duration}, from {since} to {ended}.",
        duration=words.duration((ended - alert.since) / 1000),
        since=date(alert.since),
        ended=date(ended),
    )
    because = [escape(_because(member, words))] if member.because else []
    spoken = words("Resolved: {sentence}", sentence=said)
    return Message(_ended(spoken), (section(shown), context(*because, lasted)))


def _sentence(member: Member, words: Words) -> str:
    """Say what is wrong; of what is resolved what was, though meanwhile it was partly mended."""
    alert = member.alert
    if member.ended is not None:
        alert = replace(alert, about={**alert.about, "back": ""})
    return alert_sentence(alert, words)


def _because(member: Member, words: Words) -> str:
    return shortened(clean(words.retell(member.because)), LONGEST)


def _notes(post: Post, quiet: Quiet | None, words: Words) -> list[Block]:
    """What else is known of an open alert's message: told again, asked for, quieted."""
    notes: list[Markup] = []
    if post.posted != post.first:
        notes.append(words.md("Still open; first told {when}.", when=date(post.first)))
    if post.asked_by:
        notes.append(words.md("{who} asked to be reminded.", who=mention(post.asked_by)))
    if quiet is not None:
        notes.append(quiet_line(quiet, words))
    return [context(*notes)] if notes else []


def _list(post: Post, quiets: Mapping[str, Quiet], words: Words) -> Message:
    still = post.open
    if still:
        said = words.count("{count} thing needs a look.", "{count} things need a look.", len(still))
        title = words.md(":warning: *{title}*", title=said)
    else:
        said = words.count(
            "All of it is resolved: {count} thing.",
            "All of it is resolved: {count} things.",
            len(post.members),
        )
        title = words.md(":white_check_mark: *{title}*", title=said)
    # What is open comes first, for there may be more than a message holds.
    ordered = sorted(post.members, key=lambda each: each.ended is not None)
    rows = [_row(each, quiets.get(each.alert.name), words) for each in ordered[:MOST_LINES]]
    if more := len(ordered) - len(rows):
        rows.append(escape(words.count("and {count} more", "and {count} more", more)))
    blocks = [section(title), *(section(each) for each in rows)]
    if not still:
        return Message(said, tuple(blocks))
    quiet = all(each.name in quiets for each in still)
    asked = _notes(post, None, words)
    row = actions(*_ways_on(still, words), menu(post.id, words, quiet=quiet))
    return Message(_spoken(said, still, words), (*blocks, *asked, row))


def _row(member: Member, quiet: Quiet | None, words: Words) -> Markup:
    said = shortened(_sentence(member, words), LONGEST_LINE)
    if member.ended is not None:
        return words.md(
            ":white_check_mark: *Resolved* {when}: {sentence}",
            when=date(member.ended),
            sentence=said,
        )
    if quiet is None:
        return words.md(
            ":warning: {sentence} _(since {when})_", sentence=said, when=date(member.alert.since)
        )
    return words.md(":warning: {sentence} {quiet}", sentence=said, quiet=quiet_line(quiet, words))


def _ways_on(still: Sequence[Alert], words: Words) -> tuple[Element, Element]:
    """Lead to the form that mends all of it, if there is one, and to the status."""
    status = button(
        words("Status"),
        "status.show",
        label=words("Show the status with what mends each of these"),
    )
    if fix := shared_fix(still):
        return fix.button(words, 1), status
    return status, CHECK.button(words)


def _spoken(said: str, still: Sequence[Alert], words: Words) -> str:
    first = shortened(alert_sentence(still[0], words), LONGEST_LINE)
    return _ended(words("{title} The first: {sentence}", title=said, sentence=first))


def left_behind(left: Left, post: Post, words: Words) -> Message:
    """Build what a message says that told of an alert which now stands elsewhere."""
    alert = post.members[0].alert
    about = context(escape(shortened(alert_sentence(alert, words), LONGEST_LINE)))
    if left.why == "moved" and post.home != left.spot.channel:
        said = words("This is told elsewhere from now on.")
        shown = (
            words.md("This is told in {channel} from now on.", channel=channel(post.home))
            if post.home
            else words.md("This is told to the admins directly from now on.")
        )
    else:
        said = words("This was told again below.")
        shown = escape(said)
    return Message(said, (section(words.md(":arrow_down: {sentence}", sentence=shown)), about))


def told_once(notices: Sequence[Notice], words: Words) -> Message:
    """Build the message on things that happened; with what helps, where it is one."""
    shown = notices[:MOST_NOTICES]
    blocks: list[Block] = []
    for each in shown:
        said = shortened(_said_of(each, words), LONGEST if len(notices) == 1 else 300)
        blocks.append(section(words.md(":information_source: {sentence}", sentence=said)))
    if more := len(notices) - len(shown):
        blocks.append(context(escape(words.count("and {count} more", "and {count} more", more))))
    if len(notices) == 1:
        (one,) = notices
        blocks.append(context(date(one.at)))
        fixes = fixes_of(Alert(one.name, one.sentence, one.at, one.about))[:MOST_BUTTONS]
        if fixes:
            blocks.append(actions(*(fix.button(words, n) for n, fix in enumerate(fixes, 1))))
    return Message(_ended(_said_of(notices[0], words)), tuple(blocks))


def _said_of(notice: Notice, words: Words) -> str:
    return clean(words.retell(notice.sentence))


def _ended(text: str) -> str:
    """Return a sentence for reading aloud, of bearable length."""
    cut = shortened(text, LONGEST_SPOKEN)
    return cut if cut.endswith((".", "!", "?", "…")) else f"{cut}."
