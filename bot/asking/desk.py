"""Everything a process that speaks in Slack holds, built in one place and handed down."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import structlog

from bot.asking.acts import Act
from bot.asking.people import UNANSWERED, People, Person
from bot.asking.standing import Policy, Standing, standing
from bot.asking.turns import Turns
from bot.words import Words, words_in
from clients.errors import VendorError
from clients.slack import Slack
from settings.environment import Environment, load_environment
from settings.file import load_file
from store import keys
from store.channel import Channel
from store.grants import Grants
from worker.workshop import Workshop, build_workshop

ACTED_FOR: Final = 3600
"""Seconds that an act is remembered, so that its second delivery does nothing."""
SLOW: Final = 20
"""Threads for what asks vendors; apart from those that acknowledge."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """The workshop, Slack, and who people are."""

    environment: Environment
    shop: Workshop
    slack: Slack
    people: People
    grants: Grants
    slow: Executor
    turns: Turns = field(default_factory=Turns)

    @property
    def channel(self) -> str:
        """The id of the channel for announcements and alerts; empty while none is chosen.

        The one in settings.toml counts, else the one chosen in Slack. Raises redis-py's errors.
        """
        return self.shop.file.slack.channel or Channel(self.shop.connection).chosen()

    @property
    def channel_words(self) -> Words:
        """The channel's language."""
        return words_in(self.shop.file.slack.language)

    def team(self, *, ask: bool = True) -> str:
        """Return the id of our workspace; empty while it was never learned, and not to be asked."""
        kept = self.shop.connection.get(keys.TEAM)
        if kept == b"":
            return ""  # nobody could tell a moment ago
        if kept is not None:
            return str(json.loads(kept)["team_id"])
        if not ask:
            return ""
        try:
            return self.introduce(quick=True)
        except VendorError as error:
            _log.warning("slack could not be asked who we are", because=error.sentence)
            self.shop.connection.set(keys.TEAM, b"", nx=True, ex=UNANSWERED)
            return ""

    def introduce(self, *, quick: bool = False) -> str:
        """Ask Slack who we are, and keep it: a token is one workspace's for good.

        Returns the workspace's id. Raises Unavailable, Rejected and redis-py's errors.
        """
        told = self.slack.ask("auth.test", quick=quick)
        who = {name: str(told.get(name) or "") for name in ("team_id", "user_id", "team", "url")}
        self.shop.connection.set(keys.TEAM, json.dumps(who))
        return who["team_id"]

    def who(self, act: Act) -> tuple[Person, Standing]:
        """Return the person who acts and what they are to us; raises redis-py's errors."""
        person = self.people.find(act.user)
        judged = self.judge(act.user, person, (act.team, act.user_team))
        return person or Person(act.user), judged

    def judge(self, user: str, person: Person | None, teams: tuple[str, ...] = ()) -> Standing:
        """Judge anybody by the file, the grants and what Slack says of them."""
        slack = self.shop.file.slack
        return standing(
            user,
            person,
            self.grants.of(user),
            Policy(slack.admins, slack.workspace_admins),
            # Who cannot be asked for a person is not asked for us as well: somebody waits.
            our_team=self.team(ask=person is not None),
            teams=teams,
        )

    def first_time(self, act: Act) -> bool:
        """Tell whether this act was not carried out yet; from now on it was."""
        if not (act.trigger or act.moment):
            return True
        done = keys.acted(act.digest)
        return bool(self.shop.connection.set(done, "1", nx=True, ex=ACTED_FOR))

    def later(self, user: str, work: Callable[[], None]) -> None:
        """Do what may take long beside everything else; `work` answers for its own errors.

        Raises BusyError where this person, or all together, have too much under way already.
        """

        def turn() -> None:
            try:
                work()
            finally:
                self.turns.give_back(user)

        self.turns.take(user)
        self.slow.submit(turn)


def build_desk(environment: Environment, shop: Workshop) -> Desk:
    """Build a desk, without network activity."""
    token = environment.slack.bot_token.get_secret_value()
    slack = Slack(environment.slack.base_url, token)
    return Desk(
        environment=environment,
        shop=shop,
        slack=slack,
        people=People(slack, shop.connection),
        grants=Grants(shop.connection),
        slow=ThreadPoolExecutor(SLOW, thread_name_prefix="slow"),
    )


@cache
def desk() -> Desk:
    """The desk of this process, for jobs: RQ calls them without it. Raises StartupError."""
    environment = load_environment()
    file = load_file(environment.places.settings_file)
    return build_desk(environment, build_workshop(environment, file))
