"""What a person has in front of them: only what is really shown to them can be acted upon."""

from sandbox.answer import Json
from sandbox.slack.house import House
from sandbox.slack.inputs import Key, values_at_first
from sandbox.slack.messages import Message
from sandbox.slack.views import View
from sandbox.slack.workspace import BOT_USER

Where = str | Message
"""`"modal"`, `"home"`, a message, or the `ts` of one."""


def message_seen(house: House, user: str, where: Where) -> Message:
    """Return a message that is shown to a person; LookupError when it is not."""
    ts = where.ts if isinstance(where, Message) else where
    for message in house.board.messages:
        if message.ts == ts and can_see(house, user, message):
            return message
    raise LookupError(f"no message {ts} is shown to {user}")


def can_see(house: House, user: str, message: Message) -> bool:
    """Tell whether a message is shown to a person."""
    is_in = user in house.channel(message.channel).members
    return is_in and message.reader in ("", user)


def view_seen(house: House, user: str, where: str) -> View:
    """Return the modal on top or the Home tab of a person; LookupError when there is none."""
    if where == "home":
        home = house.views.homes.get(user)
        if home is None:
            raise LookupError(f"no Home tab was published to {user}")
        return home
    stack = house.views.stack(user)
    if not stack:
        raise LookupError(f"{user} has no modal open")
    return stack[-1]


def thing_seen(house: House, user: str, where: Where) -> View | Message:
    """Return the view or message that `where` means."""
    if where in ("modal", "home"):
        return view_seen(house, user, str(where))
    return message_seen(house, user, where)


def held(thing: View | Message, user: str, key: Key) -> Json | None:
    """Return the state of one element, None if it has none."""
    if isinstance(thing, View):
        return thing.values.get(key)
    at_first = values_at_first(thing.blocks, {})
    return thing.chosen.get((user, *key), at_first.get(key))


def hold(thing: View | Message, user: str, key: Key, state: Json) -> None:
    """Keep the state of one element."""
    if isinstance(thing, View):
        thing.values[key] = state
    else:
        thing.chosen[(user, *key)] = state


def channel_for(house: House, user: str, wanted: str | None) -> str:
    """Return where a person types: the channel asked for, else one they share with the bot."""
    if wanted is not None:
        channel = house.channel(wanted)
        if user not in channel.members:
            raise LookupError(f"{user} is not in {wanted}")
        return wanted
    for channel in house.workspace.channels.values():
        both = {user, BOT_USER} <= channel.members
        if both and not channel.is_archived:
            return channel.id
    return house.workspace.direct(user).id
