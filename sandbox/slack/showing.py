"""What tests look at in the Slack world: messages, modals, Home tabs, and what the app asked."""

from sandbox.answer import Json
from sandbox.slack import reading
from sandbox.slack.delivery.acted import Acted
from sandbox.slack.delivery.courier import Courier
from sandbox.slack.house import Call, House
from sandbox.slack.messages import Message
from sandbox.slack.seeing import can_see
from sandbox.slack.views import View


class Showing:
    """What people see and what the app asked for; part of `SlackWorld`."""

    house: House
    courier: Courier

    def messages(self, channel: str) -> list[Message]:
        """Return the messages everybody in a conversation sees, oldest first."""
        with self.house.lock:
            every = self.house.board.messages
            return [one for one in every if one.channel == channel and not one.is_ephemeral]

    def ephemerals(self, user: str) -> list[Message]:
        """Return the messages that `user` alone sees, oldest first."""
        with self.house.lock:
            return [one for one in self.house.board.messages if one.reader == user]

    def direct_messages(self, user: str) -> list[Message]:
        """Return what the bot wrote to `user` directly, oldest first."""
        return self.messages(f"D{user[1:]}")

    def seen_by(self, user: str) -> list[Message]:
        """Return every message shown to `user`, wherever, oldest first."""
        with self.house.lock:
            return [one for one in self.house.board.messages if can_see(self.house, user, one)]

    def stack(self, user: str) -> list[View]:
        """Return the modals that `user` has open, the one on top last."""
        with self.house.lock:
            return list(self.house.views.stack(user))

    def modal(self, user: str) -> View | None:
        """Return the modal that `user` has in front, None without one."""
        stack = self.stack(user)
        return stack[-1] if stack else None

    def home(self, user: str) -> View | None:
        """Return the Home tab as published to `user`, None before."""
        with self.house.lock:
            return self.house.views.homes.get(user)

    def shown(self, thing: View | Message, user: str) -> str:
        """Return what `user` reads in a view or message, as plain text; see `reading.shown`."""
        with self.house.lock:
            return reading.shown(self.house, thing, user)

    def calls(self, method: str = "") -> list[Call]:
        """Return the requests to one method of the Web API (all if empty), with arguments."""
        with self.house.lock:
            return [one for one in self.house.calls if method in ("", one.method)]

    @property
    def deliveries(self) -> list[Acted]:
        """Return everything that was sent to the app, oldest first, with what it answered."""
        return list(self.courier.delivered)

    @property
    def confirmed(self) -> list[Json]:
        """Return every confirm dialog that was asked: user, where, what was said, the dialog."""
        return list(self.house.confirmed)
