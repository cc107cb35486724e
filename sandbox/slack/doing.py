"""What tests do in the Slack world: act as people, send what Slack sends, turn its switches."""

from collections.abc import Iterable

from sandbox.answer import Json
from sandbox.faults import Fault, Faults
from sandbox.slack import acts, choosing
from sandbox.slack.choosing import Choice
from sandbox.slack.delivery import payloads
from sandbox.slack.delivery.acted import Acted, Kind
from sandbox.slack.delivery.courier import Courier, InProcess
from sandbox.slack.delivery.post import USUAL, Manner
from sandbox.slack.delivery.sockets import Sockets
from sandbox.slack.house import House, Switches
from sandbox.slack.seeing import Where
from sandbox.slack.workspace import BOT_USER, ROLES, TEAM, Channel, Person


class Doing:
    """The acts of people and the switches of Slack; part of `SlackWorld`.

    Acts wait for the app's acknowledgement and return it as `Acted`. What cannot be done because
    it is not shown, not offered or nobody's to do raises LookupError, and nothing is sent.
    """

    house: House
    courier: Courier
    sockets: Sockets
    faults: Faults

    def command(self, user: str, text: str = "", channel: str | None = None) -> Acted:
        """Type `/aircall-hubspot text` (or any `/word text`) in a channel the user is in."""
        return acts.command(self.courier, user, text, channel)

    def command_payload(self, user: str, text: str = "", channel: str | None = None) -> Json:
        """Return what such a command sends, for `deliver` in a manner of one's own."""
        return acts.command_payload(self.house, user, text, channel)

    def click(
        self, user: str, where: Where, what: str, value: str | None = None, *, confirm: bool = True
    ) -> Acted:
        """Press what is named `what` (action_id, block_id or label) in `where`.

        `where` is `"modal"`, `"home"`, a `Message` or its ts. `value` tells buttons of one name
        apart, and names the option of an overflow menu. `confirm=False` backs out of a dialog.
        """
        return acts.click(self.courier, user, where, what, value, confirm=confirm)

    def choose(
        self, user: str, what: str, choice: Choice, where: Where = "modal", *, confirm: bool = True
    ) -> Acted:
        """Choose an option (text or value), several, or None for none, in a menu or picker."""
        return choosing.fill(self.courier, user, what, choice, where, confirm=confirm)

    def type(self, user: str, what: str, text: str, where: Where = "modal") -> Acted:
        """Make `text` the whole text of an input."""
        return choosing.fill(self.courier, user, what, text, where)

    def check(self, user: str, what: str, ticked: Iterable[str], where: Where = "modal") -> Acted:
        """Leave exactly these checkboxes ticked (by text or value)."""
        return choosing.fill(self.courier, user, what, list(ticked), where)

    def options(self, user: str, what: str, typed: str = "", where: Where = "modal") -> Acted:
        """Type into an external menu and return what the app offers, in `.options`."""
        return choosing.options(self.courier, user, what, typed, where)

    def submit(self, user: str) -> Acted:
        """Press the submit button of the modal on top; `.errors` are the sentences under inputs."""
        return acts.submit(self.courier, user)

    def close_modal(self, user: str, *, everything: bool = False) -> list[Acted]:
        """Close the modal on top, or with `everything` the whole stack."""
        return acts.close(self.courier, user, everything=everything)

    def open_home(self, user: str, tab: str = "home") -> Acted:
        """Open the app's Home tab."""
        return acts.open_home(self.courier, user, tab)

    # what Slack sends besides

    def deliver(self, kind: Kind, payload: Json, manner: Manner = USUAL) -> Acted:
        """Send any payload: `slash_commands`, `interactive` or `events_api`."""
        return self.courier.deliver(kind, payload, manner)

    def again(self, acted: Acted) -> Acted:
        """Send the very same once more: the same envelope, or the same signed bytes."""
        return self.courier.again(acted)

    def event(self, inner: Json, manner: Manner = USUAL, team: str = TEAM) -> Acted:
        """Send an event, such as `{"type": "tokens_revoked", ...}`, in its outer envelope."""
        with self.house.lock:
            payload = payloads.event(self.house, inner, team)
        return self.courier.deliver("events_api", payload, manner)

    def trigger(self, user: str) -> str:
        """Return a fresh trigger_id, for payloads of one's own."""
        with self.house.lock:
            return self.house.trigger(user)

    def listen_at(self, url: str) -> None:
        """Deliver by HTTP to the app's request URL; "" goes back to Socket Mode."""
        self.switches.request_url = url

    def listen_with(self, app: InProcess | None) -> None:
        """Deliver signed requests to a function of (body, headers) that returns (status, body)."""
        self.courier.app = app

    # sockets

    def connections(self) -> int:
        """Return how many sockets are open."""
        return self.sockets.count()

    def wait_for_app(self, count: int = 1, within: float = 60.0) -> None:
        """Wait until so many sockets are open; TimeoutError after `within` seconds."""
        if not self.sockets.wait_for(count, within):
            raise TimeoutError(f"{self.connections()} of {count} sockets after {within} s")

    def disconnect(self, reason: str = "warning", count: int | None = None) -> None:
        """Tell sockets to come anew: `warning`, `refresh_requested`, `link_disabled`."""
        self.sockets.disconnect(reason, count)

    def hang_up(self) -> None:
        """Close every socket at once."""
        self.sockets.hang_up()

    def go_down(self, kind: str = "503") -> None:
        """Be out of order: every request fails in this way, every socket is closed and refused."""
        self.faults.add(Fault(kind, times=None))  # type: ignore[arg-type]  # checked by Fault itself
        self.sockets.refusing = True
        self.sockets.hang_up()

    def come_back(self) -> None:
        """Be in order again, without any fault."""
        self.faults.clear()
        self.sockets.refusing = False

    @property
    def switches(self) -> Switches:
        """Return what a test may choose: tokens, scopes, commands, patience."""
        return self.house.switches

    def person(self, user: str) -> Person:
        """Return a person; KeyError for nobody."""
        return self.house.workspace.people[user]

    def channel(self, id_: str) -> Channel:
        """Return a conversation; KeyError when there is none."""
        return self.house.workspace.channels[id_]

    def set_roles(self, user: str, *roles: str) -> None:
        """Give a person exactly these roles, such as `is_admin`; none: an ordinary member."""
        unknown = set(roles) - set(ROLES)
        if unknown:
            raise ValueError(f"there is no role {', '.join(sorted(unknown))}")
        self.person(user).roles = frozenset(roles)

    def invite(self, channel: str, user: str = BOT_USER) -> None:
        """Bring the bot or a person into a channel."""
        self.channel(channel).members.add(user)

    def kick(self, channel: str, user: str = BOT_USER) -> None:
        """Put the bot or a person out of a channel."""
        self.channel(channel).members.discard(user)

    def revoke(self, state: str = "token_revoked") -> None:
        """Refuse the tokens from now on: `token_revoked`, `account_inactive`, `invalid_auth`."""
        self.switches.token_state = state

    def grant(self, *scopes: str) -> None:
        """Let the bot token have exactly these scopes."""
        self.switches.scopes = frozenset(scopes)

    def take_scopes(self, *scopes: str) -> None:
        """Take scopes of the bot token away."""
        self.switches.scopes -= set(scopes)
