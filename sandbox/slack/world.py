"""The Slack world: what the app asks of it, what people do in it, and what they see."""

from collections.abc import Callable, Iterable, Mapping
from threading import Condition
from time import monotonic, time
from typing import TypeVar

from sandbox.answer import Answer, Json, Misunderstood, Request, json_answer
from sandbox.faults import Fault
from sandbox.slack import acts, doors, reading
from sandbox.slack.acts import Choice
from sandbox.slack.delivery import payloads
from sandbox.slack.delivery.acted import Acted, Kind
from sandbox.slack.delivery.courier import Courier, InProcess
from sandbox.slack.delivery.post import USUAL, Manner
from sandbox.slack.delivery.sockets import Sockets
from sandbox.slack.errors import too_many
from sandbox.slack.house import Call, House, Switches
from sandbox.slack.messages import Message
from sandbox.slack.seeing import Where, can_see
from sandbox.slack.views import View
from sandbox.slack.web.gate import Rates, error_of, web_api
from sandbox.slack.web.responding import respond
from sandbox.slack.workspace import BOT_USER, ROLES, TEAM, Channel, Person
from sandbox.world import Clock, World

Seen = TypeVar("Seen")


class SlackWorld(World):
    """One Slack workspace with the app installed; people by user id, conversations by id.

    Acts wait for the app's acknowledgement and return it as `Acted`. What cannot be done because
    it is not shown, not offered or nobody's to do raises LookupError, and nothing is sent.
    """

    def __init__(self, clock: Clock = time) -> None:
        super().__init__(clock)
        self.address = "http://127.0.0.1"
        self.sockets = Sockets(self._surprise)
        self._changed = Condition(self.lock)
        self.reset()

    def reset(self) -> None:
        """Return to the seeded state: everything forgotten, every socket hung up."""
        self.sockets.reset()
        with self.lock:
            self._forget()
            self.house = House(self.lock, self.now, self.surprises, self.address)
            self.courier = Courier(self.house, self.sockets)
            self.rates = Rates()

    def stand_at(self, address: str) -> None:
        """Say where this world is reached, which response_urls begin with."""
        self.address = self.house.address = address

    def close(self) -> None:
        """Stop the WebSocket side."""
        self.sockets.close()

    def now(self) -> float:
        """Return the time of this world (seconds), which a test may have made."""
        return self.clock()

    def _surprise(self, sentence: str) -> None:
        self.surprises.append(sentence)

    # what the app asks

    def handle(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Answer:
        """Answer one request as Slack would, and wake those who wait with `until`."""
        answer = super().handle(method, path, query, headers, body)
        with self._changed:
            self._changed.notify_all()
        return answer

    def obey(self, request: Request, fault: Fault | None) -> Answer:
        """Answer by Slack's rules; raises Refused or Misunderstood."""
        del fault
        if request.path.startswith("/response/"):
            return respond(self.house, request)
        if request.path.startswith("/api/"):
            return web_api(self.house, self.sockets, self.rates, request)
        raise Misunderstood(f"nothing answers {request.method} {request.path}", 404)

    def bewildered(self, problem: Misunderstood) -> Answer:
        """Return Slack's answer to something that was not understood."""
        told = {"messages": [f"[ERROR] {problem.sentence}"]}
        answer = {"ok": False, "error": error_of(problem), "response_metadata": told}
        return json_answer(200, answer)

    def broken(self, request: Request, fault: Fault) -> Answer:
        """Return Slack's error answer for a fault that strikes before the write."""
        del request
        if fault.kind == "429":
            self.too_many += 1
            body, headers = too_many(1 if fault.retry_after is None else fault.retry_after)
            return json_answer(429, body, headers)
        if fault.kind == "502":
            page = b"<html><head><title>502 Bad Gateway</title></head></html>"
            return Answer(502, {"Content-Type": "text/html"}, page)
        # 423 and 477 are HubSpot's own: here they strike as a service that is unavailable
        status = int(fault.kind) if fault.kind in ("500", "503") else 503
        error = "fatal_error" if status == 500 else "service_unavailable"
        return json_answer(status, {"ok": False, "error": error})

    def limits(self, *, tiers: bool = False, minute: Mapping[str, int] | None = None) -> None:
        """Keep Slack's own tiers, or so many requests a minute of single methods; nothing: none."""
        with self.lock:
            self.rates = Rates(tiers, dict(minute or {}))

    # what people do

    def command(self, user: str, text: str = "", channel: str | None = None) -> Acted:
        """Type `/aircall-hubspot text` (or any `/word text`) in a channel the user is in."""
        return acts.command(self.courier, user, text, channel)

    def click(
        self, user: str, where: Where, what: str, value: str | None = None, *, confirm: bool = True
    ) -> Acted:
        """Press what is named `what` (action_id, block_id or label) in `where`.

        `where` is `"modal"`, `"home"`, a `Message` or its ts. `value` tells buttons of one name
        apart, and names the option of an overflow menu. `confirm=False` backs out of a dialog.
        """
        return acts.click(self.courier, user, where, what, value, confirm=confirm)

    def choose(self, user: str, what: str, choice: Choice, where: Where = "modal") -> Acted:
        """Choose an option (text or value), several, or None for none, in a menu or picker."""
        return acts.fill(self.courier, user, what, choice, where)

    def type(self, user: str, what: str, text: str, where: Where = "modal") -> Acted:
        """Make `text` the whole text of an input."""
        return acts.fill(self.courier, user, what, text, where)

    def check(self, user: str, what: str, ticked: Iterable[str], where: Where = "modal") -> Acted:
        """Leave exactly these checkboxes ticked (by text or value)."""
        return acts.fill(self.courier, user, what, list(ticked), where)

    def options(self, user: str, what: str, typed: str = "", where: Where = "modal") -> Acted:
        """Type into an external menu and return what the app offers, in `.options`."""
        return acts.options(self.courier, user, what, typed, where)

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
        with self.lock:
            payload = payloads.event(self.house, inner, team)
        return self.courier.deliver("events_api", payload, manner)

    def trigger(self, user: str) -> str:
        """Return a fresh trigger_id, for payloads of one's own."""
        with self.lock:
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

    def wait_for_app(self, count: int = 1, within: float = 10.0) -> None:
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
        self.fault(kind, times=None)
        self.sockets.refusing = True
        self.sockets.hang_up()

    def come_back(self) -> None:
        """Be in order again, without any fault."""
        self.faults.clear()
        self.sockets.refusing = False

    # switches

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

    # what people see

    def messages(self, channel: str) -> list[Message]:
        """Return the messages everybody in a conversation sees, oldest first."""
        with self.lock:
            every = self.house.board.messages
            return [one for one in every if one.channel == channel and not one.is_ephemeral]

    def ephemerals(self, user: str) -> list[Message]:
        """Return the messages that `user` alone sees, oldest first."""
        with self.lock:
            return [one for one in self.house.board.messages if one.reader == user]

    def direct_messages(self, user: str) -> list[Message]:
        """Return what the bot wrote to `user` directly, oldest first."""
        return self.messages(f"D{user[1:]}")

    def seen_by(self, user: str) -> list[Message]:
        """Return every message shown to `user`, wherever, oldest first."""
        with self.lock:
            return [one for one in self.house.board.messages if can_see(self.house, user, one)]

    def stack(self, user: str) -> list[View]:
        """Return the modals that `user` has open, the one on top last."""
        with self.lock:
            return list(self.house.views.stack(user))

    def modal(self, user: str) -> View | None:
        """Return the modal that `user` has in front, None without one."""
        stack = self.stack(user)
        return stack[-1] if stack else None

    def home(self, user: str) -> View | None:
        """Return the Home tab as published to `user`, None before."""
        with self.lock:
            return self.house.views.homes.get(user)

    def shown(self, thing: View | Message, user: str) -> str:
        """Return what `user` reads in a view or message, as plain text; see `reading.shown`."""
        with self.lock:
            return reading.shown(self.house, thing, user)

    def calls(self, method: str = "") -> list[Call]:
        """Return the requests to one method of the Web API (all if empty), with arguments."""
        with self.lock:
            return [one for one in self.house.calls if method in ("", one.method)]

    @property
    def deliveries(self) -> list[Acted]:
        """Return everything that was sent to the app, oldest first, with what it answered."""
        return list(self.courier.delivered)

    @property
    def confirmed(self) -> list[Json]:
        """Return every confirm dialog that was asked: user, where, what was said, the dialog."""
        return list(self.house.confirmed)

    def until(self, look: Callable[[], Seen], within: float = 5.0) -> Seen:
        """Wait until `look` returns something true, and return that; TimeoutError after `within`.

        It looks again after every request of the app, so nothing has to sleep.
        """
        deadline = monotonic() + within
        # without the lock, so that `look` may be anything; hence now and then unasked, too
        while not (seen := look()):
            if monotonic() > deadline:
                raise TimeoutError(f"still {seen!r} after {within} s")
            with self._changed:
                self._changed.wait(0.05)
        return seen

    # the side door

    def meddle(self, what: str, given: Json) -> Json | None:
        """Do what `POST /_sandbox/{what}` asks; see `sandbox.slack.doors`."""
        return doors.meddle(self, what, given)

    def look(self, what: str, query: Mapping[str, str]) -> Json:
        """Show what `GET /_sandbox/{what}` asks for; see `sandbox.slack.doors`."""
        return doors.look(self, what, query)

    def state(self) -> Json:
        """Return everything a test in another process may want to see, as JSON."""
        with self.lock:
            return doors.state(self)
