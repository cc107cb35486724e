"""Everything the sandbox's Slack knows at a moment, and the ids and sentences it makes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from threading import RLock

from sandbox.answer import Json
from sandbox.chance import chance
from sandbox.slack.messages import Board, Message
from sandbox.slack.views import Trigger, Views
from sandbox.slack.workspace import (
    APP_TOKEN,
    BOT_TOKEN,
    BOT_USER,
    COMMAND,
    SCOPES,
    SIGNING_SECRET,
    Channel,
    Person,
    Workspace,
)


@dataclass(slots=True)
class Switches:
    """What a test may choose: the app's configuration, and how patient Slack is (seconds).

    `token_state` is the error every request with the bot token gets: `token_revoked`,
    `account_inactive`, or "" for none. `request_url` turns Socket Mode off.
    """

    bot_token: str = BOT_TOKEN
    app_token: str = APP_TOKEN
    signing_secret: str = SIGNING_SECRET
    token_state: str = ""
    scopes: frozenset[str] = SCOPES
    app_scopes: frozenset[str] = frozenset({"connections:write"})
    commands: frozenset[str] = frozenset({COMMAND})
    should_escape: bool = True
    home_enabled: bool = True
    request_url: str = ""
    ack_limit: float = 3.0
    trigger_life: float = 3.0
    response_url_life: float = 1800.0
    response_url_uses: int = 5


@dataclass(slots=True)
class ResponseUrl:
    """One response_url: for whom, where, about which message, since when, how often used."""

    user: str
    channel: str
    at: float
    message: Message | None = None
    uses: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """One request to the Web API or a response_url: its arguments (no token) and its answer."""

    time: float
    method: str
    arguments: Json
    answer: Json

    @property
    def ok(self) -> bool:
        """Tell whether Slack did it."""
        return bool(self.answer.get("ok"))


@dataclass(slots=True)
class House:
    """The state of one Slack. Whoever touches it holds `lock`."""

    lock: RLock
    clock: Callable[[], float]
    surprises: list[str]
    address: str = "http://127.0.0.1"
    dice: Random = field(default_factory=lambda: chance(0))
    switches: Switches = field(default_factory=Switches)
    workspace: Workspace = field(default_factory=Workspace)
    board: Board = field(default_factory=Board)
    views: Views = field(default_factory=Views)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    confirmed: list[Json] = field(default_factory=list)

    def person(self, user: str) -> Person:
        """Return a person who can act; LookupError for nobody, a bot or somebody deactivated."""
        person = self.workspace.people.get(user)
        if person is None or person.deleted or person.is_bot:
            raise LookupError(f"{user} is nobody who can act")
        return person

    def channel(self, id_: str) -> Channel:
        """Return a conversation; LookupError if there is none."""
        channel = self.workspace.channels.get(id_)
        if channel is None:
            raise LookupError(f"there is no conversation {id_}")
        return channel

    def name(self, prefix: str = "", length: int = 9) -> str:
        """Return a new id such as `V7QK2M1ZB0`."""
        signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
        return prefix + "".join(self.dice.choices(signs, k=length))

    def block_id(self) -> str:
        """Return an id for a block or element whose app gave none."""
        return "".join(self.dice.choices("abcdefghijkmnpqrstuvwxyzABCDEF123456789", k=5))

    def hash(self) -> str:
        """Return a new hash of a view."""
        return f"{int(self.clock())}.{self.dice.getrandbits(32):08x}"

    def trigger(self, user: str, view: str = "") -> str:
        """Return a new trigger_id for an act of `user`, inside a modal or not."""
        noise = self.dice.getrandbits(128)
        id_ = f"{self.dice.randrange(10**12)}.{self.dice.randrange(10**9)}.{noise:032x}"
        self.views.triggers[id_] = Trigger(user, self.clock(), view)
        return id_

    def response_url(self, user: str, channel: str, message: Message | None = None) -> str:
        """Return a new response_url for an act of `user` in a conversation."""
        id_ = self.name(length=24)
        self.response_urls[id_] = ResponseUrl(user, channel, self.clock(), message)
        return f"{self.address}/response/{id_}"

    def bot_is_in(self, channel: Channel) -> bool:
        """Tell whether the bot is a member."""
        return BOT_USER in channel.members
