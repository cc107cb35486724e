"""Give and take the right to change settings, and say in words what cannot be."""

from __future__ import annotations

from typing import Final

import structlog

from bot.asking.desk import Desk
from bot.asking.people import Person
from bot.asking.standing import Policy, Rank, standing
from bot.words import N_, Words

DAY: Final = 86_400
NOBODY_ELSE: Final = N_(
    "This is the last person who holds the right for good, and nobody is listed in settings.toml. "
    "Grant it to somebody else first."
)

_log = structlog.get_logger(__name__)


def cannot_hold(desk: Desk, user: str, words: Words) -> str:
    """Say why somebody can never be an admin, whoever grants it; nothing, if they can.

    Raises redis-py's errors.
    """
    person = desk.people.find(user)
    nobody = Policy((), workspace_admins=False)
    judged = standing(user, person, None, nobody, our_team=desk.team())
    if judged.why == "unknown":
        return words("Slack could not be asked who that is. Nothing was changed; try again.")
    if judged.rank is Rank.GUEST:
        return words("Guests can never be admins of this integration.")
    if judged.rank is Rank.STRANGER:
        return words(_why_never(person))
    return ""


def _why_never(person: Person | None) -> str:
    if person is not None and person.bot:
        return N_("An app or bot can never be an admin of this integration.")
    if person is not None and person.gone:
        return N_("This account is deactivated.")
    return N_("Only people of this workspace can be admins of this integration.")


def grant(desk: Desk, user: str, by: str, seconds: int | None, words: Words) -> str:
    """Grant the right, for good or for so many seconds; says why not, nothing if it was done.

    Raises redis-py's errors.
    """
    if why_not := cannot_hold(desk, user, words):
        return why_not
    if user in desk.shop.file.slack.admins:
        return words("They are listed in settings.toml, so they hold the right for good already.")
    if seconds is not None and _is_needed(desk, user):
        return words(NOBODY_ELSE)
    person = desk.people.find(user)
    desk.grants.give(user, by, seconds, person.name if person else "")
    _log.info("right granted", to=user, by=by, seconds=seconds)
    return ""


def revoke(desk: Desk, user: str, by: str, words: Words) -> str:
    """Revoke the right; says why not, nothing if it was done. Raises redis-py's errors."""
    if user in desk.shop.file.slack.admins:
        return words(
            "They are listed in settings.toml. Only whoever runs this integration can take them "
            "out there, and start it anew."
        )
    if desk.grants.of(user) is None:
        return _nothing_to_revoke(desk, user, words)
    spare = _others_remain(desk)
    taken = desk.grants.take(user) if spare else desk.grants.take_unless_last(user)
    if not taken and desk.grants.of(user) is not None:
        return words(NOBODY_ELSE)
    _log.info("right revoked", of=user, by=by)
    return ""


def _nothing_to_revoke(desk: Desk, user: str, words: Words) -> str:
    judged = desk.judge(user, desk.people.find(user))
    if judged.why == "workspace":
        return words(
            "They are an admin of this workspace. Those may as long as workspace_admins in "
            "settings.toml says so."
        )
    return words("They hold no right that could be revoked.")


def _others_remain(desk: Desk) -> bool:
    """Tell whether somebody may change settings whatever is revoked here."""
    slack = desk.shop.file.slack
    return bool(slack.admins) or slack.workspace_admins


def _is_needed(desk: Desk, user: str) -> bool:
    held = desk.grants.of(user)
    for_good = held is not None and held.until is None
    return for_good and not _others_remain(desk) and desk.grants.is_last(user)
