"""The form that gives failures up: a reason, kept with its author in each one's decision."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

from bot.asking.asked import Asked, Reply
from bot.asking.errors import notice, showing_later
from bot.asking.unknown import UNKNOWN_FORM
from bot.blocks import Block, field, modal, section, text_input
from bot.explain.story import title
from bot.failures.view import CALLBACK as LIST
from bot.failures.view import CLOSED, said_by, view
from bot.markup import Markup, bold, lines
from bot.words import N_
from clients.errors import Rejected
from store.dismissals import LONGEST_REASON
from worker.failures import failures, give_up

CALLBACK: Final = "failures.dismiss"
REASON: Final = "reason"
DAY: Final = 86_400
BUSY: Final = N_(
    "Nothing was dismissed: none of it is among the failures any more, or it is being tried again "
    "right now."
)


@dataclass(frozen=True, slots=True)
class Target:
    """What a button of the failures is about: `all`, a `cause` by its name, or an `id`."""

    kind: str
    name: str = ""


def target_of(value: str) -> Target:
    """Read a button's value: `all`, `cause:<name>` or `id:<interaction>`."""
    kind, _, name = value.partition(":")
    return Target(kind, name)


@dataclass(frozen=True, slots=True)
class Memo:
    """What the form remembers while it is open."""

    kind: str
    name: str
    until: int
    """When it was opened (ms): what failed later is not given up by it."""
    below: str = ""
    """Id of the list that lies below it."""


def form(asked: Asked, target: Target, ids: Sequence[str]) -> Block:
    """Build the form for these interactions. Raises redis-py's errors."""
    words, act = asked.words, asked.act
    now = failures(asked.desk.shop.connection)
    cause = next((c for c in now.causes if any(each.id == ids[0] for each in c.failed)), None)
    what = (
        title(ids[0], words)
        if target.kind == "id"
        else words.count("{count} call or message", "{count} calls and messages", len(ids))
    )
    newest = max((each.at for c in now.causes for each in c.failed), default=0)
    below = act.view.id if act.view is not None and act.view.callback == LIST else ""
    memo = Memo(target.kind, target.name, newest, below)
    explained = words.md(
        "It leaves the list and is not tried again, unless a later event of Aircall's tells of it. "
        "Your name and the reason are kept, and shown by _explain_."
    )
    said = said_by(cause, words) if cause else Markup("")
    return modal(
        words("Dismiss"),
        [
            section(lines(bold(what), said)),
            section(explained),
            field(
                REASON,
                words("Why is it given up?"),
                text_input(longest=LONGEST_REASON, placeholder=words("A test call, for example")),
            ),
        ],
        callback=CALLBACK,
        submit=words("Dismiss"),
        close=words("Cancel"),
        metadata=json.dumps(asdict(memo), separators=(",", ":")),
    )


def submit(asked: Asked) -> Reply:
    """Give them up. Raises redis-py's errors."""
    shop, words, opened = asked.desk.shop, asked.words, asked.act.view
    try:
        memo = _memo(opened.metadata if opened else "")
    except (ValueError, TypeError, LookupError, OverflowError):
        return UNKNOWN_FORM.submit(asked)
    reason = str(opened.values.get(REASON) or "").strip() if opened else ""
    if not reason:
        said = words("Say in a few words why, for whoever looks at it later.")
        return {"response_action": "errors", "errors": {REASON: said}}
    done = give_up(
        shop.connection,
        _ids(asked, memo),
        by=asked.person.id,
        name=asked.person.name,
        reason=reason,
        seconds=shop.file.retention.failures * DAY,
    )
    if not done:
        return {"response_action": "update", "view": notice(words, words(BUSY))}
    said = words.count("{count} was dismissed.", "{count} were dismissed.", len(done))
    if memo.below:
        showing_later(asked, lambda: _refresh(asked, memo.below, said))
    return {"response_action": "update", "view": _done(asked, said)}


def _memo(metadata: str) -> Memo:
    kept = json.loads(metadata)
    return Memo(str(kept["kind"]), str(kept["name"]), int(kept["until"]), str(kept["below"]))


def _done(asked: Asked, said: str) -> Block:
    words = asked.words
    return modal(words("Dismissed"), [section(bold(said))], close=words("Close"))


def _ids(asked: Asked, memo: Memo) -> Sequence[str]:
    """Return what is meant: of a cause, those that its author had before them."""
    if memo.kind == "id":
        return (memo.name,)
    cause = failures(asked.desk.shop.connection).cause(memo.name)
    return [each.id for each in cause.failed if each.at <= memo.until] if cause else ()


def _refresh(asked: Asked, below: str, said: str) -> None:
    """Show the list below anew, unless its reader closed it."""
    now = failures(asked.desk.shop.connection)
    try:
        asked.update(below, "", view(now, asked.words, said))
    except Rejected as error:
        if error.category not in CLOSED:
            raise
