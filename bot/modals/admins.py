"""Who may change the settings and why, with a form to grant and revoke the right."""

from __future__ import annotations

from typing import Final

from bot.admins.rights import DAY, grant, revoke
from bot.asking.asked import Asked, Reply
from bot.blocks import (
    Block,
    Option,
    button,
    confirm,
    context,
    divider,
    field,
    header,
    modal,
    radio,
    section,
    user_select,
)
from bot.markup import Markup, date, join, lines, mention
from bot.words import Words
from store.grants import Grant

CALLBACK: Final = "admins"
REVOKE: Final = "admins.revoke"
PERSON, RIGHT = "person", "right"
FOR_GOOD, FOR_A_DAY, NO_LONGER = "good", "day", "none"
MOST: Final = 40
"""People who are named before the rest is only counted."""


def open_admins(asked: Asked) -> None:
    """Open the list. Raises redis-py's errors, Unavailable and Rejected."""
    asked.open(view(asked))


def revoke_here(asked: Asked) -> None:
    """Revoke by the button beside a name. Raises as `open_admins` does."""
    user, words = asked.act.value, asked.words
    why_not = revoke(asked.desk, user, asked.act.user, words)
    said = (
        words.md(":warning: {who}: {why}", who=mention(user), why=why_not)
        if why_not
        else _revoked(user, words)
    )
    if asked.act.view is not None:
        # Whatever it shows now, this is newer: what was done is not to be called refused.
        asked.update(asked.act.view.id, "", view(asked, said))


def submit(asked: Asked) -> Reply:
    """Grant or revoke as the form says. Raises redis-py's errors."""
    values = asked.act.view.values if asked.act.view else {}
    user, right = str(values.get(PERSON) or ""), str(values.get(RIGHT) or "")
    words, by = asked.words, asked.act.user
    if not user or right not in {FOR_GOOD, FOR_A_DAY, NO_LONGER}:
        problem = words("Choose a person, and for how long.")
        return {"response_action": "errors", "errors": {PERSON: problem}}
    if right == NO_LONGER:
        why_not, said = revoke(asked.desk, user, by, words), _revoked(user, words)
    else:
        seconds = DAY if right == FOR_A_DAY else None
        why_not, said = grant(asked.desk, user, by, seconds, words), _granted(user, right, words)
    if why_not:
        return {"response_action": "errors", "errors": {PERSON: why_not}}
    return {"response_action": "update", "view": view(asked, said)}


def _granted(user: str, right: str, words: Words) -> Markup:
    if right == FOR_A_DAY:
        return words.md("{who} may change the settings for a day.", who=mention(user))
    return words.md("{who} may change the settings.", who=mention(user))


def _revoked(user: str, words: Words) -> Markup:
    return words.md("The right of {who} was revoked.", who=mention(user))


def view(asked: Asked, notice: Markup | None = None) -> Block:
    """Build the list and the form; `notice` says what was just done."""
    words = asked.words
    blocks: list[Block] = [section(notice), divider()] if notice else []
    blocks += [
        header(words("Who may change the settings")),
        *_listed(asked),
        _workspace(asked),
        *_granted_ones(asked.desk.grants.all(), words),
        divider(),
        field(PERSON, words("Person"), user_select(words("Choose a person"))),
        field(
            RIGHT,
            words("May change the settings"),
            radio(
                [
                    Option(words("For good"), FOR_GOOD),
                    Option(words("For a day"), FOR_A_DAY),
                    Option(words("No longer: revoke what was granted"), NO_LONGER),
                ],
                FOR_GOOD,
            ),
        ),
    ]
    return modal(
        words("Admins"),
        blocks,
        callback=CALLBACK,
        submit=words("Save"),
        close=words("Close"),
    )


def _listed(asked: Asked) -> list[Block]:
    words, listed = asked.words, asked.desk.shop.file.slack.admins
    if not listed:
        return [section(words.md("*Listed in settings.toml*: nobody"))]
    people = [*map(mention, listed[:MOST])]
    if more := len(listed) - len(people):
        people.append(Markup(words.count("{count} more", "{count} more", more)))
    return [
        section(words.md("*Listed in settings.toml*: {people}", people=join(", ", people))),
        context(
            words.md(
                "They cannot be revoked here: only whoever runs this integration can take them out."
            )
        ),
    ]


def _workspace(asked: Asked) -> Block:
    if asked.desk.shop.file.slack.workspace_admins:
        return section(asked.words.md("*Admins and owners of this Slack workspace*: all of them"))
    return section(
        asked.words.md(
            "*Admins and owners of this Slack workspace*: not as such (`workspace_admins` in "
            "settings.toml)"
        )
    )


def _granted_ones(grants: tuple[Grant, ...], words: Words) -> list[Block]:
    if not grants:
        return [section(words.md("*Granted in Slack*: nobody"))]
    blocks = [section(words.md("*Granted in Slack*"))]
    blocks += [_row(each, words) for each in grants[:MOST]]
    if (more := len(grants) - MOST) > 0:
        blocks.append(context(Markup(words.count("and {count} more", "and {count} more", more))))
    return blocks


def _row(grant_: Grant, words: Words) -> Block:
    who, by = mention(grant_.user), mention(grant_.by)
    until = words.md("until {when}", when=date(grant_.until)) if grant_.until else ""
    said = lines(words.md("{who}, by {by}, {when}", who=who, by=by, when=date(grant_.at)), until)
    return section(
        said,
        button(
            words("Revoke"),
            f"{REVOKE}#{grant_.user}",
            label=words("Revoke the right of {who}", who=grant_.name or grant_.user),
            value=grant_.user,
            style="danger",
            ask=confirm(
                words("Revoke the right?"),
                words.md("{who} cannot change the settings any more, at once.", who=who),
                words("Revoke"),
                words("Keep it"),
                "danger",
            ),
        ),
    )
