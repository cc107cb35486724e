"""Which methods there are, which scope each needs, whose token, and how often it may be called."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sandbox.answer import Json
from sandbox.slack.house import House
from sandbox.slack.web import chat, people, views
from sandbox.slack.web.arguments import Asked

Run = Callable[[House, Asked], Json]
TIERS: Mapping[int, int] = {1: 1, 2: 20, 3: 50, 4: 100, 5: 300}


@dataclass(frozen=True, slots=True)
class Method:
    """One method that takes the bot token.

    Scopes that depend on the conversation are asked for by the method itself.
    """

    run: Run
    scope: str
    tier: int

    @property
    def minute(self) -> int:
        """Return how many requests a minute are allowed."""
        return TIERS[self.tier]


METHODS: Mapping[str, Method] = {
    "auth.test": Method(people.auth_test, "", 5),
    "chat.postMessage": Method(chat.post_message, "chat:write", 5),
    "chat.postEphemeral": Method(chat.post_ephemeral, "chat:write", 4),
    "chat.update": Method(chat.update, "chat:write", 3),
    "chat.delete": Method(chat.delete, "chat:write", 3),
    "views.open": Method(views.open_view, "", 4),
    "views.push": Method(views.push, "", 4),
    "views.update": Method(views.update, "", 4),
    "views.publish": Method(views.publish, "", 4),
    "users.info": Method(people.users_info, "users:read", 4),
    "users.lookupByEmail": Method(people.lookup_by_email, "users:read.email", 3),
    "conversations.open": Method(people.conversations_open, "im:write", 3),
    "conversations.info": Method(people.conversations_info, "", 3),
    "conversations.list": Method(people.conversations_list, "", 2),
}
CONNECT = "apps.connections.open"
