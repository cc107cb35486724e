"""The steps by which Slack is kept in step with the alerts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from store.alerts import Alert, Notice
from store.told import Left, Post, Why


@dataclass(frozen=True, slots=True)
class Tell:
    """Post alerts that nobody was told of; `joined` are messages that become part of the list."""

    alerts: tuple[Alert, ...]
    joined: tuple[Post, ...] = ()


@dataclass(frozen=True, slots=True)
class Join:
    """Add alerts to a list that was just posted."""

    post: Post
    alerts: tuple[Alert, ...]


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Put what a message should say in its place."""

    post: Post


@dataclass(frozen=True, slots=True)
class Repeat:
    """Post messages anew, as one; what stood there before says so. `waking` are quiet no more."""

    posts: tuple[Post, ...]
    why: Why
    waking: tuple[str, ...] = ()
    asked_by: str = ""


@dataclass(frozen=True, slots=True)
class Return:
    """Try to post in the channel what the admins were told directly."""

    post: Post


@dataclass(frozen=True, slots=True)
class Leave:
    """Say in a message that was left where its alert stands now, or take it away."""

    post: Post
    left: Left


@dataclass(frozen=True, slots=True)
class Say:
    """Post notices."""

    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class Forget:
    """Forget what needs no telling any more: ends, messages, quiets."""

    ends: tuple[str, ...]
    posts: tuple[Post, ...]
    quiets: tuple[str, ...]


Step: TypeAlias = Tell | Join | Rewrite | Repeat | Return | Leave | Say | Forget


def names(step: Step) -> set[str]:
    """Name what a step is about, for a run that tried it in vain.

    Alerts that nobody was told of by their names, messages and notices by their ids.
    """
    match step:
        case Tell() | Join():
            return {each.name for each in step.alerts}
        case Say():
            return {each.id for each in step.notices}
        case Repeat():
            return {each.id for each in step.posts}
        case Rewrite() | Return() | Leave():
            return {step.post.id}
        case _:
            return set()
