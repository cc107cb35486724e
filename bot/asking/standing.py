"""Who may do what: one pure rule from what the file, the store and Slack say of a person."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, Literal

from bot.asking.people import Person
from store.grants import Grant

Right = Literal["all", "members", "admins"]
Why = Literal["listed", "granted", "workspace", "member", "guest", "stranger", "unknown"]


class Rank(IntEnum):
    """What somebody is to us; each may do what the lower ones may."""

    STRANGER = 0
    """Of another workspace, a bot, or deactivated: answered, and shown nothing."""
    GUEST = 1
    MEMBER = 2
    ADMIN = 3


NEEDED: Final[dict[Right, Rank]] = {
    "all": Rank.GUEST,
    "members": Rank.MEMBER,
    "admins": Rank.ADMIN,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's rank and why; `until` (ms) where a grant runs out."""

    rank: Rank
    why: Why
    until: int | None = None

    def may(self, right: Right) -> bool:
        """Tell whether this is enough for `right`."""
        return self.rank >= NEEDED[right]


@dataclass(frozen=True, slots=True)
class Policy:
    """What settings.toml says of admins."""

    listed: Container[str]
    workspace_admins: bool


def standing(  # noqa: PLR0913 - all that is said of one person
    user: str,
    person: Person | None,
    grant: Grant | None,
    policy: Policy,
    *,
    our_team: str,
    teams: tuple[str, ...] = (),
) -> Standing:
    """Judge a person: listed, granted, the workspace's own admin, a member, a guest, or nobody.

    `person` is None while Slack cannot be asked: then only listed and granted ones are admins.
    `teams` are the workspaces that the act itself names. Guests, bots and people of other
    workspaces are never admins, whatever a list says.
    """
    if our_team and any(team and team != our_team for team in teams):
        return Standing(Rank.STRANGER, "stranger")
    if person is not None:
        foreign = bool(our_team and person.team and person.team != our_team)
        if person.bot or person.gone or person.stranger or foreign:
            return Standing(Rank.STRANGER, "stranger")
        if person.guest:
            return Standing(Rank.GUEST, "guest")
    if user in policy.listed:
        return Standing(Rank.ADMIN, "listed")
    if grant is not None:
        return Standing(Rank.ADMIN, "granted", grant.until)
    if person is None or not our_team or person.team != our_team:
        # Nobody vouches for them: what is open to all, and no more.
        return Standing(Rank.GUEST, "unknown")
    if person.runs_workspace and policy.workspace_admins:
        return Standing(Rank.ADMIN, "workspace")
    return Standing(Rank.MEMBER, "member")
