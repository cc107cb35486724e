"""Who somebody in Slack is: asked of Slack, remembered for a minute, by all processes together."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import redis
import structlog

from clients.errors import Rejected, Unavailable
from clients.slack import Slack
from store import keys

REMEMBERED: Final = 60
"""Seconds that an answer counts: a demoted admin loses the right within a minute."""
UNANSWERED: Final = 5
"""Seconds that nobody asks again after Slack did not answer: each would wait for it in turn."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Person:
    """A Slack user, as far as Slack told; what it did not say is False or empty."""

    id: str
    team: str = ""
    name: str = ""
    locale: str = ""
    time_zone: str = ""
    """IANA, as `Europe/Paris`."""
    runs_workspace: bool = False
    """An admin or owner of the workspace."""
    guest: bool = False
    bot: bool = False
    gone: bool = False
    """Deactivated."""
    stranger: bool = False
    """Of another workspace, as Slack marks it."""


class People:
    """Looks people up."""

    def __init__(self, slack: Slack, connection: redis.Redis) -> None:
        self._slack = slack
        self._connection = connection

    def find(self, user: str) -> Person | None:
        """Return who this is; None while Slack cannot be asked. Raises redis-py's errors."""
        key = keys.person(user)
        kept = self._connection.get(key)
        if kept is not None:
            return Person(**json.loads(kept)) if kept != b"" else None
        try:
            told = self._slack.ask("users.info", user=user, include_locale="true", quick=True)
        except Unavailable as error:
            self._connection.set(key, b"", ex=UNANSWERED)
            _log.warning("slack could not be asked for a person", because=error.sentence)
            return None
        except Rejected as error:
            if error.category not in {"user_not_found", "user_not_visible"}:
                self._connection.set(key, b"", ex=UNANSWERED)
                return None
            person = Person(user, stranger=True)
        else:
            person = read_person(user, told)
        self._connection.set(key, json.dumps(asdict(person)), ex=REMEMBERED)
        return person


def read_person(user: str, told: Mapping[str, Any]) -> Person:
    """Read the answer of users.info: https://docs.slack.dev/reference/objects/user-object."""
    raw = told.get("user")
    of: Mapping[str, Any] = raw if isinstance(raw, Mapping) else {}
    raw_profile = of.get("profile")
    profile: Mapping[str, Any] = raw_profile if isinstance(raw_profile, Mapping) else {}
    runs = any(of.get(name) is True for name in ("is_admin", "is_owner", "is_primary_owner"))
    name = profile.get("display_name") or of.get("real_name") or of.get("name") or ""
    return Person(
        id=user,
        team=str(of.get("team_id") or ""),
        name=str(name),
        locale=str(of.get("locale") or ""),
        time_zone=str(of.get("tz") or ""),
        runs_workspace=runs,
        guest=of.get("is_restricted") is True or of.get("is_ultra_restricted") is True,
        bot=of.get("is_bot") is True or user == "USLACKBOT",
        gone=of.get("deleted") is True,
        stranger=of.get("is_stranger") is True,
    )
